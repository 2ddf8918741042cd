#pragma once

#include <string>
#include <string_view>

namespace dprkwatch::article {

// Appends text to HTML, as content or as a double-quoted attribute value: markup escaped; valid UTF-8; control
// characters and those that reorder text left out.
void append_escaped_text(std::string_view text, std::string& out);
void append_escaped_value(std::string_view text, std::string& out);

// Plain text as HTML, with <br> for '\n'.
[[nodiscard]] std::string text_to_html(std::string_view text);

}  // namespace dprkwatch::article
