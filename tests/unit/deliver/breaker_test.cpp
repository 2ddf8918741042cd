#include "deliver/breaker.hpp"

#include <gtest/gtest.h>

#include <set>

namespace dprkwatch::deliver {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kNow{seconds(1700000000)};

Breaker closed_at(Time now, Duration longest = minutes(10)) {
  Breaker breaker(longest);
  for (int i = 0; i < kBreakerFailures; ++i) breaker.failed(now);
  return breaker;
}

TEST(Breaker, LetsAllThroughUntilFailuresInARow) {
  Breaker breaker{minutes(10)};
  for (int i = 0; i < kBreakerFailures - 1; ++i) EXPECT_FALSE(breaker.failed(kNow));
  breaker.succeeded();
  for (int i = 0; i < kBreakerFailures - 1; ++i) EXPECT_FALSE(breaker.failed(kNow));
  EXPECT_EQ(breaker.allowed(kNow, 8), 8U);
  EXPECT_TRUE(breaker.failed(kNow));
  EXPECT_EQ(breaker.allowed(kNow, 8), 0U);
}

TEST(Breaker, TriesWithOneWhenTheRestIsOver) {
  const Breaker breaker = closed_at(kNow);
  EXPECT_EQ(breaker.allowed(kNow + kBreakerRest - Duration(1), 8), 0U);
  EXPECT_EQ(breaker.allowed(kNow + kBreakerRest, 8), 1U);
}

TEST(Breaker, RestsTwiceAsLongAfterEachTryThatFails) {
  Breaker breaker = closed_at(kNow);
  Time now = kNow;
  Duration rest = kBreakerRest;
  for (int i = 0; i < 8; ++i) {
    now += rest;
    EXPECT_FALSE(breaker.failed(now));
    rest = std::min(rest * 2, kBreakerLongest);
    EXPECT_EQ(breaker.next_try(), now + rest);
  }
  EXPECT_EQ(rest, kBreakerLongest);
}

TEST(Breaker, FailuresOfAttemptsThatWereUnderWayDoNotProlongTheRest) {
  Breaker breaker = closed_at(kNow);
  const auto until = breaker.next_try();
  breaker.failed(kNow + seconds(1));
  EXPECT_EQ(breaker.next_try(), until);
}

TEST(Breaker, OneSuccessOpensTheWay) {
  Breaker breaker = closed_at(kNow);
  breaker.succeeded();
  EXPECT_EQ(breaker.allowed(kNow, 8), 8U);
  EXPECT_EQ(breaker.next_try(), std::nullopt);
}

TEST(Breaker, NeverRestsLongerThanTheReceiversOwnWaits) {
  const Breaker breaker = closed_at(kNow, Duration(100));
  EXPECT_EQ(breaker.allowed(kNow + Duration(100), 8), 1U);
}

TEST(Spread, IsEvenAndRepeats) {
  EXPECT_EQ(spread_of("msg_1", 1), spread_of("msg_1", 1));
  double sum = 0;
  std::set<double> seen;
  for (int i = 0; i < 1000; ++i) {
    const double spread = spread_of("msg_" + std::to_string(i), i % 7);
    EXPECT_GE(spread, 0);
    EXPECT_LT(spread, 1);
    sum += spread;
    seen.insert(spread);
  }
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_NEAR(sum / 1000, 0.5, 0.05);
}

TEST(Mark, NamesATextWithoutTellingIt) {
  EXPECT_EQ(mark_of("https://a.example/").size(), 16U);
  EXPECT_NE(mark_of("https://a.example/"), mark_of("https://a.example"));
}

}  // namespace
}  // namespace dprkwatch::deliver
