#include "cli/feed_words.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::cli {
namespace {

TEST(FeedWords, SayTheTwoLargestUnits) {
  using namespace std::chrono_literals;
  EXPECT_EQ(say_duration(0ms), "0s");
  EXPECT_EQ(say_duration(200ms), "200ms");
  EXPECT_EQ(say_duration(59s), "59s");
  EXPECT_EQ(say_duration(15min), "15m");
  EXPECT_EQ(say_duration(90min), "1h 30m");
  EXPECT_EQ(say_duration(2h + 5s), "2h");
  EXPECT_EQ(say_duration(76h + 59min), "3d 4h");
  EXPECT_EQ(say_duration(-90s), "-1m 30s");
}

TEST(FeedWords, ExplainOnlyKnownReasons) {
  for (const char* why : {"interval", "rhythm", "ttl", "fresh", "skipped", "errors", "retry-after", "gone"}) {
    EXPECT_FALSE(explain_why(why).empty()) << why;
  }
  EXPECT_EQ(explain_why("weather"), "");
}

}  // namespace
}  // namespace dprkwatch::cli
