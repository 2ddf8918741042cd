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

// The character that begins at `at`; U+FFFD of size 1 when the bytes there are no UTF-8.
[[nodiscard]] CodePoint decode(std::string_view text, std::size_t at) noexcept;

// The character that ends before `at`; value 0 and size 0 at the beginning.
[[nodiscard]] CodePoint decode_before(std::string_view text, std::size_t at) noexcept;

// The writing system of a letter or digit; kNone for everything else.
[[nodiscard]] Script script_of(char32_t value) noexcept;

}  // namespace dprkwatch::relevance
