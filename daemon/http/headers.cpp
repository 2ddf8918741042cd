#include "http/headers.hpp"

#include <strings.h>

namespace dprkwatch::http {

std::string_view header(const Headers& headers, std::string_view name) noexcept {
  for (const auto& [key, value] : headers) {
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0) return value;
  }
  return {};
}

}  // namespace dprkwatch::http
