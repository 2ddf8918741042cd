#include "feed/markup.hpp"

#include <algorithm>
#include <array>

#include "feed/encoding.hpp"
#include "feed/names.hpp"

namespace dprkwatch::feed {
namespace {

using std::string_view_literals::operator""sv;

// HTML §4, and the obsolete ones that are still met (§16.2).
constexpr std::array kElements = {
    "a"sv,        "abbr"sv,       "acronym"sv, "address"sv, "applet"sv,     "area"sv,   "article"sv,  "aside"sv,
    "audio"sv,    "b"sv,          "base"sv,    "big"sv,     "blockquote"sv, "body"sv,   "br"sv,       "button"sv,
    "canvas"sv,   "caption"sv,    "center"sv,  "cite"sv,    "code"sv,       "col"sv,    "colgroup"sv, "dd"sv,
    "del"sv,      "details"sv,    "dfn"sv,     "div"sv,     "dl"sv,         "dt"sv,     "em"sv,       "embed"sv,
    "fieldset"sv, "figcaption"sv, "figure"sv,  "font"sv,    "footer"sv,     "form"sv,   "h1"sv,       "h2"sv,
    "h3"sv,       "h4"sv,         "h5"sv,      "h6"sv,      "head"sv,       "header"sv, "hr"sv,       "html"sv,
    "i"sv,        "iframe"sv,     "img"sv,     "input"sv,   "ins"sv,        "kbd"sv,    "label"sv,    "legend"sv,
    "li"sv,       "link"sv,       "main"sv,    "map"sv,     "mark"sv,       "meta"sv,   "nav"sv,      "nobr"sv,
    "noscript"sv, "object"sv,     "ol"sv,      "option"sv,  "p"sv,          "param"sv,  "picture"sv,  "pre"sv,
    "q"sv,        "rp"sv,         "rt"sv,      "ruby"sv,    "s"sv,          "samp"sv,   "script"sv,   "section"sv,
    "select"sv,   "small"sv,      "source"sv,  "span"sv,    "strike"sv,     "strong"sv, "style"sv,    "sub"sv,
    "summary"sv,  "sup"sv,        "svg"sv,     "table"sv,   "tbody"sv,      "td"sv,     "textarea"sv, "tfoot"sv,
    "th"sv,       "thead"sv,      "time"sv,    "title"sv,   "tr"sv,         "track"sv,  "tt"sv,       "u"sv,
    "ul"sv,       "var"sv,        "video"sv,   "wbr"sv};
static_assert(std::ranges::is_sorted(kElements));

bool is_alphanumeric(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// The element whose name `text` begins with, in lower case; empty when HTML has none of that name.
std::string_view element_at(std::string_view text) noexcept {
  constexpr std::size_t kLongest = 10;
  std::array<char, kLongest + 1> lower{};
  std::size_t length = 0;
  while (length < text.size() && is_alphanumeric(text[length])) {
    if (length == kLongest) {
      return {};
    }
    const char c = text[length];
    lower[length++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::string_view name{lower.data(), length};
  const auto* found = std::ranges::lower_bound(kElements, name);
  return found != kElements.end() && *found == name ? *found : std::string_view{};
}

// "&name;" or "&#…;" at `at`.
bool is_reference(std::string_view text, std::size_t at) noexcept {
  const std::size_t end = text.substr(0, at + 12).find(';', at);
  if (end == std::string_view::npos || end - at < 3 || end - at > 10) {
    return false;
  }
  std::string_view name = text.substr(at + 1, end - at - 1);
  if (name.front() == '#') {
    name.remove_prefix(1);
  }
  return std::ranges::all_of(name, is_alphanumeric);
}

struct Reference {
  std::string_view text;
  char character;
};
constexpr std::array kReferences = {Reference{"&lt;", '<'},   Reference{"&gt;", '>'},   Reference{"&amp;", '&'},
                                    Reference{"&quot;", '"'}, Reference{"&#39;", '\''}, Reference{"&apos;", '\''}};

// From U+0080 on; those that Windows-1252 leaves open stay as they are.
constexpr std::array<char32_t, 32> kWindows1252 = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                                   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

// Where the next control U+0080 to U+009F is, from `at` on.
std::size_t find_c1_control(std::string_view text, std::size_t at) noexcept {
  for (at = text.find('\xC2', at); at != std::string_view::npos; at = text.find('\xC2', at + 1)) {
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xA0) {
      return at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

bool looks_like_html(std::string_view text) noexcept {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    std::string_view rest = text.substr(at + 1);
    if (rest.starts_with("!--")) {
      return true;
    }
    rest.remove_prefix(rest.starts_with('/') ? 1 : 0);
    if (!element_at(rest).empty()) {
      if (text.find('>', at) != std::string_view::npos) {
        return true;
      }
      break;
    }
  }
  int looked_at = 0;
  for (std::size_t at = text.find('&'); at != std::string_view::npos && looked_at < 64; at = text.find('&', at + 1)) {
    if (is_reference(text, at)) {
      return true;
    }
    ++looked_at;
  }
  return false;
}

bool is_double_escaped(std::string_view html) noexcept {
  if (html.find('<') != std::string_view::npos) {
    return false;
  }
  // A text about HTML names an element; one that uses it also ends it.
  constexpr std::string_view kEscaped = "&lt;";
  int looked_at = 0;
  for (std::size_t at = html.find(kEscaped); at != std::string_view::npos && looked_at < 16;
       at = html.find(kEscaped, at + kEscaped.size()), ++looked_at) {
    const std::string_view rest = html.substr(at + kEscaped.size());
    const std::string_view name = element_at(rest);
    if (name.empty() || rest.find("&gt;") == std::string_view::npos) {
      continue;
    }
    if (name == "br" || name == "img" || name == "hr") {
      return true;
    }
    constexpr std::string_view kEnding = "&lt;/";
    for (std::size_t end = rest.find(kEnding); end != std::string_view::npos;
         end = rest.find(kEnding, end + kEnding.size())) {
      if (element_at(rest.substr(end + kEnding.size())) == name) {
        return true;
      }
    }
  }
  return false;
}

std::string unescape(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto* found = std::ranges::find_if(kReferences, [&](const Reference& reference) {
      return text[at] == '&' && text.substr(at).starts_with(reference.text);
    });
    result += found == kReferences.end() ? text[at] : found->character;
    at += found == kReferences.end() ? 1 : found->text.size();
  }
  return result;
}

bool mend_windows_1252(std::string_view text, std::string& mended) {
  std::size_t at = find_c1_control(text, 0);
  if (at == std::string_view::npos) {
    return false;
  }
  mended.clear();
  std::size_t copied = 0;
  for (; at != std::string_view::npos; at = find_c1_control(text, copied)) {
    mended.append(text, copied, at - copied);
    append_utf8(mended, kWindows1252[static_cast<unsigned char>(text[at + 1]) - 0x80U]);
    copied = at + 2;
  }
  mended.append(text, copied);
  return true;
}

}  // namespace dprkwatch::feed
