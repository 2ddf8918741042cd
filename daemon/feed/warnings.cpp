#include "feed/warnings.hpp"

#include <algorithm>

namespace dprkwatch::feed {
namespace {

constexpr std::ptrdiff_t kKeptOfOneCode = 3;
constexpr std::size_t kExcerptBytes = 60;

}  // namespace

void Warnings::add(std::string_view code, std::size_t line, std::string message) {
  if (std::ranges::count(kept_, code, &Warning::code) < kKeptOfOneCode) {
    kept_.push_back({std::string{code}, line == 0 ? 0 : line + first_line_ - 1, std::move(message)});
  }
}

bool Warnings::has(std::string_view code) const noexcept {
  return std::ranges::find(kept_, code, &Warning::code) != kept_.end();
}

std::string excerpt(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool starts_character = (byte & 0xC0) != 0x80;
    if (result.size() >= kExcerptBytes && starts_character) {
      return result + "…";
    }
    result += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return result;
}

}  // namespace dprkwatch::feed
