#include "rhetoric/subject.hpp"

#include <algorithm>
#include <array>

namespace dprkwatch::rhetoric {
namespace {

constexpr std::array<std::string_view, 24> kReferences{
    "he",        "she",        "they",       "it",       "statement", "spokesman",  "spokeswoman", "spokesperson",
    "official",  "officials",  "ministry",   "agency",   "newspaper", "commentary", "article",     "report",
    "editorial", "department", "government", "minister", "diplomat",  "envoy",      "leader",      "general"};

constexpr std::array<std::string_view, 22> kGoesOn{"그는",     "그녀는",   "이들은",   "그들은", "통신은",   "신문은",
                                                   "방송은",   "매체는",   "담화는",   "성명은", "논평은",   "사설은",
                                                   "대변인은", "당국자는", "관계자는", "이어",   "그러면서", "또",
                                                   "또한",     "아울러",   "다만",     "특히"};

// What stands between a name and its particle.
constexpr std::array<std::string_view, 22> kOffices{
    "대통령", "총리",    "장관",     "차관",   "부부장", "부장", "위원장", "부위원장", "국무위원장", "외무상", "국방상",
    "부상",   "제1부상", "총참모장", "대변인", "대사",   "대표", "의장",   "사령관",   "당국",       "당국자", "정부"};

constexpr std::array<std::string_view, 2> kTopic{"은", "는"};
constexpr std::array<std::string_view, 4> kSubject{"은", "는", "이", "가"};

template <std::size_t N>
bool ends_with_any(std::string_view word, const std::array<std::string_view, N>& endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return word.size() > ending.size() && word.ends_with(ending); });
}

bool starts_with_office(std::string_view word) {
  return std::any_of(kOffices.begin(), kOffices.end(),
                     [&](std::string_view office) { return word.starts_with(office); });
}

// The run of letters without a blank that begins at `at`, or goes on there.
std::string_view run_from(std::string_view sentence, std::size_t at) {
  const auto end = sentence.find_first_of(" ,\n", at);
  return sentence.substr(at, end == std::string_view::npos ? end : end - at);
}

bool any_begins_before(const std::vector<Mention>& mentions, std::size_t end) {
  return std::any_of(mentions.begin(), mentions.end(), [&](const Mention& mention) { return mention.begin < end; });
}

}  // namespace

bool speaker_is_referred_to(const std::vector<Word>& words, const std::vector<Mention>& mentions, std::size_t verb) {
  constexpr std::size_t kBeside = 4;  // words: "a North Korean foreign ministry official said" names its speaker
  std::size_t i = 0;
  while (i < words.size() && words[i].begin < verb) ++i;
  if (i == 0 || i == words.size()) return false;
  if (std::find(kReferences.begin(), kReferences.end(), words[i - 1].text) == kReferences.end()) return false;
  const std::size_t from = words[i - std::min(i, kBeside)].begin;
  return std::none_of(mentions.begin(), mentions.end(),
                      [&](const Mention& mention) { return mention.end > from && mention.begin < verb; });
}

const Mention* topic_of(std::string_view sentence, const std::vector<Mention>& mentions,
                        const std::function<bool(std::size_t)>& quoted) {
  for (const Mention& mention : mentions) {
    if (quoted(mention.begin)) continue;
    // The particle follows the name, or the office behind it: "박정천 총참모장은".
    const std::string_view name = run_from(sentence, mention.end);
    const std::size_t next = mention.end + name.size() + 1;
    const bool direct = std::find(kTopic.begin(), kTopic.end(), name) != kTopic.end();
    const std::string_view office_word = next < sentence.size() ? run_from(sentence, next) : std::string_view();
    const bool office = name.empty() && ends_with_any(office_word, kTopic) && starts_with_office(office_word);
    if (direct || office) return &mention;
  }
  return nullptr;
}

bool speaker_goes_on(std::string_view sentence, const std::vector<Mention>& mentions,
                     const std::function<bool(std::size_t)>& quoted) {
  constexpr std::size_t kSyllable = 3;  // bytes
  const std::string_view first = run_from(sentence, 0);
  bool goes_on = std::find(kGoesOn.begin(), kGoesOn.end(), first) != kGoesOn.end();
  if (!goes_on && first.size() == kSyllable && static_cast<unsigned char>(first.front()) >= 0xea &&
      first.size() + 1 < sentence.size()) {
    const std::string_view office = run_from(sentence, first.size() + 1);
    goes_on = ends_with_any(office, kSubject) && !any_begins_before(mentions, first.size() + 1 + office.size());
  }
  return goes_on && topic_of(sentence, mentions, quoted) == nullptr;
}

}  // namespace dprkwatch::rhetoric
