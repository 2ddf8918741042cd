#include <gtest/gtest.h>

#include <algorithm>

#include "feed/feed.hpp"

namespace dprkwatch::feed {
namespace {

bool warns(const Feed& feed, std::string_view code) {
  return std::ranges::find(feed.warnings, code, &Warning::code) != feed.warnings.end();
}

std::string rss(const std::string& items) {
  return "<rss version='2.0'><channel><title>T</title>" + items + "</channel></rss>";
}

TEST(Limits, KeepTheFirstEntries) {
  std::string items;
  for (int i = 0; i < 5010; ++i) {
    items += "<item><title>" + std::to_string(i) + "</title></item>";
  }
  const auto feed = parse(rss(items), {});
  ASSERT_TRUE(feed);
  EXPECT_EQ(feed->entries.size(), 5000U);
  EXPECT_TRUE(warns(*feed, "too-many-entries"));
}

TEST(Limits, CutLongTextBetweenCharacters) {
  std::string text;
  while (text.size() < 1'100'000) {
    text += "평";
  }
  const auto feed = parse(rss("<item><description>" + text + "</description></item>"), {});
  ASSERT_TRUE(feed);
  EXPECT_LE(feed->entries[0].summary.value.size(), 1024U * 1024);
  EXPECT_TRUE(feed->entries[0].summary.value.ends_with("평"));
  EXPECT_TRUE(warns(*feed, "text-too-long"));
}

TEST(Limits, LeaveOutWhatIsTooDeep) {
  std::string deep;
  for (int i = 0; i < 400; ++i) {
    deep += "<b>";
  }
  deep += "x";
  for (int i = 0; i < 400; ++i) {
    deep += "</b>";
  }
  const auto feed = parse(rss("<item><description>" + deep + "</description><title>after</title></item>"), {});
  ASSERT_TRUE(feed);
  EXPECT_EQ(feed->entries[0].title.value, "after");
  EXPECT_TRUE(warns(*feed, "too-deep"));
}

TEST(Limits, LeaveOutTooManyAttributes) {
  std::string attributes;
  for (int i = 0; i < 100'000; ++i) {
    attributes += " a" + std::to_string(i) + "=''";
  }
  const auto feed = parse(rss("<item><title" + attributes + ">x</title></item>"), {});
  ASSERT_TRUE(feed);
  EXPECT_EQ(feed->entries[0].title.value, "x");
  EXPECT_TRUE(warns(*feed, "too-many-attributes"));
}

TEST(Limits, RefuseEntityBombs) {
  std::string bomb = "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'ha'>";
  for (char c = 'b'; c < 'z'; ++c) {
    bomb += std::string{"<!ENTITY "} + c + " '";
    for (int i = 0; i < 10; ++i) {
      bomb += std::string{"&"} + static_cast<char>(c - 1) + ";";
    }
    bomb += "'>";
  }
  const auto feed = parse(bomb + "]>" + rss("<item><title>&y;</title></item>"), {});
  ASSERT_TRUE(feed);
  EXPECT_EQ(feed->entries[0].title.value, "&y;");
  EXPECT_TRUE(warns(*feed, "entity-declaration"));
}

TEST(Limits, RefuseDeepJson) {
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  const auto feed = parse("{\"version\":\"https://jsonfeed.org/version/1.1\",\"x\":" + deep + ",\"items\":[]}", {});
  ASSERT_FALSE(feed);
  EXPECT_NE(feed.error().message.find("64 levels"), std::string::npos) << feed.error().message;
}

TEST(Limits, ManyNamespacesStayCheap) {
  std::string items;
  for (int i = 0; i < 100'000; ++i) {
    items += "<p" + std::to_string(i) + ":x/>";
  }
  const auto feed = parse(rss(items), {});
  ASSERT_TRUE(feed);
  EXPECT_LE(feed->warnings.size(), 5U);
}

}  // namespace
}  // namespace dprkwatch::feed
