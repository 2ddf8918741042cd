#include "article/links.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::article {
namespace {

constexpr const char* kPage = "https://news.example/world/index.html";

std::vector<std::string> urls(const std::vector<FeedLink>& links) {
  std::vector<std::string> found;
  for (const FeedLink& link : links) found.push_back(link.url);
  return found;
}
std::vector<std::string> urls_of(std::string_view html) {
  return urls(find_feed_links(html, kPage));
}
using Urls = std::vector<std::string>;

TEST(Links, AlternatesOfEveryFeedTypeAreFound) {
  const auto links = find_feed_links(
      R"(<html><head><link rel="alternate" type="application/rss+xml" title=" News &amp; more " href="/rss">
         <link rel="ALTERNATE home" type="Application/Atom+XML; charset=utf-8" href="atom.xml">
         <link rel=alternate type=application/feed+json href=//cdn.example/feed.json>
         <link rel=alternate type=application/rdf+xml href="?format=rdf"></head></html>)",
      kPage);
  EXPECT_EQ(urls(links), (Urls{"https://news.example/rss", "https://news.example/world/atom.xml",
                               "https://cdn.example/feed.json", "https://news.example/world/index.html?format=rdf"}));
  EXPECT_EQ(links[0].title, "News & more");
  EXPECT_EQ(links[1].type, "application/atom+xml");
  EXPECT_EQ(links[0].hint, LinkHint::kDeclared);
}

TEST(Links, WhatIsNoFeedIsLeftOut) {
  const char* page =
      R"html(<link rel="alternate" hreflang="ko" href="/ko"><link rel="stylesheet" type="text/xml" href="/s.xml">
             <link rel="canonical" href="/feed"><a href="/about">About</a>
             <link rel=alternate type=application/rss+xml href=""><link rel=feed href="javascript:void(0)">
             <link rel=feed href="mailto:a@b.example"><link rel=feed href="file:///etc/passwd">)html";
  EXPECT_EQ(urls_of(page), Urls{});
}

TEST(Links, RelFeedNeedsNoType) {
  EXPECT_EQ(urls_of(R"(<link rel="feed" href="/a"><body><a rel="nofollow feed" href="/b">News</a>
                       <a type="application/rss+xml" href="/c">News</a>)"),
            (Urls{"https://news.example/a", "https://news.example/b", "https://news.example/c"}));
}

TEST(Links, TheBestHintComesFirst) {
  const auto links = find_feed_links(
      R"(<a href="/rss/all.php">RSS</a><link rel=alternate type=application/json href="/wp-json/posts/1">
         <link rel=alternate type=application/rss+xml href="/feed">)",
      kPage);
  EXPECT_EQ(urls(links), (Urls{"https://news.example/feed", "https://news.example/wp-json/posts/1",
                               "https://news.example/rss/all.php"}));
  EXPECT_EQ(links[1].hint, LinkHint::kPossible);
  EXPECT_EQ(links[2].hint, LinkHint::kNamed);
}

TEST(Links, AnAddressIsFoundOnceUnderItsBestHint) {
  const auto links = find_feed_links(
      R"(<a href="/feed#top">RSS</a><link rel=alternate type=application/rss+xml title=T href="/feed">)", kPage);
  ASSERT_EQ(links.size(), 1U);
  EXPECT_EQ(links[0].hint, LinkHint::kDeclared);
  EXPECT_EQ(links[0].title, "T");
}

TEST(Links, OnlyWholeWordsBehindTheHostNameAFeed) {
  EXPECT_EQ(urls_of(R"(<a href="https://rss.example/about">x</a><a href="/press/crossing">x</a><a href="/feedback">x</a>
                       <a href="/news.xml">x</a><a href="/view?type=rss">x</a>)"),
            (Urls{"https://news.example/news.xml", "https://news.example/view?type=rss"}));
}

TEST(Links, TheFirstBaseCounts) {
  EXPECT_EQ(urls_of(R"(<base target=_blank><base href="//cdn.example/x/"><base href="https://evil.example/">
                       <link rel=feed href="feed.xml">)"),
            Urls{"https://cdn.example/x/feed.xml"});
}

TEST(Links, AHundredLinksAreCut) {
  std::string page;
  for (int i = 0; i < 100; ++i) page += "<link rel=feed href=/" + std::to_string(i) + ">";
  EXPECT_EQ(urls_of(page).size(), 64U);
}

TEST(Links, HostilePagesHaveNone) {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<div>";
  EXPECT_EQ(urls_of(deep + "<link rel=feed href=/a>"), Urls{});
  EXPECT_EQ(urls_of("<link rel=feed href=\"/a"), Urls{});
}

Urls header(std::string_view value) {
  return urls(read_link_header(value, kPage));
}

TEST(Links, TheLinkHeaderIsRead) {
  EXPECT_EQ(header(R"(<https://hub.example/>; rel="hub", </feed,1.xml>; rel="alternate feed"; title="a, \"b\"; c",)"
                   R"( <b.json>;type="application/feed+json";rel=Alternate)"),
            (Urls{"https://news.example/feed,1.xml", "https://news.example/world/b.json"}));
  EXPECT_EQ(read_link_header(R"(</f>; title="a, \"b\"; c"; rel=feed)", kPage)[0].title, "a, \"b\"; c");
}

TEST(Links, TheLinkHeaderOfAnotherDocumentIsNotOurs) {
  EXPECT_EQ(header(R"(</feed>; rel=feed; anchor="/other")"), Urls{});
}

TEST(Links, ABrokenLinkHeaderIsNoFeed) {
  for (const char* value : {"", "<", "<>", "<a", "</feed>", "</feed>; rel", "</feed>; rel=", "</feed>; rel=\"",
                            ";;;,,,", "</feed>; type=application/rss+xml", "</feed>; rel=\"alternate\\"}) {
    EXPECT_EQ(header(value), Urls{}) << value;
  }
}

}  // namespace
}  // namespace dprkwatch::article
