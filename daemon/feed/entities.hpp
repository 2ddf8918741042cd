#pragma once
#include <optional>
#include <string_view>

namespace dprkwatch::feed {

// The character that an HTML entity stands for: "nbsp" is U+00A0. Names are case-sensitive.
[[nodiscard]] std::optional<char32_t> named_character(std::string_view name) noexcept;

}  // namespace dprkwatch::feed
