#include "watch/pace.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::watch {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace std::chrono_literals;

// A Monday, 10:20 UTC.
constexpr Time kNow = std::chrono::sys_days(std::chrono::year(2024) / 1 / 1) + hours(10) + minutes(20);
constexpr Bounds kBounds{.interval = 15min, .max_interval = 24h, .max_backoff = 6h};

TEST(Pace, PollsAtTheIntervalWhenNobodyAsksForMore) {
  EXPECT_EQ(after_success(kBounds, {}, {}, kNow), (Plan{kNow + 15min, 15min, Why::kInterval}));
}

TEST(Pace, FollowsTheFeedsRhythmWithinTheBounds) {
  struct Case {
    Duration gap, silence, interval;
    Why why;
  };
  for (const Case& c : {Case{1min, 1min, 15min, Why::kInterval},  // a wire
                        Case{8h, 1h, 1h, Why::kRhythm},           //
                        Case{8h, 16h, 2h, Why::kRhythm},          // slower than usual
                        Case{24h, days(400), 24h, Why::kRhythm},  // dead
                        Case{2h, 2h, 15min, Why::kInterval}}) {   // an eighth is just the interval
    EXPECT_EQ(after_success(kBounds, {}, {c.gap, kNow - c.silence}, kNow), (Plan{kNow + c.interval, c.interval, c.why}))
        << c.gap.count() << " " << c.silence.count();
  }
}

TEST(Pace, AFeedThatIsPushedIsPolledSlowly) {
  Bounds bounds = kBounds;
  bounds.pushed = 1h;
  EXPECT_EQ(after_success(bounds, {}, {}, kNow), (Plan{kNow + 1h, 1h, Why::kPushed}));
  EXPECT_EQ(after_success(bounds, {}, {Duration(80h), kNow}, kNow), (Plan{kNow + 10h, 10h, Why::kRhythm}));
  EXPECT_EQ(after_failure(bounds, 1, 500, std::nullopt, kNow), (Plan{kNow + 15min, 15min, Why::kErrors}));
  bounds.fixed = true;
  EXPECT_EQ(after_success(bounds, {}, {}, kNow), (Plan{kNow + 1h, 1h, Why::kPushed}));
  bounds.interval = 2h;
  EXPECT_EQ(after_success(bounds, {}, {}, kNow), (Plan{kNow + 2h, 2h, Why::kInterval}));
}

TEST(Pace, TakesTheLongestOfWhatFeedAndServerAskFor) {
  Wishes wishes;
  wishes.ttl = 1h;
  EXPECT_EQ(after_success(kBounds, wishes, {}, kNow).why, Why::kTtl);
  wishes.fresh_for = 2h;
  EXPECT_EQ(after_success(kBounds, wishes, {}, kNow), (Plan{kNow + 2h, 2h, Why::kFresh}));
  wishes.ttl = days(365);
  EXPECT_EQ(after_success(kBounds, wishes, {}, kNow), (Plan{kNow + 24h, 24h, Why::kTtl}));
  wishes = {.fresh_for = 1s, .ttl = 1s, .skip_hours = {}, .skip_days = {}};
  EXPECT_EQ(after_success(kBounds, wishes, {}, kNow), (Plan{kNow + 15min, 15min, Why::kInterval}));
}

TEST(Pace, AnIntervalOfItsOwnIsNotLengthened) {
  Bounds bounds = kBounds;
  bounds.fixed = true;
  const Wishes wishes{.fresh_for = 1h, .ttl = 1h, .skip_hours = {10}, .skip_days = {"Monday"}};
  EXPECT_EQ(after_success(bounds, wishes, {8h, kNow - days(9)}, kNow), (Plan{kNow + 15min, 15min, Why::kInterval}));
}

TEST(Pace, LeavesOutTheHoursAndDaysThatTheFeedLeavesOut) {
  const Wishes hours_out{.fresh_for = {}, .ttl = {}, .skip_hours = {10, 11}, .skip_days = {}};
  EXPECT_EQ(after_success(kBounds, hours_out, {}, kNow), (Plan{kNow + 100min, 15min, Why::kSkipped}));
  const std::vector<std::string> monday{"Monday"};
  EXPECT_EQ(after_skipped(kNow, {}, monday), kNow + 13h + 40min);
  const std::vector<std::string> tuesday{"Tuesday"};
  EXPECT_EQ(after_skipped(kNow, {}, tuesday), kNow);
  const std::vector<int> midnight{0};
  EXPECT_EQ(after_skipped(kNow, midnight, monday), kNow + 14h + 40min);
}

TEST(Pace, PollsAFeedThatLeavesOutAllTime) {
  const std::vector<std::string> all{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
  EXPECT_EQ(after_skipped(kNow, {}, all), kNow);
}

TEST(Pace, SkippedDaysKeepTheLongestInterval) {
  const Wishes wishes{
      .fresh_for = {}, .ttl = {}, .skip_hours = {}, .skip_days = {"Monday", "Tuesday", "Wednesday", "Thursday"}};
  EXPECT_EQ(after_success(kBounds, wishes, {}, kNow).at, kNow + 24h);
}

TEST(Pace, BacksOffByDoublingUpToTheCap) {
  EXPECT_EQ(after_failure(kBounds, 1, 500, {}, kNow), (Plan{kNow + 15min, 15min, Why::kErrors}));
  EXPECT_EQ(after_failure(kBounds, 2, 0, {}, kNow).interval, Duration(30min));
  EXPECT_EQ(after_failure(kBounds, 5, 0, {}, kNow).interval, Duration(4h));
  EXPECT_EQ(after_failure(kBounds, 6, 0, {}, kNow).interval, Duration(6h));
  EXPECT_EQ(after_failure(kBounds, 1000000, 0, {}, kNow).interval, Duration(6h));
  Bounds slow = kBounds;
  slow.interval = days(2);
  EXPECT_EQ(after_failure(slow, 3, 0, {}, kNow).interval, Duration(days(2)));
}

TEST(Pace, WaitsAsLongAsTheServerAsksWithinTheBounds) {
  EXPECT_EQ(after_failure(kBounds, 1, 429, 1h, kNow), (Plan{kNow + 1h, 1h, Why::kRetryAfter}));
  EXPECT_EQ(after_failure(kBounds, 1, 503, days(30), kNow), (Plan{kNow + 24h, 24h, Why::kRetryAfter}));
  // A wait shorter than our own back-off does not shorten it.
  EXPECT_EQ(after_failure(kBounds, 3, 429, 1s, kNow), (Plan{kNow + 1h, 1h, Why::kErrors}));
}

TEST(Pace, GoneEndsThePolls) {
  EXPECT_EQ(after_failure(kBounds, 1, 410, {}, kNow).why, Why::kGone);
  EXPECT_EQ(after_failure(kBounds, 1, 410, {}, kNow).at, Time::max());
  EXPECT_EQ(after_failure(kBounds, 1, 404, {}, kNow).why, Why::kErrors);
}

TEST(Pace, TheRhythmIsTheMedianGapOfPastDates) {
  const std::vector<Time> dates{kNow - 1h, kNow - 3h, kNow - 2h, kNow - days(300), kNow + days(9)};
  const Rhythm rhythm = rhythm_of(dates, kNow);
  EXPECT_EQ(rhythm.gap, Duration(1h));
  EXPECT_EQ(rhythm.newest, kNow - 1h);
  const std::vector<Time> two{kNow - 1h, kNow - 3h};
  EXPECT_EQ(rhythm_of(two, kNow).gap, std::nullopt);
  EXPECT_EQ(rhythm_of({}, kNow).newest, std::nullopt);
}

TEST(Pace, AMoveCountsOnlyInARowAndToOnePlace) {
  Move move = note_move({}, "http://new/");
  EXPECT_EQ(move.times, 1);
  move = note_move(move, "http://new/");
  EXPECT_EQ(move.times, 2);
  EXPECT_EQ(note_move(move, "http://other/").times, 1);
  EXPECT_EQ(note_move(move, "").times, 0);
  EXPECT_EQ(note_move(move, "").url, "");
  EXPECT_EQ(note_move(move, "http://new/").times, kMovesToFollow);
}

}  // namespace
}  // namespace dprkwatch::watch
