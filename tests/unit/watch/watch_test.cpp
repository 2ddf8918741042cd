#include "watch/watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace dprkwatch::watch {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using store::FeedId;

constexpr Time kNow{std::chrono::hours(24 * 365 * 50)};

TEST(Schedule, PollsANewFeedAtOnce) {
  Schedule schedule(0, 1);
  schedule.add(FeedId{1}, minutes(15), std::nullopt, kNow);
  EXPECT_EQ(schedule.next_due(), kNow);
  EXPECT_EQ(schedule.take_due(kNow), FeedId{1});
}

TEST(Schedule, KeepsTheRhythmOverARestart) {
  Schedule schedule(0, 1);
  schedule.add(FeedId{1}, minutes(15), kNow - minutes(5), kNow);
  EXPECT_EQ(schedule.next_due(), kNow + minutes(10));
  EXPECT_EQ(schedule.take_due(kNow + minutes(9)), std::nullopt);
  EXPECT_EQ(schedule.take_due(kNow + minutes(10)), FeedId{1});
}

TEST(Schedule, DoesNotWaitLongerThanAnIntervalAfterTheClockWasSetBack) {
  Schedule schedule(0, 1);
  schedule.add(FeedId{1}, minutes(15), kNow + std::chrono::hours(1000), kNow);
  EXPECT_EQ(schedule.next_due(), kNow + minutes(15));
}

TEST(Schedule, NeverPollsAFeedTwiceAtOnce) {
  Schedule schedule(0, 1);
  schedule.add(FeedId{1}, seconds(1), std::nullopt, kNow);
  ASSERT_TRUE(schedule.take_due(kNow));
  schedule.add(FeedId{1}, seconds(2), std::nullopt, kNow);
  EXPECT_EQ(schedule.take_due(kNow + minutes(1)), std::nullopt);
  schedule.done(FeedId{1}, kNow + minutes(1));
  EXPECT_EQ(schedule.next_due(), kNow + minutes(1) + seconds(2));
}

TEST(Schedule, HastensAWaitingFeedOnce) {
  Schedule schedule(0, 1);
  schedule.add(FeedId{1}, minutes(15), kNow, kNow);
  schedule.hasten(FeedId{1}, kNow + seconds(5));
  schedule.hasten(FeedId{1}, kNow + seconds(6));
  schedule.hasten(FeedId{2}, kNow);  // not here
  EXPECT_EQ(schedule.take_due(kNow + seconds(5)), std::nullopt);
  EXPECT_EQ(schedule.take_due(kNow + seconds(6)), FeedId{1});
  schedule.hasten(FeedId{1}, kNow);  // out
  EXPECT_EQ(schedule.take_due(kNow + minutes(20)), std::nullopt);
  schedule.done(FeedId{1}, kNow + seconds(7));
  EXPECT_EQ(schedule.next_due(), kNow + seconds(7) + minutes(15));
}

TEST(Schedule, ForgetsARemovedFeed) {
  Schedule schedule(0, 1);
  schedule.add(FeedId{1}, seconds(1), std::nullopt, kNow);
  schedule.add(FeedId{2}, seconds(1), std::nullopt, kNow);
  ASSERT_EQ(schedule.take_due(kNow), FeedId{1});
  schedule.remove(FeedId{1});
  schedule.remove(FeedId{2});
  schedule.done(FeedId{1}, kNow);
  EXPECT_EQ(schedule.next_due(), std::nullopt);
  EXPECT_EQ(schedule.size(), 0U);
}

TEST(Schedule, AServersWaitIsNeverCutShortByTheJitter) {
  Schedule schedule(0.5, 3);
  schedule.add(FeedId{1}, minutes(15), std::nullopt, kNow);
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(schedule.take_due(kNow + minutes(100)));
    schedule.done(FeedId{1}, Plan{kNow + minutes(60), minutes(60), Why::kRetryAfter}, kNow);
    ASSERT_GE(schedule.next_due(), kNow + minutes(60));
    ASSERT_LE(schedule.next_due(), kNow + minutes(90));
  }
}

TEST(Schedule, AFeedThatIsGoneIsNeverDueAgain) {
  Schedule schedule(0, 1);
  schedule.add(FeedId{1}, minutes(15), std::nullopt, kNow);
  ASSERT_TRUE(schedule.take_due(kNow));
  schedule.done(FeedId{1}, Plan{Time::max(), Duration::zero(), Why::kGone}, kNow);
  EXPECT_EQ(schedule.next_due(), std::nullopt);
  EXPECT_EQ(schedule.size(), 0U);
}

TEST(Schedule, SpreadsPollsByTheJitterAndNoFurther) {
  Schedule schedule(0.1, 7);
  schedule.add(FeedId{1}, seconds(100), std::nullopt, kNow);
  Time now = kNow;
  Duration shortest = Duration::max();
  Duration longest{};
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(schedule.take_due(now));
    schedule.done(FeedId{1}, now);
    const Duration wait = *schedule.next_due() - now;
    shortest = std::min(shortest, wait);
    longest = std::max(longest, wait);
    now = *schedule.next_due();
  }
  EXPECT_GE(shortest, seconds(90));
  EXPECT_LE(longest, seconds(110));
  EXPECT_LT(shortest, seconds(92));
  EXPECT_GT(longest, seconds(108));
}

TEST(Schedule, ServesTheLongestWaitingFirst) {
  Schedule schedule(0, 1);
  schedule.add(FeedId{1}, minutes(10), kNow - minutes(1), kNow);
  schedule.add(FeedId{2}, minutes(10), kNow - minutes(9), kNow);
  schedule.add(FeedId{3}, minutes(10), kNow - minutes(5), kNow);
  const Time later = kNow + minutes(10);
  EXPECT_EQ(schedule.take_due(later), FeedId{2});
  EXPECT_EQ(schedule.take_due(later), FeedId{3});
  EXPECT_EQ(schedule.take_due(later), FeedId{1});
  EXPECT_EQ(schedule.take_due(later), std::nullopt);
}

}  // namespace
}  // namespace dprkwatch::watch
