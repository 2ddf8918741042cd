#include "text/text.hpp"

#include <unicode/utf8.h>

#include <array>
#include <cstdio>

namespace dprkwatch::text {
namespace {

// What must not reach a terminal, a log or a chat message as it is: controls, and the bidirectional marks with which a
// text can show itself in another order than it has (CVE-2021-42574).
bool is_unsafe(UChar32 c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0x061c || c == 0x200e ||
         c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

}  // namespace

std::string_view prefix(std::string_view text, std::size_t max_bytes) noexcept {
  if (text.size() <= max_bytes) return text;
  auto end = static_cast<std::int32_t>(max_bytes);
  U8_SET_CP_START(reinterpret_cast<const std::uint8_t*>(text.data()), 0, end);
  return text.substr(0, static_cast<std::size_t>(end));
}

std::string shorten(std::string_view text, std::size_t max_bytes) {
  constexpr std::string_view kEllipsis = "…";
  if (text.size() <= max_bytes) return std::string(text);
  return std::string(prefix(text, max_bytes - kEllipsis.size())) + std::string(kEllipsis);
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int64_t>(text.size());
  for (std::int64_t at = 0; at < size;) {
    const std::int64_t begin = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (c < 0) {
      result += "\xEF\xBF\xBD";
    } else if (is_unsafe(c)) {
      std::array<char, 16> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\u{%X}", static_cast<unsigned>(c));
      result += escaped.data();
    } else {
      result += text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin));
    }
  }
  return result;
}

}  // namespace dprkwatch::text
