#include "article/links.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "article/html_tokens.hpp"
#include "article/html_tree.hpp"
#include "article/url.hpp"

namespace dprkwatch::article {
namespace {

constexpr std::size_t kMostLinks = 64;
constexpr std::string_view kBlank = " \t\r\n\f";

constexpr bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return result;
}

// "Application/RSS+XML; charset=utf-8" is "application/rss+xml".
std::string media_type(std::string_view type) {
  return lower(trim(type.substr(0, type.find(';'))));
}

// rel is a list of words (HTML §4.6.7).
bool has_word(std::string_view words, std::string_view wanted) {
  while (!(words = trim(words)).empty()) {
    const auto end = std::min(words.find_first_of(kBlank), words.size());
    if (equals_ignoring_case(words.substr(0, end), wanted)) return true;
    words.remove_prefix(end);
  }
  return false;
}

std::optional<LinkHint> hint_of_type(std::string_view type) {
  constexpr std::array kFeeds = std::to_array<std::string_view>(
      {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
       "application/x.atom+xml", "application/x-atom+xml", "application/rss", "text/rss", "text/rss+xml", "text/atom",
       "text/atom+xml", "text/rdf"});
  constexpr std::array kShared = std::to_array<std::string_view>({"application/xml", "text/xml", "application/json"});
  if (std::ranges::find(kFeeds, type) != kFeeds.end()) return LinkHint::kDeclared;
  if (std::ranges::find(kShared, type) != kShared.end()) return LinkHint::kPossible;
  return std::nullopt;
}

std::optional<LinkHint> hint_of(std::string_view rel, std::string_view type) {
  if (has_word(rel, "feed") || has_word(rel, "service.feed")) return LinkHint::kDeclared;  // the latter: Blogger of old
  return has_word(rel, "alternate") ? hint_of_type(type) : std::nullopt;
}

// Whether one of the words of an address behind its host is one that feeds are called by.
bool is_named_like_a_feed(std::string_view url) {
  constexpr std::array kNames = std::to_array<std::string_view>(
      {"rss", "rss1", "rss2", "atom", "feed", "feeds", "rdf", "xml", "feedburner", "rssfeed", "rssfeeds"});
  const auto host = url.find("//");
  url.remove_prefix(std::min(url.find('/', host == std::string_view::npos ? 0 : host + 2), url.size()));
  while (!url.empty()) {
    const auto begin = std::ranges::find_if(url, is_alphanumeric);
    const auto end = std::find_if_not(begin, url.end(), is_alphanumeric);
    const std::string word = lower(std::string_view(begin, end));
    if (std::ranges::find(kNames, word) != kNames.end()) return true;
    url.remove_prefix(static_cast<std::size_t>(end - url.begin()));
  }
  return false;
}

// What has been found, each address once, under its best hint.
class Links {
 public:
  void add(FeedLink link) {
    link.url.erase(std::min(link.url.find('#'), link.url.size()));
    if (link.url.empty() || (!link.url.starts_with("http://") && !link.url.starts_with("https://"))) return;
    const auto same = std::ranges::find(found_, link.url, &FeedLink::url);
    if (same == found_.end()) {
      if (found_.size() < kMostLinks) found_.push_back(std::move(link));
    } else if (link.hint < same->hint) {
      *same = std::move(link);
    }
  }
  [[nodiscard]] std::vector<FeedLink> take() {
    std::ranges::stable_sort(found_, {}, &FeedLink::hint);
    return std::move(found_);
  }

 private:
  std::vector<FeedLink> found_;
};

// The first <base> with an address counts (HTML §4.2.3).
std::string base_of(const GumboNode& root, std::string_view url) {
  TreeWalk walk(root);
  for (TreeWalk::Step step; walk.next(step);) {
    if (step.is_leaving || !is_element(*step.node) || step.node->v.element.tag != GUMBO_TAG_BASE) continue;
    const std::string_view href = attribute_of(*step.node, "href");
    if (trim(href).empty()) continue;
    const std::string base = resolve_link(href, url, LinkUse::kImage);
    return base.empty() ? std::string(url) : base;
  }
  return std::string(url);
}

void read_element(const GumboNode& element, std::string_view base, Links& links) {
  const GumboTag tag = element.v.element.tag;
  if (tag != GUMBO_TAG_LINK && tag != GUMBO_TAG_A && tag != GUMBO_TAG_AREA) return;
  const std::string_view href = attribute_of(element, "href");
  if (trim(href).empty()) return;
  FeedLink link{{}, media_type(attribute_of(element, "type")), std::string(trim(attribute_of(element, "title"))), {}};
  auto hint = hint_of(attribute_of(element, "rel"), link.type);
  if (!hint && tag != GUMBO_TAG_LINK) {
    if (hint_of_type(link.type) == LinkHint::kDeclared) hint = LinkHint::kDeclared;
    if (!hint && is_named_like_a_feed(resolve_link(href, base, LinkUse::kImage))) hint = LinkHint::kNamed;
  }
  if (!hint) return;
  link.url = resolve_link(href, base, LinkUse::kImage);
  link.hint = *hint;
  links.add(std::move(link));
}

// A parameter's value, quoted or not; moves past it.
std::string take_value(std::string_view& rest) {
  std::string value;
  if (!rest.starts_with('"')) {
    const auto end = std::min(rest.find_first_of(";,"), rest.size());
    value = trim(rest.substr(0, end));
    rest.remove_prefix(end);
    return value;
  }
  std::size_t at = 1;
  for (; at < rest.size() && rest[at] != '"'; ++at) {
    if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
    value += rest[at];
  }
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return value;
}

struct LinkValue {
  std::string target;
  std::string rel;
  std::string type;
  std::string title;
  bool has_anchor = false;  // it speaks of another document
};

// One link-value of RFC 8288 §3; of a parameter given twice the first counts. False at the end.
bool next_link_value(std::string_view& rest, LinkValue& value) {
  value = {};
  const auto begin = rest.find('<');
  const auto end = begin == std::string_view::npos ? begin : rest.find('>', begin);
  if (end == std::string_view::npos) return false;
  value.target = rest.substr(begin + 1, end - begin - 1);
  rest.remove_prefix(end + 1);
  while (!(rest = trim(rest)).empty() && rest.front() == ';') {
    rest.remove_prefix(1);
    const auto name_end = std::min(rest.find_first_of("=;,"), rest.size());
    const std::string name = lower(trim(rest.substr(0, name_end)));
    rest.remove_prefix(name_end);
    std::string text;
    if (rest.starts_with('=')) {
      rest = trim(rest.substr(1));
      text = take_value(rest);
    }
    if (name == "rel" && value.rel.empty())
      value.rel = std::move(text);
    else if (name == "type" && value.type.empty())
      value.type = media_type(text);
    else if (name == "title" && value.title.empty())
      value.title = std::move(text);
    else if (name == "anchor")
      value.has_anchor = true;
  }
  return true;
}

}  // namespace

std::vector<FeedLink> find_feed_links(std::string_view html, std::string_view url) {
  const auto tree = HtmlTree::parse(cut_html(html));
  if (!tree) return {};
  const std::string base = base_of(tree->root(), url);
  Links links;
  TreeWalk walk(tree->root());
  for (TreeWalk::Step step; walk.next(step);) {
    if (!step.is_leaving && is_element(*step.node)) read_element(*step.node, base, links);
  }
  return links.take();
}

std::vector<FeedLink> read_link_header(std::string_view value, std::string_view url) {
  Links links;
  for (LinkValue link; next_link_value(value, link);) {
    const auto hint = hint_of(link.rel, link.type);
    if (!hint || link.has_anchor) continue;
    links.add({resolve_link(link.target, url, LinkUse::kImage), link.type, link.title, *hint});
  }
  return links.take();
}

}  // namespace dprkwatch::article
