#include "config/opml.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace dprkwatch::config {
namespace {

using Texts = std::vector<std::string>;

std::string file(const std::string& path) {
  std::ifstream input(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << input.rdbuf();
  return bytes.str();
}

// All that an outline says of a feed.
auto told(const Feed& feed) {
  return std::tuple(feed.name, feed.url, feed.site, feed.language, feed.description, feed.category, feed.tags);
}
void expect_same(const std::vector<Feed>& left, const std::vector<Feed>& right) {
  ASSERT_EQ(left.size(), right.size());
  for (std::size_t i = 0; i < left.size(); ++i) EXPECT_EQ(told(left[i]), told(right[i])) << left[i].name;
}

std::vector<Feed> read(std::string_view text) {
  auto feeds = read_opml(text, "f");
  if (!feeds) {
    ADD_FAILURE() << describe(feeds.error());
    return {};
  }
  return std::move(*feeds);
}

TEST(Opml, NestedOutlinesAreTheCategory) {
  const auto feeds = read(R"(<opml version="2.0"><body>
      <outline text="Wires"><outline text="Korea" title="Korea &amp; more">
        <outline text="A" title="Agency" type="rss" xmlUrl="http://a/f" htmlUrl="http://a/" language="ko"
                 description="the first" category="/wire/kr, news,,"/></outline>
        <outline text="B" xmlurl="http://b/f" htmlUrl="ftp://b/"/></outline>
      <outline text="C" xmlUrl=" http://c/f "/></body></opml>)");
  ASSERT_EQ(feeds.size(), 3U);
  EXPECT_EQ(told(feeds[0]),
            std::tuple(std::string("Agency"), std::string("http://a/f"), std::string("http://a/"), std::string("ko"),
                       std::string("the first"), Texts({"Wires", "Korea & more"}), Texts({"/wire/kr", "news"})));
  EXPECT_EQ(feeds[1].category, Texts{"Wires"});
  EXPECT_EQ(feeds[1].name, "B");
  EXPECT_EQ(feeds[1].site, "");
  EXPECT_EQ(feeds[2].category, Texts{});
  EXPECT_EQ(feeds[2].url, "http://c/f");
}

TEST(Opml, WhatIsNoFeedIsLeftOut) {
  const auto feeds = read(R"(<opml><body><outline text="off" isComment="true"><outline xmlUrl="http://a/"/></outline>
      <outline xmlUrl="feed://b/"/><outline xmlUrl="http:///x"/><outline xmlUrl="http://a b/"/>
      <outline type="link" url="http://c/"/><outline xmlUrl="https://d/"/></body></opml>)");
  ASSERT_EQ(feeds.size(), 1U);
  EXPECT_EQ(feeds[0].url, "https://d/");
}

TEST(Opml, OldVersionsAndEncodings) {
  EXPECT_EQ(read("<?xml version='1.0' encoding='ISO-8859-1'?><!DOCTYPE opml><opml version='1.0'><body>"
                 "<outline title='\xE9' xmlUrl='http://a/'/></body></opml>")[0]
                .name,
            "é");
  EXPECT_EQ(read("\xEF\xBB\xBF<opml version='1.1'><outline text='x' xmlUrl='http://a/'/></opml>")[0].name, "x");
}

TEST(Opml, TheCatalogueComesBackExactly) {
  const auto feeds = read(file(std::string(DPRKWATCH_SOURCE_DIR) + "/seeds/feeds.opml"));
  ASSERT_GT(feeds.size(), 20U);
  const std::string written = write_opml(feeds, "t");
  expect_same(read(written), feeds);
  EXPECT_EQ(write_opml(read(written), "t"), written);
}

TEST(Opml, HardTextsComeBackExactly) {
  std::vector<Feed> feeds;
  const Texts hard{"a<b>&amp;\"'", "two\nlines\tand\rmore", "북한 <!-- --> ]]>", "A"};
  for (std::size_t i = 0; i < hard.size(); ++i) {
    Feed feed;
    feed.name = hard[i] + std::to_string(i);
    feed.url = "http://a/?x=1&y=%20#" + std::to_string(i);
    feed.description = hard[i];
    feed.category.assign(hard.begin(), hard.begin() + static_cast<std::ptrdiff_t>((i * 3) % 5));
    feed.tags = {"/" + std::to_string(i), "b"};
    feeds.push_back(feed);
  }
  expect_same(read(write_opml(feeds, "<title>")), feeds);
}

TEST(Opml, AFeedWithoutAWebAddressIsNotWritten) {
  Feed feed;
  feed.name = "a";
  feed.url = "exec:a";
  EXPECT_EQ(write_opml(std::vector{feed}, "t").find("<outline"), std::string::npos);
}

TEST(Opml, FeedsThatFollowEachOtherShareTheirOutlines) {
  Feed a;
  a.name = "a";
  a.url = "http://a/";
  a.category = {"X", "Y"};
  Feed b = a;
  b.name = "b";
  b.category = {"X"};
  Feed c = a;
  c.name = "c";
  c.category = {"Z"};
  const std::string text = write_opml(std::vector{a, b, c}, "t");
  EXPECT_NE(text.find("    <outline text=\"X\" title=\"X\">\n      <outline text=\"Y\" title=\"Y\">\n"
                      "        <outline text=\"a\" title=\"a\" type=\"rss\" xmlUrl=\"http://a/\"/>\n      </outline>\n"
                      "      <outline text=\"b\" title=\"b\" type=\"rss\" xmlUrl=\"http://a/\"/>\n    </outline>\n"
                      "    <outline text=\"Z\" title=\"Z\">\n"),
            std::string::npos)
      << text;
}

std::string refusal(const std::string& text) {
  const auto feeds = read_opml(text, "f");
  return feeds ? "read" : feeds.error().message;
}

TEST(Opml, HostileFilesAreRefused) {
  EXPECT_NE(
      refusal("<!DOCTYPE x [<!ENTITY a 'b'><!ENTITY c '&a;&a;&a;'>]><opml><outline text='&c;' xmlUrl='http://a/'/>"
              "</opml>")
          .find("entities"),
      std::string::npos);
  EXPECT_NE(refusal("<!DOCTYPE x [<!ENTITY % a SYSTEM 'file:///etc/passwd'>%a;]><opml/>").find("entities"),
            std::string::npos);
  std::string deep = "<opml>";
  for (int i = 0; i < 100'000; ++i) deep += "<outline text='x'>";
  EXPECT_NE(refusal(deep).find("deeper than 64"), std::string::npos);
  EXPECT_NE(refusal("<opml><outline xmlUrl='http://a/'>").find("not well-formed"), std::string::npos);
  EXPECT_NE(refusal("<opml/>").find("no feeds"), std::string::npos);
}

}  // namespace
}  // namespace dprkwatch::config
