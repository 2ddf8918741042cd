#pragma once
// The bytes of a document as UTF-8, whatever they are labelled and whatever they are.

#include <string>
#include <string_view>

#include "feed/warnings.hpp"

namespace dprkwatch::feed {

// UTF-8, either the caller's own bytes or a conversion of them.
struct Decoded {
  std::string converted;
  std::string_view original;
  bool is_converted = false;

  [[nodiscard]] std::string_view text() const noexcept { return is_converted ? std::string_view{converted} : original; }
};

// Picks the encoding in the order of RFC 7303 §3 (byte order mark, charset of the HTTP answer, XML declaration, UTF-8)
// and converts. What is labelled UTF-8 is passed on unseen: the parser checks it anyway. `bytes` must outlive the
// answer.
[[nodiscard]] Decoded decode(std::string_view bytes, std::string_view content_type, Warnings& warnings);

// For text that was taken for UTF-8 and is not: finds the true encoding, or replaces what cannot be read by U+FFFD.
[[nodiscard]] std::string mend_utf8(std::string_view bytes, Warnings& warnings);

// How many bytes at the beginning are valid UTF-8 (all of them, when it is).
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view bytes) noexcept;

// Valid UTF-8 without control characters.
[[nodiscard]] bool is_text(std::string_view bytes) noexcept;

// The value of a media type's charset parameter, or "".
[[nodiscard]] std::string_view charset_of(std::string_view content_type) noexcept;

// The code point in UTF-8.
void append_utf8(std::string& text, char32_t code_point);

}  // namespace dprkwatch::feed
