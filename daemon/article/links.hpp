#pragma once
// The feeds that a web page points to. Pure; safe to call from any thread.

#include <string>
#include <string_view>
#include <vector>

namespace dprkwatch::article {

// How sure a link is to lead to a feed, best first.
enum class LinkHint {
  kDeclared,  // the page or its server says so: rel=alternate with the type of a feed, rel=feed
  kPossible,  // declared with a type that other documents share: text/xml, application/json
  kNamed,     // an ordinary link with a word such as "rss" in its address
};

struct FeedLink {
  std::string url;    // absolute
  std::string type;   // media type, in lower case, as declared; may be empty
  std::string title;  // as declared; may be empty
  LinkHint hint = LinkHint::kDeclared;
};

// The links of a page that came from `url`: <link> and <a>, resolved against its <base>. Best first, else in document
// order; each URL once; at most 64. Beyond 5 MiB the page is cut; a page too twisted for a tree has none.
[[nodiscard]] std::vector<FeedLink> find_feed_links(std::string_view html, std::string_view url);

// The same for the value of an HTTP header `Link` (RFC 8288 §3) of an answer that came from `url`.
[[nodiscard]] std::vector<FeedLink> read_link_header(std::string_view value, std::string_view url);

}  // namespace dprkwatch::article
