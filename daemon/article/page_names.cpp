#include "article/page_names.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "article/html_tokens.hpp"

namespace dprkwatch::article {
namespace {

// Words that sites use in `class` and `id`, as whole words or, with '*', as beginnings. After Arc90's Readability, with
// those of Korean sites.
constexpr std::array kAside = std::to_array<std::string_view>({
    "ad",       "ads",      "advert*",    "banner*",     "breadcrumb*", "comment*",    "cookie*",  "copyright*",
    "disqus*",  "donat*",   "footer",     "hot",         "login*",      "menu*",       "modal*",   "most",
    "nav",      "navbar*",  "navigat*",   "newsletter*", "outbrain*",   "pagination*", "popular*", "popup*",
    "promo*",   "ranking*", "recommend*", "rel",         "related*",    "relation*",   "reply*",   "search*",
    "share*",   "sharing*", "sidebar*",   "sitemap*",    "sns",         "social*",     "sponsor*", "subscri*",
    "taboola*", "tag",      "tags",       "teaser*",     "toolbar*",    "trending*",   "widget*",  "reporter",
    "byline*",  "skip*",
});
constexpr std::array kArticle = std::to_array<std::string_view>({
    "article*",
    "body",
    "content*",
    "entry*",
    "main",
    "news",
    "post",
    "story*",
    "text",
    "view",
    "viewer",
});

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
constexpr bool is_letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}
constexpr bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

bool matches(std::string_view word, std::string_view pattern) {
  if (!pattern.ends_with('*')) return equals_ignoring_case(word, pattern);
  pattern.remove_suffix(1);
  return word.size() >= pattern.size() && equals_ignoring_case(word.substr(0, pattern.size()), pattern);
}

// Whether one of the words of "related-news" or "relatedNews" is in the list.
bool has_word(std::string_view name, std::span<const std::string_view> list) {
  for (std::size_t begin = 0; begin < name.size();) {
    if (!is_letter(name[begin])) {
      ++begin;
      continue;
    }
    auto end = begin + 1;
    while (end < name.size() && is_letter(name[end]) && !(is_capital(name[end]) && !is_capital(name[end - 1]))) ++end;
    const auto word = name.substr(begin, end - begin);
    if (std::ranges::any_of(list, [&](std::string_view pattern) { return matches(word, pattern); })) return true;
    begin = end;
  }
  return false;
}

// "has-sidebar" says of the page what it has, not of the element what it is.
bool tells_of_others(std::string_view name) {
  constexpr std::array<std::string_view, 6> kBeginnings = {"has-", "with-", "no-", "is-", "has_", "with_"};
  return std::ranges::any_of(kBeginnings, [&](std::string_view begin) { return name.starts_with(begin); });
}

struct Words {
  bool aside = false;
  bool article = false;
};

// One name of several words is of the aside if one word is: "article-share", "related-content".
void see_names(std::string_view names, Words& words) {
  constexpr std::string_view kBlanks = " \t\r\n\f";
  while (!names.empty()) {
    const auto name = names.substr(0, names.find_first_of(kBlanks));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    if (name.empty() || tells_of_others(name)) continue;
    const bool is_aside = has_word(name, kAside);
    words.aside |= is_aside;
    words.article |= !is_aside && has_word(name, kArticle);
  }
}

}  // namespace

NamedAs named_as(const GumboNode& element) {
  if (element.v.element.attributes.length == 0) return NamedAs::kNothing;
  if (equals_ignoring_case(attribute_of(element, "itemprop"), "articlebody")) return NamedAs::kArticle;
  const auto role = attribute_of(element, "role");
  for (const auto* aside : {"navigation", "complementary", "banner", "contentinfo", "search", "dialog"}) {
    if (equals_ignoring_case(role, aside)) return NamedAs::kAside;
  }
  Words words;
  see_names(attribute_of(element, "class"), words);
  see_names(attribute_of(element, "id"), words);
  if (words.aside == words.article) return NamedAs::kNothing;
  return words.aside ? NamedAs::kAside : NamedAs::kArticle;
}

}  // namespace dprkwatch::article
