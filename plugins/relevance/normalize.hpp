#pragma once
// Text brought into the one form in which terms are looked up, with the way back to the original bytes.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dprkwatch::relevance {

// Lower case (Latin, Cyrillic), full-width forms as ASCII, every hyphen and run of blanks as one space, every single
// quotation mark as an apostrophe, invisible characters gone, line breaks kept as '\n'.
struct Normalized {
  std::string bytes;                    // UTF-8
  std::vector<std::uint32_t> origin;    // for each byte and the end: the original byte offset of its character
  std::vector<std::uint8_t> was_upper;  // for each byte: 1 when its character was a capital
};

// At most `max_bytes` of `text` are read. Bytes that are no UTF-8 become spaces. O(n).
[[nodiscard]] Normalized normalize(std::string_view text, std::size_t max_bytes);

enum class Script : std::uint8_t { kNone, kLatin, kDigit, kCyrillic, kHangul, kKana, kHan };

struct CodePoint {
  char32_t value = 0;
  std::size_t size = 1;  // bytes
};

// The character that begins at `at`; U+FFFD of size 1 when the bytes there are no UTF-8. In the header, as these three
// are called for every character of every article.
[[nodiscard]] inline CodePoint decode(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t offset) { return static_cast<unsigned char>(text[at + offset]); };
  const auto first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first >= 0xF5 || at + size > text.size()) return {0xFFFD, 1};
  char32_t value = first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {0xFFFD, 1};
    value = (value << 6) | (byte(i) & 0x3FU);
  }
  const char32_t least = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
  if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {0xFFFD, 1};
  return {value, size};
}

// The character that ends before `at`; value 0 and size 0 at the beginning.
[[nodiscard]] inline CodePoint decode_before(std::string_view text, std::size_t at) noexcept {
  if (at == 0) return {0, 0};
  std::size_t begin = at - 1;
  while (begin > 0 && at - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) --begin;
  return {decode(text, begin).value, at - begin};
}

// The writing system of a letter or digit; kNone for everything else.
[[nodiscard]] inline Script script_of(char32_t value) noexcept {
  const auto within = [value](char32_t first, char32_t last) { return value >= first && value <= last; };
  if (value < 0xC0) {
    if (within('a', 'z') || within('A', 'Z')) return Script::kLatin;
    return within('0', '9') ? Script::kDigit : Script::kNone;
  }
  if (within(0xAC00, 0xD7A3)) return Script::kHangul;
  if (value <= 0x24F) return Script::kLatin;
  if (within(0x400, 0x52F)) return Script::kCyrillic;
  if (within(0x1100, 0x11FF) || within(0x3130, 0x318F)) return Script::kHangul;
  if (within(0x3041, 0x30FF) && value != 0x30FB) return Script::kKana;  // not the middle dot
  if (within(0x3400, 0x9FFF) || within(0xF900, 0xFAFF)) return Script::kHan;
  return Script::kNone;
}

}  // namespace dprkwatch::relevance
