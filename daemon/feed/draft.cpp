#include "feed/draft.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

#include "feed/markup.hpp"
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

bool is_mail(std::string_view text) noexcept {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find_first_of(" \t\n<>()/:,;\"") == std::string_view::npos;
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
  // No URL holds "&amp;" but by being escaped twice.
  const bool is_escaped = reference.find("&amp;") != std::string_view::npos;
  std::string url = resolve_url(is_escaped ? unescape(reference) : std::string{reference}, position.base());
  // No base at hand: what a feed links to is most often beside the page that it describes, or beside itself.
  for (const std::string& base : {std::cref(feed.home_page_url), std::cref(feed.feed_url)}) {
    if (!is_absolute_url(url)) {
      url = resolve_url(url, base);
    }
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

Text Draft::text(std::string_view value, bool is_html, bool is_xhtml) const {
  std::string mended;
  if (mend_windows_1252(value, mended)) {
    warnings.add("windows-1252-character", position.line(), "controls are read as the characters of Windows-1252");
    value = mended;
  }
  Text text{std::string{value}, is_html, is_html ? std::string{position.base()} : std::string{}};
  if (is_html && !is_xhtml && is_double_escaped(value)) {
    warnings.add("double-escaped-html", position.line(), "the markup of a text is escaped twice");
    text.is_double_escaped = true;
  }
  return text;
}

Text Draft::plain_text(std::string_view value) const {
  Text plain = text(value, false);
  plain.is_literal = true;
  return plain;
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
  const auto unquoted = [](std::string_view name) {
    const bool is_quoted = name.size() > 1 && name.starts_with('"') && name.ends_with('"');
    return std::string{is_quoted ? trimmed(name.substr(1, name.size() - 2)) : name};
  };
  // "mail (Name)", where the name may have brackets of its own.
  if (const std::size_t begin = text.find('('); begin != std::string_view::npos && text.ends_with(')')) {
    if (const std::string_view mail = without_mailto(trimmed(text.substr(0, begin))); is_mail(mail)) {
      return {unquoted(trimmed(text.substr(begin + 1, text.size() - begin - 2))), std::string{mail}, {}};
    }
  }
  for (const auto& [left, right] : {std::pair{'(', ')'}, std::pair{'<', '>'}}) {
    const std::size_t begin = text.rfind(left);
    if (begin == std::string_view::npos || !text.ends_with(right)) {
      continue;
    }
    const std::string_view inner = trimmed(text.substr(begin + 1, text.size() - begin - 2));
    if (is_mail(without_mailto(inner))) {
      return {unquoted(trimmed(text.substr(0, begin))), std::string{without_mailto(inner)}, {}};
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

}  // namespace dprkwatch::feed
