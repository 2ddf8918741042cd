#pragma once
// What a value looks like: plain text, HTML, HTML that was escaped once too often, or bytes of Windows-1252.

#include <string>
#include <string_view>

namespace dprkwatch::feed {

// Has a tag of HTML or a character reference in it, so it was written as HTML.
[[nodiscard]] bool looks_like_html(std::string_view text) noexcept;

// HTML whose markup was escaped once more than it should: "&lt;p&gt;…&lt;/p&gt;" and no real tag.
[[nodiscard]] bool is_double_escaped(std::string_view html) noexcept;

// The five references of XML, and the apostrophe's number, as the characters that they stand for.
[[nodiscard]] std::string unescape(std::string_view text);

// The controls U+0080 to U+009F as the characters that Windows-1252 has in their place, which is what publishers mean
// by "&#146;" (HTML §13.2.5.80 does the same). Returns false, and leaves `mended` alone, when there are none.
[[nodiscard]] bool mend_windows_1252(std::string_view text, std::string& mended);

}  // namespace dprkwatch::feed
