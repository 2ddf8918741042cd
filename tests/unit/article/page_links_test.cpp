#include "article/page_links.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::article {
namespace {

constexpr const char* kPage = R"html(<!doctype html><html><head><base href="https://kcna.example/en/"></head><body>
<nav><a href="/about">About</a></nav>
<ul class="news list" id="main">
  <li class="item"><a href="q/1.kcmsf#top"><img src="x.png"></a> <a href="q/1.kcmsf">Kim Jong Un <b>visits</b> &amp; inspects</a></li>
  <li class="item"><div><a href="/en/q/2.kcmsf" title="t"><script>x()</script>Second</a></div></li>
  <li><a href="https://other.example/en/q/3.kcmsf">Third</a></li>
  <li><a href="javascript:alert(1)">Bad</a><a href="mailto:x@example.org">Mail</a><a>None</a></li>
</ul>
<div data-role="footer"><p><a href="q/9.kcmsf">Foot</a></p></div>
</body></html>)html";

std::vector<std::string> urls(const char* pattern, const char* selector = "") {
  LinkChoice choice{pattern, {}};
  if (*selector != '\0') choice.selector = selector::parse(selector).value();
  std::vector<std::string> found;
  for (const PageLink& link : links_of(kPage, "https://kcna.example/en/index.html", choice)) found.push_back(link.url);
  return found;
}

using Urls = std::vector<std::string>;
const std::string kOne = "https://kcna.example/en/q/1.kcmsf";
const std::string kTwo = "https://kcna.example/en/q/2.kcmsf";
const std::string kThree = "https://other.example/en/q/3.kcmsf";
const std::string kFoot = "https://kcna.example/en/q/9.kcmsf";

TEST(PageLinks, PicksByThePatternOfTheAbsoluteUrl) {
  EXPECT_EQ(urls("https://kcna.example/en/q/*.kcmsf"), (Urls{kOne, kTwo, kFoot}));
  EXPECT_EQ(urls("*/q/*"), (Urls{kOne, kTwo, kThree, kFoot}));
  EXPECT_EQ(urls("*nothing*"), Urls{});
}

TEST(PageLinks, PicksBySelectorOfTheLinkOrOfWhatHoldsIt) {
  EXPECT_EQ(urls("", "#main a"), (Urls{kOne, kTwo, kThree}));
  EXPECT_EQ(urls("", "ul.news li.item"), (Urls{kOne, kTwo}));
  EXPECT_EQ(urls("", "li > a"), (Urls{kOne, kThree}));
  EXPECT_EQ(urls("", ".item > div > a[title]"), Urls{kTwo});
  EXPECT_EQ(urls("", "[data-role=footer] a, .item > div a"), (Urls{kTwo, kFoot}));
  EXPECT_EQ(urls("", "nav > ul a"), Urls{});
  EXPECT_EQ(urls("", "html body ul li a[href^='https:']"), Urls{kThree});
}

TEST(PageLinks, BothMustHold) {
  EXPECT_EQ(urls("*kcna.example*", "#main a"), (Urls{kOne, kTwo}));
}

TEST(PageLinks, TakesTheLongestTextOfSeveralLinksToOnePage) {
  const auto links = links_of(kPage, "https://kcna.example/en/index.html", {"*/q/*", {}});
  ASSERT_EQ(links.size(), 4U);
  EXPECT_EQ(links[0].title, "Kim Jong Un visits & inspects");
  EXPECT_EQ(links[1].title, "Second");
}

TEST(PageLinks, FindsDescendantsThatAGreedySearchWouldMiss) {
  constexpr const char* kNested =
      "<div class=a><div class=b><i class=a><span><b><a href=/x>x</a></b></span></i></div></div>";
  const auto links = links_of(kNested, "http://h.example/", {"", selector::parse(".a > .b a").value()});
  EXPECT_EQ(links.size(), 1U);
}

TEST(PageLinks, APageWithoutLinksHasNone) {
  EXPECT_TRUE(links_of("", "http://h.example/", {}).empty());
  EXPECT_TRUE(links_of("<p>no", "http://h.example/", {}).empty());
}

}  // namespace
}  // namespace dprkwatch::article
