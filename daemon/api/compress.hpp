#pragma once
// Answers made smaller on the way. Private to api.

#include <string>
#include <string_view>

namespace dprkwatch::api {

// Whether the value of an Accept-Encoding header takes gzip (RFC 9110 §12.5.3).
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);

// As a gzip member (RFC 1952); empty when zlib has no memory.
[[nodiscard]] std::string gzip(std::string_view bytes);

}  // namespace dprkwatch::api
