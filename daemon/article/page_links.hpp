#pragma once
// The links of a web page that lead to articles. Pure; safe to call from any thread.

#include <string>
#include <string_view>
#include <vector>

#include "selector/selector.hpp"

namespace dprkwatch::article {

struct PageLink {
  std::string url;    // absolute, without fragment
  std::string title;  // plain text of the link, one line; the longest when several links lead there; may be empty
};

// Which links are wanted. Both must hold when both are given.
struct LinkChoice {
  std::string pattern;          // of the absolute URL, * stands for any characters; empty: any
  selector::Selector selector;  // of the <a> elements or of what holds them; empty: any
};

// Each URL once, in the page's order, without the page itself. Fails when the page can not be read as HTML. Linear in
// the page's size times the selector's.
[[nodiscard]] std::vector<PageLink> links_of(std::string_view html, std::string_view url, const LinkChoice& choice);

}  // namespace dprkwatch::article
