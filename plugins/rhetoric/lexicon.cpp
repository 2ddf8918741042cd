#include "rhetoric/lexicon.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace dprkwatch::rhetoric {
namespace {

constexpr std::array<std::string_view, kSigns> kNames{
    "force",  "consequence", "readiness", "capability", "weapon", "deadline",   "insult",    "accusation", "condition",
    "future", "negation",    "history",   "elsewhere",  "offer",  "concession", "restraint", "speech"};

// Words are looked up by their first three bytes: short enough for every open entry, long enough to be few.
constexpr std::size_t kPrefix = 3;

std::optional<Sign> sign_of(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Sign>(found - kNames.begin());
}

std::vector<std::string_view> split(std::string_view text, char divider) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(divider);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::size_t character_size(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

bool word_fits(const std::string& pattern, bool open, const std::string& word) {
  return open ? word.starts_with(pattern) : word == pattern;
}

bool overlaps(const std::vector<Hit>& hits, const Hit& hit) {
  return std::any_of(hits.begin(), hits.end(), [&](const Hit& other) {
    return other.sign == hit.sign && other.begin < hit.end && hit.begin < other.end;
  });
}

}  // namespace

Lexicon::Lexicon(std::string_view file) {
  std::size_t number = 0;
  for (const std::string_view line : split(file, '\n')) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const auto fields = split(line, '\t');
    const auto sign = sign_of(fields.front());
    if (!sign || fields.size() < 3 || fields[2].empty()) {
      throw std::runtime_error("lexicon line " + std::to_string(number) + ": expected sign, language, phrase, gloss");
    }
    const bool anywhere = fields[1] == "ko" || fields[1] == "ja" || fields[1] == "zh";
    if (anywhere) {
      Fragment fragment{std::string(fields[2]), fields.size() > 3 ? std::string(fields[3]) : std::string(), *sign};
      const std::string key =
          fragment.text.substr(0, character_size(static_cast<unsigned char>(fragment.text.front())));
      by_first_character_[key].push_back(std::move(fragment));
      continue;
    }
    Phrase phrase;
    phrase.sign = *sign;
    for (std::string_view word : split(fields[2], ' ')) {
      const bool open = word.ends_with('*');
      if (open) word.remove_suffix(1);
      phrase.words.emplace_back(word);
      phrase.open.push_back(open);
    }
    by_first_letters_[phrase.words.front().substr(0, kPrefix)].push_back(std::move(phrase));
  }
  // Longest first: "military action" before "action".
  for (auto& [key, phrases] : by_first_letters_) {
    std::stable_sort(phrases.begin(), phrases.end(),
                     [](const Phrase& a, const Phrase& b) { return a.words.size() > b.words.size(); });
  }
  for (auto& [key, fragments] : by_first_character_) {
    std::stable_sort(fragments.begin(), fragments.end(),
                     [](const Fragment& a, const Fragment& b) { return a.text.size() > b.text.size(); });
  }
}

std::vector<Hit> Lexicon::find(std::string_view sentence, const std::vector<Word>& words) const {
  std::vector<Hit> hits;
  const auto add = [&](const Hit& hit) {
    if (!overlaps(hits, hit)) hits.push_back(hit);
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto found = by_first_letters_.find(words[i].text.substr(0, kPrefix));
    if (found == by_first_letters_.end()) continue;
    for (const Phrase& phrase : found->second) {
      if (i + phrase.words.size() > words.size()) continue;
      bool fits = true;
      for (std::size_t j = 0; fits && j < phrase.words.size(); ++j) {
        fits = word_fits(phrase.words[j], phrase.open[j], words[i + j].text);
      }
      if (fits) add({phrase.sign, words[i].begin, words[i + phrase.words.size() - 1].end, {}});
    }
  }
  for (std::size_t at = 0; at < sentence.size();) {
    const std::size_t size = character_size(static_cast<unsigned char>(sentence[at]));
    if (size > 1) {
      const auto found = by_first_character_.find(std::string(sentence.substr(at, size)));
      if (found != by_first_character_.end()) {
        for (const Fragment& fragment : found->second) {
          if (sentence.substr(at).starts_with(fragment.text)) {
            add({fragment.sign, at, at + fragment.text.size(), fragment.gloss});
          }
        }
      }
    }
    at += size;
  }
  return hits;
}

}  // namespace dprkwatch::rhetoric
