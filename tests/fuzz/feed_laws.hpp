#pragma once
// What holds for every feed that was read, whatever it was read from.

#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>

#include "article/article.hpp"
#include "feed/encoding.hpp"
#include "feed/feed.hpp"
#include "feed/url.hpp"

namespace dprkwatch::fuzz {

inline void require(bool holds, const char* law) {
  if (!holds) {
    std::fprintf(stderr, "broken: %s\n", law);
    std::abort();
  }
}

// Small, so that a few bytes reach them.
inline feed::Limits small_limits() {
  feed::Limits limits;
  limits.text_bytes = 4096;
  limits.entries = 50;
  limits.depth = 32;
  return limits;
}

inline void check_entry(const feed::Entry& entry, const feed::Limits& limits) {
  for (const std::string_view url : {std::string_view{entry.url}, std::string_view{entry.image}}) {
    require(url.empty() || feed::is_web_url(url), "links are to the web");
  }
  for (const std::string_view text : {std::string_view{entry.title.value}, std::string_view{entry.summary.value},
                                      std::string_view{entry.content.value}, std::string_view{entry.id}}) {
    require(feed::valid_utf8_prefix(text) == text.size(), "text is UTF-8");
    // A character of Windows-1252 has two bytes before it is mended and at most three after.
    require(text.size() <= limits.text_bytes / 2 * 3, "no text is longer than the limit");
  }
}

inline void check_feed(feed::Feed& feed, const feed::Limits& limits) {
  require(!feed.format.empty(), "a feed has a format");
  require(feed.entries.size() <= limits.entries, "no more entries than the limit");
  require(feed.home_page_url.empty() || feed::is_web_url(feed.home_page_url), "links are to the web");
  for (const feed::Entry& entry : feed.entries) {
    check_entry(entry, limits);
  }
  const Time fetched{std::chrono::sys_days{std::chrono::year{2019} / 12 / 8}};
  article::bound_dates(feed, fetched);
  require(!feed.updated || *feed.updated <= fetched, "no date is of the future");
  boost::system::error_code error;
  const auto printed = boost::json::parse(article::to_json(feed), error);
  require(!error && printed.is_object(), "what is printed is JSON");
}

}  // namespace dprkwatch::fuzz
