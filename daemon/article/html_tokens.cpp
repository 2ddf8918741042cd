#include "article/html_tokens.hpp"

#include <algorithm>

namespace dprkwatch::article {
namespace {

constexpr unsigned kMostLiteralTags = 16;
constexpr auto kNowhere = std::string_view::npos;

constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}
constexpr bool ends_name(char c) {
  return is_blank(c) || c == '/' || c == '>';
}
constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// Elements whose content is not markup (WHATWG HTML §13.2.6). None of it is shown.
constexpr bool holds_raw_text(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_TITLE:
    case GUMBO_TAG_TEXTAREA:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_NOEMBED:
    case GUMBO_TAG_NOFRAMES:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool HtmlTokens::next(HtmlToken& token) {
  while (at_ < html_.size()) {
    const char first = html_[at_];
    const char second = at_ + 1 < html_.size() ? html_[at_ + 1] : '\0';
    const char third = at_ + 2 < html_.size() ? html_[at_ + 2] : '\0';
    if (first == '<' && is_letter(second)) return read_tag(token, HtmlToken::Kind::kStart, at_ + 1);
    if (first == '<' && second == '/' && is_letter(third)) return read_tag(token, HtmlToken::Kind::kEnd, at_ + 2);
    if (first == '<' && second == '!') {
      skip_declaration();
    } else if (first == '<' && (second == '?' || (second == '/' && third != '\0'))) {
      skip_past(">", at_ + 2);
    } else {
      read_text(token);
      return true;
    }
  }
  return false;
}

void HtmlTokens::read_text(HtmlToken& token) {
  const auto end = std::min(html_.find('<', at_ + 1), html_.size());
  token = {HtmlToken::Kind::kText, GUMBO_TAG_UNKNOWN, {}, html_.substr(at_, end - at_), {}};
  at_ = end;
}

// A tag cut off by the end of the document is no tag (§13.2.5.8, "eof-in-tag"); one of no known name was a '<' in the
// text ("x<y"). Each of these looks through the rest of the document, hence the bound.
bool HtmlTokens::read_tag(HtmlToken& token, HtmlToken::Kind kind, std::size_t name_begin) {
  auto name_end = name_begin;
  while (name_end < html_.size() && !ends_name(html_[name_end])) ++name_end;
  const auto end = end_of_tag(name_end);
  const auto name = html_.substr(name_begin, name_end - name_begin);
  const auto tag = gumbo_tagn_enum(name.data(), static_cast<unsigned>(name.size()));
  if (end == kNowhere) {
    if (unfinished_.empty()) unfinished_ = html_.substr(name_end);
    if (tag == GUMBO_TAG_UNKNOWN && literal_tags_++ < kMostLiteralTags) {
      read_text(token);
      return true;
    }
    at_ = html_.size();
    return false;
  }
  token = {kind, tag, name, {}, {}};
  if (kind == HtmlToken::Kind::kStart) token.attributes = html_.substr(name_end, end - name_end);
  at_ = end + 1;
  if (kind == HtmlToken::Kind::kStart && holds_raw_text(token.tag)) skip_raw_text(name);
  return true;
}

// Where the '>' of a tag stands. A quote matters only where a value begins.
std::size_t HtmlTokens::end_of_tag(std::size_t from) {
  bool value_begins = false;
  for (auto at = from; at < html_.size(); ++at) {
    const char c = html_[at];
    if (c == '>') return at;
    if (value_begins && (c == '"' || c == '\'')) {
      at = end_of_quoted(at);
    }
    value_begins = c == '=' || (value_begins && is_blank(c));
  }
  return kNowhere;
}

// The closing quote; where there is none in all the document, the opening one counts as a letter, so that a page with
// one bad attribute keeps its text. (A browser loses the rest of the page.)
std::size_t HtmlTokens::end_of_quoted(std::size_t from) {
  const char quote = html_[from];
  auto& none_from = quote == '"' ? no_double_quote_from_ : no_single_quote_from_;
  if (from + 1 >= none_from) return from;
  const auto end = html_.find(quote, from + 1);
  if (end != kNowhere) return end;
  none_from = from + 1;
  return from;
}

void HtmlTokens::skip_past(std::string_view mark, std::size_t from) {
  const auto end = from >= html_.size() ? kNowhere : html_.find(mark, from);
  at_ = end == kNowhere ? html_.size() : end + mark.size();
}

// Comments (§13.2.5.43), doctypes and what else begins with "<!".
void HtmlTokens::skip_declaration() {
  const auto rest = html_.substr(at_);
  if (!rest.starts_with("<!--")) return skip_past(">", at_ + 2);
  if (rest.starts_with("<!-->") || rest.starts_with("<!--->")) return skip_past(">", at_ + 4);
  for (auto end = html_.find("--", at_ + 4); end != kNowhere; end = html_.find("--", end + 1)) {
    const auto after = html_.substr(end + 2, 2);
    if (after.starts_with(">") || after == "!>") return skip_past(">", end + 2);
  }
  at_ = html_.size();
}

void HtmlTokens::skip_raw_text(std::string_view name) {
  for (auto end = html_.find("</", at_); end != kNowhere; end = html_.find("</", end + 2)) {
    const auto after = html_.substr(end + 2);
    if (after.size() <= name.size() || !ends_name(after[name.size()])) continue;
    if (std::ranges::equal(after.substr(0, name.size()), name, {}, lower, lower)) {
      at_ = end;  // the end tag is the next token
      return;
    }
  }
  at_ = html_.size();
}

bool next_attribute(std::string_view& rest, HtmlAttribute& attribute) {
  std::size_t at = 0;
  while (at < rest.size() && (is_blank(rest[at]) || rest[at] == '/')) ++at;
  if (at == rest.size()) return false;
  auto end = at + 1;  // a name may begin with '=' (§13.2.5.32)
  while (end < rest.size() && !ends_name(rest[end]) && rest[end] != '=') ++end;
  attribute = {rest.substr(at, end - at), {}};
  auto value = end;
  while (value < rest.size() && is_blank(rest[value])) ++value;
  if (value < rest.size() && rest[value] == '=') {
    do {
      ++value;
    } while (value < rest.size() && is_blank(rest[value]));
    const char quote = value < rest.size() ? rest[value] : '\0';
    const auto closing = quote == '"' || quote == '\'' ? rest.find(quote, value + 1) : kNowhere;
    if (closing != kNowhere) {
      attribute.value = rest.substr(value + 1, closing - value - 1);
      end = closing + 1;
    } else {
      end = value;
      while (end < rest.size() && !is_blank(rest[end])) ++end;
      attribute.value = rest.substr(value, end - value);
    }
  }
  rest.remove_prefix(end);
  return true;
}

bool is_void(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_AREA:
    case GUMBO_TAG_BASE:
    case GUMBO_TAG_BR:
    case GUMBO_TAG_COL:
    case GUMBO_TAG_EMBED:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_IMAGE:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_LINK:
    case GUMBO_TAG_META:
    case GUMBO_TAG_PARAM:
    case GUMBO_TAG_SOURCE:
    case GUMBO_TAG_TRACK:
    case GUMBO_TAG_WBR:
      return true;
    default:
      return false;
  }
}

std::string_view cut_html(std::string_view html) {
  if (html.size() <= kMostHtmlBytes) return html;
  auto end = kMostHtmlBytes;
  while (end > kMostHtmlBytes - 4 && (html[end] & 0xC0) == 0x80) --end;  // not within a character
  return html.substr(0, end);
}

std::string_view without_cdata_marks(std::string_view html, std::string& storage) {
  constexpr std::string_view kBegin = "<![CDATA[";
  constexpr std::string_view kEnd = "]]>";
  auto begin = html.find(kBegin);
  if (begin == kNowhere) return html;
  storage.assign(html.substr(0, begin));
  bool is_open = false;
  for (auto at = begin; at < html.size();) {
    const auto mark = is_open ? kEnd : kBegin;
    const auto next = std::min(html.find(mark, at), html.size());
    storage.append(html.substr(at, next - at));
    at = next + mark.size();
    is_open = !is_open;
  }
  return storage;
}

bool equals_ignoring_case(std::string_view a, std::string_view lower_case_b) {
  return std::ranges::equal(a, lower_case_b, {}, lower);
}

}  // namespace dprkwatch::article
