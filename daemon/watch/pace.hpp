#pragma once
// When a feed is polled next, and why then. Pure functions of plain data: what the configuration allows, what the
// server and the feed ask for, how often the feed has news, and the clock's value. Any thread.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "clock/clock.hpp"

namespace dprkwatch::watch {

// What the configuration allows.
struct Bounds {
  Duration interval = std::chrono::minutes(15);    // the shortest wait
  Duration max_interval = std::chrono::hours(24);  // the longest wait that the feed or its server can bring about
  Duration max_backoff = std::chrono::hours(6);    // the longest wait that errors alone bring about
  // A hub pushes the feed: one poll in this time is enough. Zero: it does not.
  Duration pushed{};
  // The feed has an interval of its own: its rhythm and its wishes change nothing, errors and Retry-After still do.
  bool fixed = false;
};

// What server and feed ask for. Kept between polls, since a 304 has no body to say it again.
struct Wishes {
  std::optional<Duration> fresh_for;   // Cache-Control, Expires (RFC 9111 §4.2.1)
  std::optional<Duration> ttl;         // RSS ttl, sy:updatePeriod
  std::vector<int> skip_hours;         // 0..23, UTC
  std::vector<std::string> skip_days;  // "Monday"
};

// How often a feed has news.
struct Rhythm {
  std::optional<Duration> gap;  // the usual time between two entries
  std::optional<Time> newest;   // of its entries; never later than the fetch
};

enum class Why {
  kInterval,    // the configuration's interval
  kRhythm,      // the feed has news seldom
  kTtl,         // the feed asks for it
  kFresh,       // the server says that its answer holds until then
  kSkipped,     // the hour or the day is one of those the feed leaves out
  kErrors,      // back-off
  kRetryAfter,  // the server asked to wait
  kPushed,      // a hub pushes the news
  kGone,        // 410: no more polls
  kHost,        // its turn at its host comes then
  kGap,         // entries may have been missed
};

struct Plan {
  Time at{};            // kGone: Time::max()
  Duration interval{};  // from now to `at`, before skipped hours and days
  Why why = Why::kInterval;
  bool operator==(const Plan&) const = default;
};

// "interval", "rhythm", "ttl", "fresh", "skipped", "errors", "retry-after", "gone", "pushed", "host", "gap":
// stable, for the store and people.
[[nodiscard]] const char* name_of(Why why) noexcept;

// The rhythm that the dates of a document's entries show: the median of the gaps between them. Dates after `now` are
// left out. Fewer than three dates show no gap. O(n log n).
[[nodiscard]] Rhythm rhythm_of(std::span<const Time> published, Time now);

// After a poll that went well.
[[nodiscard]] Plan after_success(const Bounds& bounds, const Wishes& wishes, const Rhythm& rhythm, Time now);

// After one that did not. `failures`: in a row, this one included, >= 1. `status`: of the answer, 0 when none came.
// A 410 ends the polls; a 404 does not, as many come back.
[[nodiscard]] Plan after_failure(const Bounds& bounds, int failures, int status, std::optional<Duration> retry_after,
                                 Time now);

// The first time at or after `at` in none of the hours and days left out; `at` itself when all are.
[[nodiscard]] Time after_skipped(Time at, std::span<const int> hours, std::span<const std::string> days);

// A feed's moves: after how many polls in a row that were sent on, for good (301, 308), to the same place the new
// place is asked directly.
inline constexpr int kMovesToFollow = 3;
struct Move {
  std::string url;  // where the feed says it went; empty when it did not move
  int times = 0;    // in a row
};
// `to`: where this poll was sent for good; empty when it was not.
[[nodiscard]] Move note_move(Move move, const std::string& to);

}  // namespace dprkwatch::watch
