#pragma once
// Signatures of the Standard Webhooks specification, version v1 (symmetric): HMAC-SHA256 over "id.timestamp.body".

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clock/clock.hpp"
#include "result/result.hpp"

namespace dprkwatch::signature {

// RFC 4648 §4, in one line with its padding.
[[nodiscard]] std::string encode_base64(std::string_view bytes);

// The key's bytes from its text: "whsec_" + base64, or base64 alone. 24 to 64 bytes; the message never shows the text.
[[nodiscard]] Result<std::string> decode_secret(std::string_view text);

// The keys of a text that holds one secret or several, divided by blanks or line ends. While a secret is changed, the
// new one and the old one stand side by side, and a receiver that knows either accepts. Fails when one is wrong or none
// is there.
[[nodiscard]] Result<std::vector<std::string>> decode_secrets(std::string_view text);

// The value of the webhook-signature header for all keys, in their order: "v1,BASE64 v1,BASE64".
[[nodiscard]] std::string sign_with_each(const std::vector<std::string>& keys, std::string_view id,
                                         std::int64_t timestamp, std::string_view body);

// The value of the webhook-signature header: "v1,BASE64". `timestamp`: Unix seconds. `key`: bytes.
[[nodiscard]] std::string sign(std::string_view key, std::string_view id, std::int64_t timestamp,
                               std::string_view body);

// Whether one of the space-divided signatures of `header` is right and the timestamp within `tolerance` of `now`.
// Compares in constant time. The error says which of the two failed.
[[nodiscard]] Result<void> verify(std::string_view key, std::string_view id, std::string_view timestamp,
                                  std::string_view header, std::string_view body, Time now,
                                  std::chrono::seconds tolerance = std::chrono::minutes(5));

}  // namespace dprkwatch::signature
