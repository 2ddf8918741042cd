#include "article/plain.hpp"

#include <algorithm>

#include "article/article.hpp"
#include "article/html_tokens.hpp"
#include "feed/markup.hpp"

namespace dprkwatch::article {
namespace {

constexpr bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// "&amp;", "&#8217;", "&#x2019;" at the beginning of `text`.
bool begins_with_reference(std::string_view text) {
  constexpr std::size_t kLongest = 10;
  std::size_t end = 1;
  if (end < text.size() && text[end] == '#') ++end;
  const auto begin = end;
  while (end < text.size() && end < kLongest && is_alphanumeric(text[end])) ++end;
  return end > begin + 1 && end < text.size() && text[end] == ';';
}

bool is_common_in_text(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_A:
    case GUMBO_TAG_B:
    case GUMBO_TAG_BR:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_FONT:
    case GUMBO_TAG_I:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_P:
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
    case GUMBO_TAG_U:
      return true;
    default:
      return false;
  }
}

// Whether what was declared to be plain text is HTML all the same: escaped once too often by its publisher. Nobody
// writes
// "&amp;" or "<b>" into a headline to be read so.
bool looks_like_html(std::string_view text) {
  for (auto at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    if (begins_with_reference(text.substr(at))) return true;
  }
  if (text.find('<') == std::string_view::npos) return false;
  HtmlTokens tokens(text);
  for (HtmlToken token; tokens.next(token);) {
    if (token.kind != HtmlToken::Kind::kText && is_common_in_text(token.tag)) return true;
  }
  return false;
}

}  // namespace

std::string markup_of(const feed::Text& text) {
  return text.is_double_escaped ? feed::unescape(text.value) : text.value;
}

std::string plain_text(const feed::Text& text) {
  if (text.is_double_escaped) return html_to_text(markup_of(text));
  return text.is_html || (!text.is_literal && looks_like_html(text.value)) ? html_to_text(text.value)
                                                                           : clean_text(text.value);
}

std::string plain_title(const feed::Text& title) {
  auto line = plain_text(title);
  std::ranges::replace(line, '\n', ' ');
  return line;
}

std::string plain_body(const feed::Entry& entry) {
  auto content = plain_text(entry.content);
  if (entry.summary.value.size() <= content.size()) return content;
  auto summary = plain_text(entry.summary);
  return summary.size() > content.size() ? summary : content;
}

void leave_out_title(std::string& text, std::string_view title) {
  if (title.empty() || text.size() <= title.size() || !text.starts_with(title)) return;
  if (text[title.size()] == '\n') text.erase(0, title.size() + 1);
}

}  // namespace dprkwatch::article
