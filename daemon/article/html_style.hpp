#pragma once
// What little of CSS decides whether text is seen.

#include <optional>
#include <string_view>

namespace dprkwatch::article {

// Whether an inline style says `display: none` or `visibility: hidden`.
[[nodiscard]] bool style_hides(std::string_view style);

// The pixels of a declaration such as "width: 1px" in an inline style, or of an attribute such as "1".
[[nodiscard]] std::optional<int> pixels_in_style(std::string_view style, std::string_view property);
[[nodiscard]] std::optional<int> pixels_of(std::string_view length);

}  // namespace dprkwatch::article
