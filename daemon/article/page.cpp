#include "article/page.hpp"

#include <algorithm>
#include <array>

#include "article/article.hpp"
#include "article/html_tokens.hpp"
#include "article/html_tree.hpp"
#include "article/language.hpp"
#include "article/page_content.hpp"
#include "article/page_metadata.hpp"
#include "article/plain.hpp"
#include "article/url.hpp"
#include "feed/encoding.hpp"
#include "feed/feed.hpp"

namespace dprkwatch::article {
namespace {

constexpr auto kNowhere = std::string_view::npos;

// What sites put between the title of an article and their own name.
constexpr std::array<std::string_view, 9> kDividers = {
    " | ", " - ", " \u2013 ", " \u2014 ", " :: ", " : ", " < ", " \u00AB ", " \u00B7 "};

std::string one_line(std::string_view text) {
  return plain_title({std::string(text), false, ""});
}

// "Title - The Site" without what follows the last divider, or the name where it is known.
std::string without_site_name(std::string title, std::string_view site_name) {
  for (const auto divider : kDividers) {
    const auto at = title.rfind(divider);
    if (at == kNowhere || at == 0) continue;
    if (!site_name.empty() && std::string_view(title).substr(at + divider.size()) == site_name) {
      return title.substr(0, at);
    }
  }
  return title;
}

// A <title> tells the title from the site only by length: the longer part is the title. Korean sites write the way to
// the page behind it, with '<'.
std::string title_in_document_title(const std::string& document_title) {
  if (const auto at = document_title.find(" < "); at != kNowhere && at > 0) return document_title.substr(0, at);
  for (const auto divider : kDividers) {
    const auto at = document_title.rfind(divider);
    if (at != kNowhere && at > document_title.size() - at - divider.size()) return document_title.substr(0, at);
  }
  return document_title;
}

std::string title_of(const PageMetadata& metadata, const GumboNode& root) {
  const auto site_name = one_line(metadata.site_name);
  auto title = without_site_name(one_line(metadata.title), site_name);
  if (!title.empty() && title != site_name) return title;
  if (auto heading = one_line(main_heading(root)); !heading.empty()) return heading;
  const auto document_title = without_site_name(one_line(metadata.document_title), site_name);
  return title_in_document_title(document_title);
}

// Lines that papers put under every article.
bool is_imprint(std::string_view line) {
  constexpr std::array<std::string_view, 5> kBeginnings = {"\u24D2", "\u00A9", "Copyright", "(c) ", "저작권자"};
  constexpr std::array<std::string_view, 4> kParts = {"무단전재", "무단 전재", "재배포 금지", "재배포금지"};
  constexpr std::size_t kLongest = 240;
  if (line.size() > kLongest) return false;
  while (!line.empty() && std::string_view("[<( ").find(line.front()) != kNowhere) line.remove_prefix(1);
  return std::ranges::any_of(kBeginnings, [&](std::string_view begin) { return line.starts_with(begin); }) ||
         std::ranges::any_of(kParts, [&](std::string_view part) { return line.find(part) != kNowhere; });
}

void leave_out_imprint(std::string& text) {
  while (!text.empty()) {
    const auto begin = text.rfind('\n') + 1;  // 0 when there is one line
    if (!is_imprint(std::string_view(text).substr(begin))) return;
    text.erase(begin == 0 ? 0 : begin - 1);
  }
}

// JSON-LD's articleBody has no paragraphs on most sites, and is a cut beginning on some; it serves where the page's
// elements hold less.
std::string text_of(const PageMetadata& metadata, const GumboNode& root) {
  auto text = main_text(root);
  const auto body = plain_text({metadata.body, false, ""});
  const bool is_cut = body.ends_with("...") || body.ends_with("\u2026");
  if (is_cut ? text.empty() : body.size() > text.size() + text.size() / 4) text = body;
  leave_out_imprint(text);
  return text;
}

// Korean papers print the time beside a label and nowhere else. It is Korean time.
std::optional<Time> labelled_time(std::string_view shown) {
  constexpr std::array<std::string_view, 5> kLabels = {"입력", "등록", "승인", "작성", "게재"};
  constexpr std::size_t kFurthest = 20'000;
  constexpr std::size_t kLongestDate = 40;
  shown = shown.substr(0, kFurthest);
  for (const auto label : kLabels) {
    for (auto at = shown.find(label); at != kNowhere; at = shown.find(label, at + label.size())) {
      auto rest = shown.substr(at + label.size());
      const auto digit = rest.find_first_of("0123456789");
      if (digit == kNowhere || digit > 8) continue;
      rest = rest.substr(digit, kLongestDate);
      const auto date = rest.substr(0, rest.find_first_not_of("0123456789.-/: "));
      for (const auto* zone : {" +0900", ""}) {
        auto last = date.find_last_of("0123456789");
        if (last == kNowhere) break;
        if (const auto time = feed::parse_date(std::string(date.substr(0, last + 1)) + zone)) return time;
      }
    }
  }
  return std::nullopt;
}

// The encoding that a <meta> declares near the beginning of a page; "" when none does.
std::string declared_charset(std::string_view bytes) {
  constexpr std::size_t kPrescan = 1024;
  const std::string beginning(bytes.substr(0, kPrescan));
  const auto tree = HtmlTree::parse(beginning);
  if (!tree) return {};
  TreeWalk walk(tree->root());
  for (TreeWalk::Step step; walk.next(step);) {
    if (!is_element(*step.node) || step.node->v.element.tag != GUMBO_TAG_META) continue;
    if (const auto charset = attribute_of(*step.node, "charset"); !charset.empty()) return std::string(charset);
    if (const auto charset = feed::charset_of(attribute_of(*step.node, "content")); !charset.empty()) {
      return std::string(charset);
    }
  }
  return {};
}

}  // namespace

std::string page_to_utf8(std::string_view bytes, std::string_view content_type) {
  std::string type(content_type);
  if (feed::charset_of(content_type).empty()) {
    const std::string charset = declared_charset(bytes);
    // A page that can be prescanned as ASCII is not in UTF-16, whatever it says.
    if (!charset.empty()) type = "text/html; charset=" + (charset.starts_with("utf-16") ? "utf-8" : charset);
  }
  feed::Warnings warnings;
  const feed::Decoded decoded = feed::decode(bytes, type, warnings);
  const std::string_view text = decoded.text();
  return feed::valid_utf8_prefix(text) == text.size() ? std::string(text) : feed::mend_utf8(text, warnings);
}

Page read_page(std::string_view html, std::string_view url) {
  Page page;
  html = cut_html(html);
  const auto tree = HtmlTree::parse(html);
  if (!tree) {
    page.text = html_to_text(html);
    page.language = guess_language(page.text);
    return page;
  }
  auto metadata = read_metadata(tree->root());
  page.title = title_of(metadata, tree->root());
  page.text = text_of(metadata, tree->root());
  leave_out_title(page.text, page.title);
  page.language = language_of(metadata.language, page.text.size() > page.title.size() ? page.text : page.title);
  page.published = metadata.published ? metadata.published : labelled_time(shown_text(tree->root()));
  page.modified = metadata.modified;
  page.canonical_url = metadata.canonical_url.empty() ? "" : resolve_link(metadata.canonical_url, url, LinkUse::kPage);
  return page;
}

}  // namespace dprkwatch::article
