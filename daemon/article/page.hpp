#pragma once
// An article's web page to its main content. Pure; safe to call from any thread.

#include <optional>
#include <string>
#include <string_view>

#include "clock/clock.hpp"

namespace dprkwatch::article {

// What a page says it holds. Anything may be empty: a page need not be an article.
struct Page {
  std::string title;     // plain text, one line, without the name of the site
  std::string text;      // plain text in the form of clean_text(), paragraphs divided by '\n', without the title
  std::string language;  // BCP 47 primary subtag
  std::optional<Time> published;
  std::optional<Time> modified;
  std::string canonical_url;  // absolute, or empty
};

// The bytes of a page as UTF-8, whatever they are labelled: byte order mark, charset of the HTTP answer, <meta> in the
// first 1024 bytes, in the order of WHATWG HTML §13.2.3.2; what cannot be read is replaced.
[[nodiscard]] std::string page_to_utf8(std::string_view bytes, std::string_view content_type);

// Reads a page (UTF-8) that came from `url`. Title, times and language: from JSON-LD (schema.org Article and its kinds), then
// OpenGraph and the other <meta> in use, then the page's elements. Text: the part of the page with the densest prose,
// within <article> or itemprop="articleBody" where there is one; JSON-LD's articleBody when the page's own elements
// hold less. Linear in the page's size; beyond 5 MiB it is cut.
[[nodiscard]] Page read_page(std::string_view html, std::string_view url);

}  // namespace dprkwatch::article
