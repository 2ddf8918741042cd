#include "article/html_escape.hpp"

#include <unicode/utf.h>

#include <algorithm>

#include "article/utf8.hpp"

namespace dprkwatch::article {
namespace {

constexpr bool is_unsafe(char32_t c) {
  return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || U_IS_UNICODE_NONCHAR(c);
}

void append_ascii(char c, bool is_value, std::string& out) {
  switch (c) {
    case '&':
      out += "&amp;";
      return;
    case '<':
      out += "&lt;";
      return;
    case '>':
      out += "&gt;";
      return;
    case '"':
      out += is_value ? "&quot;" : "\"";
      return;
    default:
      if (!is_unsafe(static_cast<unsigned char>(c))) out += c;
  }
}

void append_escaped(std::string_view text, bool is_value, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      append_ascii(text[at++], is_value, out);
    } else if (const auto c = next_code_point(text, at); c == 0x2028 || c == 0x2029) {
      out += '\n';
    } else if (!is_unsafe(c)) {
      append_code_point(c, out);
    }
  }
}

}  // namespace

void append_escaped_text(std::string_view text, std::string& out) {
  append_escaped(text, false, out);
}

void append_escaped_value(std::string_view text, std::string& out) {
  append_escaped(text, true, out);
}

std::string text_to_html(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    append_escaped_text(text.substr(0, end), html);
    if (end < text.size()) html += "<br>";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return html;
}

}  // namespace dprkwatch::article
