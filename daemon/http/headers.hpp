#pragma once
// Header fields of HTTP messages, in order, as server and client share them.

#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dprkwatch::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The value of the first header of that name, compared without case (RFC 9110 §5.1); "" when there is none.
[[nodiscard]] std::string_view header(const Headers& headers, std::string_view name) noexcept;

// A date of a header field in any of the three forms of RFC 9110 §5.6.7, as seconds since the epoch.
[[nodiscard]] std::optional<std::time_t> parse_http_date(std::string_view text);

}  // namespace dprkwatch::http
