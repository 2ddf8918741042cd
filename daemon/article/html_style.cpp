#include "article/html_style.hpp"

#include <charconv>

#include "article/html_tokens.hpp"

namespace dprkwatch::article {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\r\f";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// The value of a property in "name: value; name: value"; without "!important".
std::string_view declared(std::string_view style, std::string_view property) {
  while (!style.empty()) {
    const auto end = style.find(';');
    const auto declaration = style.substr(0, end);
    style = end == std::string_view::npos ? std::string_view() : style.substr(end + 1);
    const auto colon = declaration.find(':');
    if (colon == std::string_view::npos) continue;
    if (!equals_ignoring_case(trimmed(declaration.substr(0, colon)), property)) continue;
    const auto value = declaration.substr(colon + 1);
    return trimmed(value.substr(0, value.find('!')));
  }
  return {};
}

}  // namespace

bool style_hides(std::string_view style) {
  return equals_ignoring_case(declared(style, "display"), "none") ||
         equals_ignoring_case(declared(style, "visibility"), "hidden");
}

std::optional<int> pixels_in_style(std::string_view style, std::string_view property) {
  return pixels_of(declared(style, property));
}

std::optional<int> pixels_of(std::string_view length) {
  length = trimmed(length);
  int pixels = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), pixels);
  if (error != std::errc()) return std::nullopt;
  const auto unit = length.substr(static_cast<std::size_t>(end - length.data()));
  if (!unit.empty() && !equals_ignoring_case(unit, "px")) return std::nullopt;
  return pixels;
}

}  // namespace dprkwatch::article
