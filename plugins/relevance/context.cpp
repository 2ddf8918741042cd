#include "relevance/context.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "relevance/features.hpp"

namespace dprkwatch::relevance {
namespace {

constexpr std::size_t kWindowWords = 4;
constexpr std::size_t kPairBytes = 6;  // two Hangul syllables or Han characters

std::uint64_t mix(std::uint64_t hash, std::string_view bytes) {
  constexpr std::uint64_t kPrime = 0x100000001b3ULL;  // FNV-1a
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * kPrime;
  return hash;
}

struct Window {
  std::array<std::string_view, kWindowWords> words;  // nearest first
  std::size_t count = 0;

  void add(std::string_view word) {
    if (count < kWindowWords) words[count++] = word;
  }
};

bool is_wide(Script script) {
  return script == Script::kHangul || script == Script::kHan || script == Script::kKana;
}

// The word or pair of characters that begins at `at`.
std::size_t word_end(std::string_view bytes, std::size_t at) {
  const Script first = script_of(decode(bytes, at).value);
  std::size_t end = at;
  while (end < bytes.size()) {
    const CodePoint point = decode(bytes, end);
    const Script script = script_of(point.value);
    if (script == Script::kNone || is_wide(script) != is_wide(first)) break;
    end += point.size;
    if (is_wide(first) && end - at >= kPairBytes) break;
  }
  return end;
}

Window words_after(std::string_view bytes, std::size_t at) {
  Window window;
  while (at < bytes.size() && window.count < kWindowWords && bytes[at] != '\n') {
    const CodePoint point = decode(bytes, at);
    if (script_of(point.value) == Script::kNone) {
      at += point.size;
      continue;
    }
    const std::size_t end = word_end(bytes, at);
    window.add(bytes.substr(at, end - at));
    at = end;
  }
  return window;
}

Window words_before(std::string_view bytes, std::size_t at) {
  Window window;
  std::size_t end = at;
  while (end > 0 && window.count < kWindowWords) {
    const CodePoint point = decode_before(bytes, end);
    if (point.value == '\n') break;
    const Script last = script_of(point.value);
    std::size_t begin = end - point.size;
    if (last == Script::kNone) {
      end = begin;
      continue;
    }
    while (begin > 0 && !(is_wide(last) && end - begin >= kPairBytes)) {
      const CodePoint before = decode_before(bytes, begin);
      const Script script = script_of(before.value);
      if (script == Script::kNone || is_wide(script) != is_wide(last)) break;
      begin -= before.size;
    }
    window.add(bytes.substr(begin, end - begin));
    end = begin;
  }
  return window;
}

class Counter {
 public:
  void add(char side, std::string_view first, std::string_view second) {
    constexpr std::uint64_t kStart = 0xcbf29ce484222325ULL;
    std::uint64_t hash = mix(kStart, {&side, 1});
    hash = mix(mix(mix(hash, first), "\x1f"), second);
    hash ^= hash >> 29;
    places_.push_back(static_cast<std::uint16_t>(hash & (kHashSize - 1)));
  }

  [[nodiscard]] std::vector<std::pair<std::uint16_t, float>> unit_vector() {
    std::sort(places_.begin(), places_.end());
    std::vector<std::pair<std::uint16_t, float>> made;
    for (const std::uint16_t place : places_) {
      if (!made.empty() && made.back().first == place) continue;  // presence, not count
      made.emplace_back(place, 1.0F);
    }
    const float length = std::sqrt(static_cast<float>(made.size()));
    for (auto& [place, value] : made) value /= length;
    return made;
  }

 private:
  std::vector<std::uint16_t> places_;
};

}  // namespace

std::vector<std::pair<std::uint16_t, float>> hash_context(const Scan& scan, const Terms& terms) {
  Counter counter;
  std::size_t looked_at = 0;
  for (const Mention& mention : scan.mentions) {
    if (terms[mention.term].role != Role::kNorth) continue;
    if (++looked_at > kMaxContexts) break;
    const std::string_view bytes = mention.in_title ? scan.title.bytes : scan.text.bytes;
    const Window before = words_before(bytes, mention.begin);
    const Window after = words_after(bytes, mention.end);
    for (std::size_t i = 0; i < before.count; ++i) counter.add('<', before.words[i], "");
    for (std::size_t i = 0; i < after.count; ++i) counter.add('>', after.words[i], "");
    if (before.count > 1) counter.add('(', before.words[1], before.words[0]);
    if (after.count > 1) counter.add(')', after.words[0], after.words[1]);
    if (before.count > 0 && after.count > 0) counter.add('|', before.words[0], after.words[0]);
  }
  return counter.unit_vector();
}

}  // namespace dprkwatch::relevance
