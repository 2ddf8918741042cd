#include "feed/draft.hpp"

#include <algorithm>
#include <charconv>

#include "feed/names.hpp"
#include "feed/url.hpp"

namespace dprkwatch::feed {
namespace {

constexpr std::size_t kMaxTags = 200;  // of one entry; each new one is compared with all

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_alphanumeric(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9');
}

// "&name;" or "&#…;" at `at`.
bool is_reference(std::string_view text, std::size_t at) noexcept {
  const std::size_t end = text.find(';', at);
  if (end == std::string_view::npos || end - at < 3 || end - at > 10) {
    return false;
  }
  std::string_view name = text.substr(at + 1, end - at - 1);
  if (name.front() == '#') {
    name.remove_prefix(1);
  }
  return std::ranges::all_of(name, is_alphanumeric);
}

bool is_mail(std::string_view text) noexcept {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find_first_of(" \t\n<>()") == std::string_view::npos;
}

std::string_view without_mailto(std::string_view text) noexcept {
  constexpr std::string_view kScheme = "mailto:";
  return text.size() > kScheme.size() && equals_ignoring_case(text.substr(0, kScheme.size()), kScheme)
             ? text.substr(kScheme.size())
             : text;
}

}  // namespace

std::optional<Time> Draft::date(std::string_view text) const {
  if (trimmed(text).empty()) {
    return std::nullopt;
  }
  const auto time = parse_date(text);
  if (!time) {
    warnings.add("invalid-date", position.line(), "'" + excerpt(text) + "' is not a possible date");
  }
  return time;
}

std::string Draft::quiet_url(std::string_view reference) const {
  std::string url = resolve_url(reference, position.base());
  if (!is_absolute_url(url)) {
    // No base at hand: what a feed links to is most often beside the page that it describes.
    url = resolve_url(url, feed.home_page_url);
  }
  return is_web_url(url) ? url : std::string{};
}

std::string Draft::web_url(std::string_view reference) const {
  if (trimmed(reference).empty()) {
    return {};
  }
  std::string url = quiet_url(reference);
  if (url.empty()) {
    warnings.add("unusable-link", position.line(), "'" + excerpt(reference) + "' is not a link to the web");
  }
  return url;
}

Text Draft::text(std::string_view value, bool is_html) const {
  if (is_html && is_double_escaped(value)) {
    warnings.add("double-escaped-html", position.line(), "the markup of a text is escaped twice");
  }
  return {std::string{value}, is_html, is_html ? std::string{position.base()} : std::string{}};
}

bool Draft::has_room() const {
  if (feed.entries.size() < limits.entries) {
    return true;
  }
  warnings.add("too-many-entries", position.line(),
               "entries after the first " + std::to_string(limits.entries) + " are left out");
  return false;
}

void add_tag(std::vector<std::string>& tags, std::string_view tag) {
  tag = trimmed(tag);
  if (!tag.empty() && tags.size() < kMaxTags && std::ranges::find(tags, tag) == tags.end()) {
    tags.emplace_back(tag);
  }
}

void add_tag_list(std::vector<std::string>& tags, std::string_view list) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    add_tag(tags, list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

Person parse_person(std::string_view text) {
  text = trimmed(text);
  for (const auto& [left, right] : {std::pair{'(', ')'}, std::pair{'<', '>'}}) {
    const std::size_t begin = text.rfind(left);
    if (begin == std::string_view::npos || !text.ends_with(right)) {
      continue;
    }
    const std::string_view inner = trimmed(text.substr(begin + 1, text.size() - begin - 2));
    const std::string_view outer = trimmed(text.substr(0, begin));
    if (is_mail(without_mailto(inner))) {
      return {std::string{outer}, std::string{without_mailto(inner)}, {}};
    }
    if (left == '(' && is_mail(without_mailto(outer))) {
      return {std::string{inner}, std::string{without_mailto(outer)}, {}};
    }
  }
  if (is_mail(without_mailto(text))) {
    return {{}, std::string{without_mailto(text)}, {}};
  }
  // "mail Name", without brackets.
  if (const std::size_t blank = text.find(' '); blank != std::string_view::npos && is_mail(text.substr(0, blank))) {
    return {std::string{trimmed(text.substr(blank))}, std::string{text.substr(0, blank)}, {}};
  }
  return {std::string{text}, {}, {}};
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  text = trimmed(text);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

std::string language_tag(std::string_view text) {
  std::string tag{trimmed(text)};
  std::ranges::replace(tag, '_', '-');
  const bool is_tag =
      tag.size() <= 35 && std::ranges::all_of(tag, [](char c) { return is_alphanumeric(c) || c == '-'; });
  return is_tag ? tag : std::string{};
}

bool looks_like_html(std::string_view text) noexcept {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const bool is_tag = at + 1 < text.size() && (is_letter(text[at + 1]) || text[at + 1] == '/' || text[at + 1] == '!');
    if (is_tag && text.find('>', at) != std::string_view::npos) {
      return true;
    }
    if (is_tag) {
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
  constexpr std::string_view kEscaped = "&lt;";
  const std::size_t begin = html.find(kEscaped);
  if (begin == std::string_view::npos || html.find("&gt;", begin) == std::string_view::npos) {
    return false;
  }
  // A known element right after it: prose writes "a &lt; b" as well.
  std::string_view rest = html.substr(begin + kEscaped.size());
  if (rest.starts_with('/')) {
    rest.remove_prefix(1);
  }
  const std::size_t length =
      static_cast<std::size_t>(std::ranges::find_if_not(rest.substr(0, 12), is_alphanumeric) - rest.begin());
  constexpr std::string_view kElements[] = {
      "p",    "br",      "div",     "a",      "img", "b",  "i",          "em",     "strong", "span",
      "ul",   "ol",      "li",      "h1",     "h2",  "h3", "blockquote", "figure", "table",  "u",
      "font", "section", "article", "center", "h4",  "h5", "h6",         "hr",     "sup",    "sub"};
  return std::ranges::any_of(kElements,
                             [&](std::string_view name) { return equals_ignoring_case(name, rest.substr(0, length)); });
}

}  // namespace dprkwatch::feed
