#pragma once
// Sentences of a text. Private to rhetoric.

#include <cstddef>
#include <string_view>
#include <vector>

namespace dprkwatch::rhetoric {

struct Range {
  std::size_t begin = 0;  // bytes, on UTF-8 borders
  std::size_t end = 0;
};

// Splits by ICU's rules (Unicode UAX #29) within lines; not after abbreviations such as "U.S." or "Gen.", nor inside a
// quotation. Blanks around are left out; a sentence beyond 4,000 bytes is cut into pieces.
[[nodiscard]] std::vector<Range> sentences_of(std::string_view text);

}  // namespace dprkwatch::rhetoric
