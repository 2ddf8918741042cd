#include "watch/host_queue.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::watch {
namespace {

using std::chrono::minutes;
using store::FeedId;
using Ids = std::vector<FeedId>;

constexpr Time kNow{std::chrono::hours(24 * 365 * 50)};
constexpr Permit kGo{Turn::kNow, {}};
constexpr Permit kWaits{Turn::kParked, {}};

HostQueue queue_of(int feeds, HostLimits limits = {.max_in_flight = 4}) {
  HostQueue hosts(limits);
  EXPECT_EQ(hosts.reset(limits, {{"a", feeds}}), Ids{});
  return hosts;
}

TEST(HostQueue, AreAskedByABoundedNumberOfFeedsAtOnce) {
  HostQueue hosts = queue_of(4, {.max_in_flight = 2});
  EXPECT_EQ(hosts.ask("a", FeedId{1}, kNow), kGo);
  EXPECT_EQ(hosts.ask("a", FeedId{2}, kNow), kGo);
  EXPECT_EQ(hosts.ask("a", FeedId{3}, kNow), kWaits);
  EXPECT_EQ(hosts.ask("a", FeedId{4}, kNow), kWaits);
  EXPECT_EQ(hosts.ask("b", FeedId{5}, kNow), kGo);
  EXPECT_EQ(hosts.done("a", FeedId{1}, HostOutcome::kWell, kNow), Ids{FeedId{3}});
  EXPECT_EQ(hosts.done("b", FeedId{5}, HostOutcome::kWell, kNow), Ids{});
}

TEST(HostQueue, ThatAskToWaitAreLeftAloneByAllTheirFeeds) {
  HostQueue hosts = queue_of(3);
  ASSERT_EQ(hosts.ask("a", FeedId{1}, kNow), kGo);
  EXPECT_EQ(hosts.done("a", FeedId{1}, HostOutcome::kHoldOff, kNow + minutes(5)), Ids{});
  EXPECT_EQ(hosts.ask("a", FeedId{2}, kNow), kWaits);
  EXPECT_EQ(hosts.ask("a", FeedId{1}, kNow + minutes(4)), (Permit{Turn::kLater, kNow + minutes(5)}));
  EXPECT_EQ(hosts.ask("a", FeedId{3}, kNow + minutes(6)), kWaits);
  EXPECT_EQ(hosts.ask("a", FeedId{1}, kNow + minutes(5)), kGo);
  EXPECT_EQ(hosts.done("a", FeedId{1}, HostOutcome::kWell, kNow), (Ids{FeedId{2}, FeedId{3}}));
  EXPECT_EQ(hosts.ask("a", FeedId{2}, kNow + minutes(6)), kGo);
}

TEST(HostQueue, ThatFailForFeedAfterFeedAreAskedByOneOnly) {
  HostQueue hosts = queue_of(9);
  for (const FeedId id : {FeedId{1}, FeedId{2}, FeedId{3}, FeedId{4}}) ASSERT_EQ(hosts.ask("a", id, kNow), kGo);
  EXPECT_EQ(hosts.done("a", FeedId{1}, HostOutcome::kFailed, kNow + minutes(1)), Ids{});
  ASSERT_EQ(hosts.ask("a", FeedId{1}, kNow), kGo);
  EXPECT_EQ(hosts.done("a", FeedId{1}, HostOutcome::kFailed, kNow + minutes(2)), Ids{});
  EXPECT_EQ(hosts.done("a", FeedId{2}, HostOutcome::kFailed, kNow + minutes(3)), Ids{});
  EXPECT_EQ(hosts.done("a", FeedId{3}, HostOutcome::kFailed, kNow + minutes(4)), Ids{});
  // Three different ones: the third is the scout, and the rest wait for it.
  EXPECT_EQ(hosts.done("a", FeedId{4}, HostOutcome::kFailed, kNow + minutes(9)), Ids{});
  EXPECT_EQ(hosts.ask("a", FeedId{1}, kNow + minutes(5)), kWaits);
  EXPECT_EQ(hosts.ask("a", FeedId{4}, kNow + minutes(5)), kWaits);
  EXPECT_EQ(hosts.ask("a", FeedId{3}, kNow + minutes(5)), kGo);
  EXPECT_EQ(hosts.done("a", FeedId{3}, HostOutcome::kFailed, kNow + minutes(20)), Ids{});
  EXPECT_EQ(hosts.ask("a", FeedId{3}, kNow + minutes(19)), (Permit{Turn::kLater, kNow + minutes(20)}));
  EXPECT_EQ(hosts.ask("a", FeedId{3}, kNow + minutes(20)), kGo);
  EXPECT_EQ(hosts.done("a", FeedId{3}, HostOutcome::kWell, kNow), (Ids{FeedId{1}, FeedId{4}}));
}

TEST(HostQueue, WithOneGoodFeedAreNotHeldForTheOthers) {
  HostQueue hosts = queue_of(9);
  for (int i = 0; i < 10; ++i) {
    for (const FeedId id : {FeedId{1}, FeedId{2}}) {
      ASSERT_EQ(hosts.ask("a", id, kNow), kGo);
      EXPECT_EQ(hosts.done("a", id, HostOutcome::kFailed, kNow + minutes(1)), Ids{});
    }
    ASSERT_EQ(hosts.ask("a", FeedId{3}, kNow), kGo);
    EXPECT_EQ(hosts.done("a", FeedId{3}, HostOutcome::kWell, kNow + minutes(1)), Ids{});
  }
}

TEST(HostQueue, OfTwoFeedsAreHeldWhenBothFail) {
  HostQueue hosts = queue_of(2);
  for (const FeedId id : {FeedId{1}, FeedId{2}}) {
    ASSERT_EQ(hosts.ask("a", id, kNow), kGo);
    EXPECT_EQ(hosts.done("a", id, HostOutcome::kFailed, kNow + minutes(1)), Ids{});
  }
  EXPECT_EQ(hosts.ask("a", FeedId{1}, kNow + minutes(1)), kWaits);
  EXPECT_EQ(hosts.ask("a", FeedId{2}, kNow + minutes(1)), kGo);
}

TEST(HostQueue, GiveAllFeedsBackOnReloadAndTakeAnotherScout) {
  HostQueue hosts = queue_of(3);
  ASSERT_EQ(hosts.ask("a", FeedId{1}, kNow), kGo);
  EXPECT_EQ(hosts.done("a", FeedId{1}, HostOutcome::kHoldOff, kNow + minutes(5)), Ids{});
  ASSERT_EQ(hosts.ask("a", FeedId{2}, kNow), kWaits);
  EXPECT_EQ(hosts.reset({.max_in_flight = 4}, {{"a", 2}}), Ids{FeedId{2}});
  EXPECT_EQ(hosts.ask("a", FeedId{2}, kNow), (Permit{Turn::kLater, kNow + minutes(5)}));
  EXPECT_EQ(hosts.ask("a", FeedId{2}, kNow + minutes(5)), kGo);
}

}  // namespace
}  // namespace dprkwatch::watch
