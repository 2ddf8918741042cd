#include "service/pacing.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::service {
namespace {

using namespace std::chrono_literals;

constexpr Time kNow = std::chrono::sys_days(std::chrono::year(2024) / 1 / 1);
constexpr watch::Bounds kBounds{.interval = 15min, .max_interval = 24h, .max_backoff = 6h, .fixed = false};

store::FeedState fresh_state() {
  store::FeedState state;
  state.url = "http://old/feed";
  return state;
}

fetch::Outcome answered(int status, std::string moved_to = "", http::Headers headers = {}) {
  return {{}, status, std::move(moved_to), std::move(headers)};
}

TEST(Pacing, FollowsAMoveThatHeldThreeTimes) {
  store::FeedState state = fresh_state();
  for (const char* asked : {"http://old/feed", "http://old/feed", "http://old/feed"}) {
    EXPECT_EQ(url_to_ask(state), asked);
    (void)plan_success(state, kBounds, answered(200, "http://new/feed"), false, kNow);
  }
  EXPECT_EQ(url_to_ask(state), "http://new/feed");
  // Asked there directly nothing is redirected any more; the move holds.
  (void)plan_success(state, kBounds, answered(200), false, kNow);
  EXPECT_EQ(url_to_ask(state), "http://new/feed");
}

TEST(Pacing, GoesBackWhenTheNewPlaceIsNoGood) {
  store::FeedState state = fresh_state();
  for (int i = 0; i < 3; ++i) (void)plan_success(state, kBounds, answered(200, "http://new/feed"), false, kNow);
  const watch::Plan plan = plan_failure(state, kBounds, answered(410), kNow);
  EXPECT_EQ(plan.why, watch::Why::kErrors);
  EXPECT_EQ(url_to_ask(state), "http://old/feed");
  EXPECT_FALSE(is_gone(state));
}

TEST(Pacing, AMoveThatDidNotHoldIsForgotten) {
  store::FeedState state = fresh_state();
  for (int i = 0; i < 2; ++i) (void)plan_success(state, kBounds, answered(200, "http://new/feed"), false, kNow);
  (void)plan_success(state, kBounds, answered(200), false, kNow);
  (void)plan_success(state, kBounds, answered(200, "http://new/feed"), false, kNow);
  EXPECT_EQ(url_to_ask(state), "http://old/feed");
}

TEST(Pacing, GoneIsAStateThatHasNoNextPoll) {
  store::FeedState state = fresh_state();
  EXPECT_EQ(plan_failure(state, kBounds, answered(410), kNow).why, watch::Why::kGone);
  EXPECT_TRUE(is_gone(state));
  EXPECT_EQ(state.next_poll, std::nullopt);
}

TEST(Pacing, RetryAfterCountsWithTheStatusesThatDefineIt) {
  const http::Headers wait{{"Retry-After", "7200"}};
  for (const auto& [status, interval] : {std::pair{429, 120min}, {503, 120min}, {500, 15min}, {404, 15min}}) {
    store::FeedState state = fresh_state();
    EXPECT_EQ(plan_failure(state, kBounds, answered(status, "", wait), kNow).interval, Duration(interval)) << status;
    EXPECT_EQ(state.failures, 1);
    EXPECT_EQ(state.next_poll, kNow + interval);
  }
}

TEST(Pacing, KeepsTheWishesOfTheDocumentForAnswersWithoutOne) {
  feed::Feed feed;
  feed.ttl_seconds = 3600;
  feed.skip_hours = {1, 2};
  feed.skip_days = {"Sunday"};
  store::FeedState state = fresh_state();
  keep_wishes(state, feed, kNow);
  // 00:00 and an hour is 01:00; the hours from 1 to 3 are left out.
  const watch::Plan plan = plan_success(state, kBounds, answered(304), false, kNow);
  EXPECT_EQ(plan, (watch::Plan{kNow + 3h, 1h, watch::Why::kSkipped}));
  EXPECT_EQ(state.poll_why, "skipped");
}

TEST(Pacing, ARestartKeepsThePlanAndAReloadTheNewInterval) {
  store::FeedState state = fresh_state();
  (void)plan_failure(state, kBounds, answered(429, "", {{"Retry-After", "7200"}}), kNow);
  EXPECT_EQ(interval_to_keep(state, kBounds), Duration(2h));
  watch::Bounds fixed = kBounds;
  fixed.fixed = true;
  EXPECT_EQ(interval_to_keep(state, fixed), Duration(2h));
  (void)plan_success(state, kBounds, answered(200, "", {{"Cache-Control", "max-age=3600"}}), false, kNow);
  EXPECT_EQ(interval_to_keep(state, kBounds), Duration(1h));
  EXPECT_EQ(interval_to_keep(state, fixed), Duration(15min));
  watch::Bounds longer = kBounds;
  longer.interval = 3h;
  EXPECT_EQ(interval_to_keep(state, longer), Duration(3h));
}

TEST(Pacing, PushesAreNotReliedOnOverARestart) {
  store::FeedState state = fresh_state();
  watch::Bounds pushed = kBounds;
  pushed.pushed = 2h;
  EXPECT_EQ(plan_success(state, pushed, answered(200), false, kNow).interval, Duration(2h));
  EXPECT_EQ(state.poll_why, "pushed");
  EXPECT_EQ(interval_to_keep(state, kBounds), Duration(15min));
}

TEST(Pacing, TheHostIsWhatTheUrlSays) {
  EXPECT_EQ(host_of("http://User:pw@Example.ORG:81/a@b"), "example.org:81");
  EXPECT_EQ(host_of("https://example.org?x"), "example.org");
  EXPECT_EQ(host_of("none"), "");
}

}  // namespace
}  // namespace dprkwatch::service
