#pragma once
// Small operations on UTF-8 text that several steps need when they print what a feed said.

#include <string>
#include <string_view>

namespace dprkwatch::text {

// The longest prefix of at most `max_bytes` that ends on a UTF-8 border.
[[nodiscard]] std::string_view prefix(std::string_view text, std::size_t max_bytes) noexcept;

// The text itself, or a prefix with "…" so that both fit into `max_bytes` (at least 3).
[[nodiscard]] std::string shorten(std::string_view text, std::size_t max_bytes);

// Safe in a log line or on a terminal: control characters (C0, C1, DEL), line and paragraph separators and marks that
// change the direction of writing become \u{XX}; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace dprkwatch::text
