#include "http/headers.hpp"

#include <curl/curl.h>
#include <strings.h>

namespace dprkwatch::http {

std::string_view header(const Headers& headers, std::string_view name) noexcept {
  for (const auto& [key, value] : headers) {
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0) return value;
  }
  return {};
}

std::optional<std::time_t> parse_http_date(std::string_view text) {
  // curl_getdate also reads bare numbers; each form of the standard begins with the name of a day.
  if (text.empty() || text.front() < 'A' || text.front() > 'Z') return std::nullopt;
  const std::time_t seconds = curl_getdate(std::string(text).c_str(), nullptr);
  if (seconds == -1) return std::nullopt;
  return seconds;
}

}  // namespace dprkwatch::http
