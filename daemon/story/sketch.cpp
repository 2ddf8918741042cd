#include <algorithm>
#include <limits>

#include "story/story.hpp"

namespace dprkwatch::story {
namespace {

constexpr std::size_t kRun = 4;             // words of a shingle
constexpr std::size_t kMaxShingles = 1500;  // a text's first ones; a longer one is known by its beginning
constexpr std::size_t kFewWords = 24;       // a text of fewer takes its title in
constexpr std::size_t kShort = 20;          // shingles: a text of fewer has too little to be known by a part
constexpr std::size_t kNote = 100;          // and one of fewer is easily made of the formulas of its kind
constexpr double kShortEqual = 0.9;         // docs/method.md has the measurements
constexpr double kNoteOverlap = 0.72;
constexpr double kCopyOverlap = 0.6;

std::uint64_t mix(std::uint64_t value) {  // splitmix64
  value += 0x9E3779B97F4A7C15ULL;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31U);
}

std::uint64_t hash_of(std::string_view word) {  // FNV-1a
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return hash;
}

// A character of scripts that put no blank between words.
bool is_unspaced(std::uint32_t code) {
  const bool hangul = code >= 0xAC00 && code <= 0xD7A3;
  return code >= 0x2E80 && !hangul;
}

bool is_punctuation(std::uint32_t code) {
  return (code >= 0x2000 && code <= 0x206F) || (code >= 0x3000 && code <= 0x303F) ||
         (code >= 0xFF00 && code <= 0xFF0F) || (code >= 0xA0 && code <= 0xBF);
}

// Length of the UTF-8 character at the start of `text`, and its code point; a wrong byte is one character.
std::size_t next_code(std::string_view text, std::uint32_t& code) {
  const auto lead = static_cast<unsigned char>(text[0]);
  std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (length > text.size()) length = 1;
  code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return length;
}

struct Word {
  std::uint64_t hash = 0;
  bool number = false;  // begins with a digit
};

// The words: runs of letters and digits, ASCII in lower case; each character of unspaced scripts.
void append_words(std::string_view text, std::vector<Word>& words) {
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) words.push_back({hash_of(word), word[0] >= '0' && word[0] <= '9'});
    word.clear();
  };
  while (!text.empty() && words.size() < kMaxShingles + kRun) {
    std::uint32_t code = 0;
    const std::size_t length = next_code(text, code);
    const char c = text[0];
    if (code < 0x80) {
      if (c >= 'A' && c <= 'Z') {
        word += static_cast<char>(c - 'A' + 'a');
      } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        word += c;
      } else if (c != '\'') {
        finish();
      }
    } else if (is_punctuation(code)) {
      if (code != 0x2019) finish();
    } else if (is_unspaced(code)) {
      finish();
      words.push_back({hash_of(text.substr(0, length)), false});
    } else {
      word += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  finish();
}

}  // namespace

Sketch sketch_of(std::string_view title, std::string_view text) {
  std::vector<Word> words;
  append_words(text, words);
  if (words.size() < kFewWords) append_words(title, words);
  Sketch sketch;
  for (const Word& word : words) {
    sketch.form = mix(sketch.form ^ (word.number ? 1 : word.hash));
    if (word.number) sketch.numbers = mix(sketch.numbers ^ word.hash);
  }
  const std::size_t run = std::min(kRun, std::max<std::size_t>(1, words.size()));
  for (std::size_t i = 0; i + run <= words.size(); ++i) {
    std::uint64_t hash = 0;
    for (std::size_t j = i; j < i + run; ++j) hash = mix(hash ^ words[j].hash);
    sketch.shingles.push_back(static_cast<std::uint32_t>(hash >> 32U));
  }
  std::sort(sketch.shingles.begin(), sketch.shingles.end());
  sketch.shingles.erase(std::unique(sketch.shingles.begin(), sketch.shingles.end()), sketch.shingles.end());
  sketch.minima.fill(std::numeric_limits<std::uint32_t>::max());
  for (const std::uint32_t shingle : sketch.shingles) {
    for (std::size_t i = 0; i < kMinima; ++i) {
      // Multiply-shift with odd constants: pairwise independent enough, and two instructions.
      const std::uint64_t factor = (0x9E3779B97F4A7C15ULL * (2 * i + 1)) | 1U;
      const auto value = static_cast<std::uint32_t>((shingle * factor + factor * i) >> 32U);
      sketch.minima[i] = std::min(sketch.minima[i], value);
    }
  }
  return sketch;
}

double overlap_of(const Sketch& a, const Sketch& b) {
  std::size_t common = 0;
  auto at = a.shingles.begin();
  for (const std::uint32_t shingle : b.shingles) {
    while (at != a.shingles.end() && *at < shingle) ++at;
    if (at == a.shingles.end()) break;
    common += *at == shingle ? 1 : 0;
  }
  const std::size_t smaller = std::min(a.shingles.size(), b.shingles.size());
  return smaller == 0 ? 0 : static_cast<double>(common) / static_cast<double>(smaller);
}

bool are_copies(const Sketch& a, const Sketch& b) {
  if (a.form == b.form && a.numbers != b.numbers) return false;
  const std::size_t smaller = std::min(a.shingles.size(), b.shingles.size());
  const std::size_t larger = std::max(a.shingles.size(), b.shingles.size());
  const double overlap = overlap_of(a, b);
  if (smaller < kShort)
    return overlap >= kShortEqual && static_cast<double>(smaller) >= kShortEqual * static_cast<double>(larger);
  return overlap >= (smaller < kNote ? kNoteOverlap : kCopyOverlap);
}

}  // namespace dprkwatch::story
