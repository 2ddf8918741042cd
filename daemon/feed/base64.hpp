#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace dprkwatch::feed {

// Base64 (RFC 4648 §4) with blanks between the characters and padding optional; nothing when another character occurs.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace dprkwatch::feed
