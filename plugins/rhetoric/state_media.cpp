#include "rhetoric/state_media.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace dprkwatch::rhetoric {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

struct Named {
  std::string_view code;
  std::size_t begin = 0;
};

bool starts_with_any(const std::string& word, std::initializer_list<std::string_view> list) {
  return std::any_of(list.begin(), list.end(), [&](std::string_view stem) { return word.starts_with(stem); });
}

bool is_any(const std::string& word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// The place where people live is no party: "Koreans in Japan".
bool is_residence(const std::vector<Word>& words, const Mention& mention) {
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (words[i].begin == mention.begin) {
      return words[i - 1].text == "in" && is_any(words[i - 2].text, {"koreans", "compatriots", "citizens", "korean"});
    }
  }
  return false;
}

// Sure epithets of an adversary, as if it were named.
std::string_view code_of_epithet(const std::vector<Word>& words, std::size_t i) {
  const std::string& word = words[i].text;
  const std::string_view next = i + 1 < words.size() ? std::string_view(words[i + 1].text) : std::string_view();
  if (starts_with_any(word, {"puppet", "traitor", "chongwadae"}) || is_any(word, {"myung", "bak", "lee"})) return "ROK";
  if (word == "warmongers" || word == "rat" || word == "rats") return "ROK";
  if (word == "south" && !next.starts_with("sea") && !next.starts_with("hwanghae") && !next.starts_with("phyongan") &&
      !next.starts_with("hamgyong") && !next.starts_with("africa")) {
    return "ROK";
  }
  if (word == "imperialists" || word == "yankees" || word == "washington") return "USA";
  return {};
}

std::vector<Named> adversaries(const std::vector<Word>& words, const std::vector<Mention>& mentions) {
  std::vector<Named> named;
  for (const Mention& mention : mentions) {
    const std::string& code = mention.actor->code;
    if ((code == "USA" || code == "ROK" || code == "JPN") && !is_residence(words, mention)) {
      named.push_back({code, mention.begin});
    }
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view code = code_of_epithet(words, i);
    if (!code.empty()) named.push_back({code, words[i].begin});
  }
  std::stable_sort(named.begin(), named.end(), [](const Named& a, const Named& b) { return a.begin < b.begin; });
  return named;
}

// Where the other side is said to speak or act.
std::size_t contempt_at(const std::vector<Word>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i].text;
    const std::string_view next = i + 1 < words.size() ? std::string_view(words[i + 1].text) : std::string_view();
    const bool verb =
        starts_with_any(word, {"bluster", "trumpet", "vociferat", "clamor", "clamour", "prattl", "blare"}) ||
        ((word == "let" || word == "letting") && next == "loose") ||
        ((word == "cried" || word == "crying") && next == "out") ||
        ((word == "reeling" || word == "reeled") && next == "off") || (word == "combat" && next == "rule") ||
        (word == "rampage") || (word == "dared" && next == "to");
    const bool remarks = is_any(word, {"bellicose", "belligerent", "provocative", "reckless", "confrontational"}) &&
                         (next == "remarks" || next == "outbursts" || next == "remark");
    const bool lengths = word == "went" && next == "the" && i + 2 < words.size() && words[i + 2].text == "lengths";
    if (verb || remarks || lengths) return words[i].begin;
  }
  return kNowhere;
}

// What the outlet's own side will do to the other: such a sentence is its own threat, whatever else it tells.
bool threatens(const std::vector<Word>& words, std::size_t before) {
  for (const Word& word : words) {
    if (word.begin >= before) return false;
    if (starts_with_any(word.text, {"punish", "pardon", "wipe", "retaliat", "annihilat", "dpr", "kpa"})) return true;
  }
  return false;
}

// Without a name: what the words speak of.
std::string_view guess(const std::vector<Word>& words) {
  for (const Word& word : words) {
    if (starts_with_any(word.text, {"reunif", "anti-reunif", "compatriot", "countrymen", "regime", "scum", "yonphyong",
                                    "cheonan", "conservative", "fratricid"}) ||
        is_any(word.text, {"group", "dignity", "gangsters", "inter"})) {
      return "ROK";
    }
  }
  for (const Word& word : words) {
    if (starts_with_any(word.text, {"imperialis", "aggress"}) || word.text == "hostile") return "USA";
  }
  return {};
}

}  // namespace

Direction state_media_direction(const std::vector<Word>& words, const std::vector<Mention>& mentions,
                                const std::string& recent) {
  const auto named = adversaries(words, mentions);
  const std::size_t contempt = contempt_at(words);
  if (contempt != kNowhere && !threatens(words, std::min(contempt, named.empty() ? kNowhere : named.front().begin))) {
    // Who is named first speaks; the nearest name before a verb may only be an ally.
    if (!named.empty()) return {std::string(named.front().code), "DPRK"};
    return {recent.empty() ? "ROK" : recent, "DPRK"};
  }
  if (!named.empty()) return {"DPRK", std::string(named.front().code)};
  if (!recent.empty()) return {"DPRK", recent};
  const std::string_view guessed = guess(words);
  return {"DPRK", guessed.empty() ? "NONE" : std::string(guessed)};
}

}  // namespace dprkwatch::rhetoric
