#pragma once
// Code points in UTF-8 text.

#include <unicode/utf8.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace dprkwatch::article {

// The code point at `at`, which moves past it. Each maximal part of an invalid sequence is one U+FFFD, as in browsers
// (WHATWG Encoding §4.1).
inline char32_t next_code_point(std::string_view text, std::size_t& at) {
  auto index = static_cast<std::int64_t>(at);
  const auto length = static_cast<std::int64_t>(text.size());
  UChar32 c = 0;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"  // inside ICU's macro
  U8_NEXT_OR_FFFD(text.data(), index, length, c);
#pragma GCC diagnostic pop
  at = static_cast<std::size_t>(index);
  return static_cast<char32_t>(c);
}

// Appends a code point that is no surrogate.
inline void append_code_point(char32_t c, std::string& out) {
  const auto byte = [](char32_t bits) { return static_cast<char>(static_cast<unsigned char>(bits)); };
  const auto trail = [&](unsigned shift) { return byte(0x80U | ((c >> shift) & 0x3FU)); };
  if (c < 0x80) {
    out += byte(c);
  } else if (c < 0x800) {
    out += {byte(0xC0U | (c >> 6U)), trail(0)};
  } else if (c < 0x10000) {
    out += {byte(0xE0U | (c >> 12U)), trail(6), trail(0)};
  } else {
    out += {byte(0xF0U | (c >> 18U)), trail(12), trail(6), trail(0)};
  }
}

}  // namespace dprkwatch::article
