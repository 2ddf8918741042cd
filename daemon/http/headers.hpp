#pragma once
// Header fields of HTTP messages, in order, as server and client share them.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dprkwatch::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The value of the first header of that name, compared without case (RFC 9110 §5.1); "" when there is none.
[[nodiscard]] std::string_view header(const Headers& headers, std::string_view name) noexcept;

}  // namespace dprkwatch::http
