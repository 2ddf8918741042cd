#include "feed/repair_tag.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace dprkwatch::feed {
namespace {

constexpr std::size_t kMaxAttributes = 512;  // of one tag; the reader takes fewer

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool is_name_character(char c) noexcept {
  return is_name_start(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

std::size_t skip_blanks(std::string_view in, std::size_t at) noexcept {
  while (at < in.size() && is_blank(in[at])) {
    ++at;
  }
  return at;
}

// The end of a quoted value that begins after the quote at `at`. A quote that never closes, or closes only behind
// another tag, is taken to close at the next blank or '>'.
std::size_t end_of_quoted(std::string_view in, std::size_t at) noexcept {
  const char quote = in[at];
  std::size_t closing = at + 1;
  bool saw_tag = false;
  bool saw_end = false;
  for (; closing < in.size() && in[closing] != quote; ++closing) {
    saw_tag = saw_tag || in[closing] == '<';
    saw_end = saw_end || in[closing] == '>';
  }
  const bool closes = closing < in.size() && !(saw_tag && saw_end);
  return closes ? closing : std::min(in.find_first_of(" \t\r\n>", at + 1), in.size());
}

// One attribute as it stands in the document.
struct RawAttribute {
  std::string_view name;
  std::size_t value_begin = 0;
  std::size_t value_end = 0;
  std::size_t end = 0;
};

RawAttribute read_attribute(std::string_view in, std::size_t at) noexcept {
  RawAttribute attribute;
  const std::size_t begin = at;
  while (at < in.size() && !is_blank(in[at]) && in[at] != '=' && in[at] != '>' && in[at] != '/' && in[at] != '<' &&
         in[at] != '"' && in[at] != '\'') {
    ++at;
  }
  attribute.name = in.substr(begin, at - begin);
  attribute.value_begin = attribute.value_end = attribute.end = at;
  const std::size_t sign = skip_blanks(in, at);
  if (sign >= in.size() || in[sign] != '=') {
    attribute.end = std::max(at, begin + 1);  // a lone quote or sign is passed over
    if (attribute.name.empty() && at < in.size() && (in[at] == '"' || in[at] == '\'')) {
      const std::size_t end = end_of_quoted(in, at);
      attribute.end = end < in.size() && in[end] == in[at] ? end + 1 : end;
    }
    return attribute;
  }
  at = skip_blanks(in, sign + 1);
  if (at < in.size() && (in[at] == '"' || in[at] == '\'')) {
    attribute.value_begin = at + 1;
    attribute.value_end = end_of_quoted(in, at);
    const bool is_closed = attribute.value_end < in.size() && in[attribute.value_end] == in[at];
    attribute.end = attribute.value_end + (is_closed ? 1 : 0);
    return attribute;
  }
  attribute.value_begin = at;
  while (at < in.size() && !is_blank(in[at]) && in[at] != '>' && in[at] != '<') {
    ++at;
  }
  // "<a href=x/>": the slash belongs to the tag.
  const bool is_tag_slash = at < in.size() && in[at] == '>' && at > attribute.value_begin && in[at - 1] == '/';
  attribute.value_end = attribute.end = at - (is_tag_slash ? 1 : 0);
  return attribute;
}

bool is_name(std::string_view name) noexcept {
  return !name.empty() && is_name_start(name.front()) && std::ranges::all_of(name, is_name_character);
}

}  // namespace

bool is_name_start(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}

std::size_t end_of_name(std::string_view in, std::size_t at) noexcept {
  while (at < in.size() && is_name_character(in[at])) {
    ++at;
  }
  return at;
}

std::size_t find_tag_end(std::string_view in, std::size_t at) noexcept {
  while (at < in.size()) {
    if (is_blank(in[at]) || in[at] == '/') {
      ++at;
    } else if (in[at] == '>' || in[at] == '<') {
      return at;
    } else {
      at = read_attribute(in, at).end;
    }
  }
  return std::string_view::npos;
}

bool copy_attributes(std::string_view in, std::size_t at, std::size_t tag_end, const Mender& mender) {
  std::vector<std::size_t> seen;  // hashes: a tag may bring thousands
  bool is_self_closing = false;
  const std::string_view tag = in.substr(0, tag_end + 1);
  while (at < tag_end) {
    if (is_blank(in[at]) || in[at] == '/') {
      is_self_closing = in[at] == '/' && at + 1 == tag_end;
      ++at;
      continue;
    }
    const RawAttribute attribute = read_attribute(tag, at);
    const std::size_t begin = at;
    at = attribute.end;
    if (!is_name(attribute.name) || seen.size() >= kMaxAttributes) {
      mender.warn("bad-attribute", begin, "an attribute that XML does not allow is left out");
      continue;
    }
    const std::size_t hash = std::hash<std::string_view>{}(attribute.name);
    if (std::ranges::find(seen, hash) != seen.end()) {
      mender.warn("duplicate-attribute", begin, "'" + excerpt(attribute.name) + "' is there twice; the first counts");
      continue;
    }
    seen.push_back(hash);
    const bool is_quoted = attribute.value_begin > 0 && attribute.value_end < in.size() &&
                           (in[attribute.value_begin - 1] == '"' || in[attribute.value_begin - 1] == '\'') &&
                           in[attribute.value_end] == in[attribute.value_begin - 1];
    if (!is_quoted) {
      mender.warn("bad-attribute", begin, "the value of '" + excerpt(attribute.name) + "' is not in quotes");
    }
    mender.out += ' ';
    mender.out += attribute.name;
    mender.out += "=\"";
    mender.copy_text(in.substr(attribute.value_begin, attribute.value_end - attribute.value_begin),
                     attribute.value_begin, true);
    mender.out += '"';
  }
  return is_self_closing;
}

}  // namespace dprkwatch::feed
