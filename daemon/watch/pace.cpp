#include "watch/pace.hpp"

#include <algorithm>
#include <array>

namespace dprkwatch::watch {
namespace {

// A feed is polled this often in its usual gap: an entry is then seen after a sixteenth of the gap on average.
constexpr int kPollsInAGap = 8;

// interval, 2, 4, 8 ... times that, but never longer than the cap (nor shorter than the interval itself).
Duration backoff(const Bounds& bounds, int failures) {
  const Duration cap = std::max(bounds.interval, bounds.max_backoff);
  Duration wait = bounds.interval;
  for (int i = 1; i < failures && wait < cap; ++i) wait *= 2;
  return std::min(wait, cap);
}

bool contains_day(std::span<const std::string> days, std::chrono::weekday day) {
  constexpr std::array<const char*, 7> kDays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                             "Thursday", "Friday", "Saturday"};
  return std::ranges::find(days, kDays.at(day.c_encoding())) != days.end();
}

}  // namespace

const char* name_of(Why why) noexcept {
  switch (why) {
    case Why::kInterval:
      return "interval";
    case Why::kRhythm:
      return "rhythm";
    case Why::kTtl:
      return "ttl";
    case Why::kFresh:
      return "fresh";
    case Why::kSkipped:
      return "skipped";
    case Why::kErrors:
      return "errors";
    case Why::kRetryAfter:
      return "retry-after";
    case Why::kPushed:
      return "pushed";
    case Why::kGone:
      return "gone";
    case Why::kHost:
      return "host";
    case Why::kGap:
      return "gap";
  }
  return "";
}

Rhythm rhythm_of(std::span<const Time> published, Time now) {
  std::vector<Time> dates;
  std::ranges::copy_if(published, std::back_inserter(dates), [&](Time date) { return date <= now; });
  std::ranges::sort(dates);
  Rhythm rhythm;
  if (!dates.empty()) rhythm.newest = dates.back();
  if (dates.size() < 3) return rhythm;
  std::vector<Duration> gaps;
  for (std::size_t i = 1; i < dates.size(); ++i) gaps.push_back(dates[i] - dates[i - 1]);
  const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
  std::nth_element(gaps.begin(), middle, gaps.end());
  rhythm.gap = *middle;
  return rhythm;
}

Plan after_success(const Bounds& bounds, const Wishes& wishes, const Rhythm& rhythm, Time now) {
  Plan plan{now + bounds.interval, bounds.interval, Why::kInterval};
  if (bounds.pushed > plan.interval) plan = {now + bounds.pushed, bounds.pushed, Why::kPushed};
  if (bounds.fixed) return plan;
  const Duration longest = std::max(bounds.interval, bounds.max_interval);
  const auto lengthen = [&](Duration wanted, Why why) {
    wanted = std::min(wanted, longest);
    if (wanted <= plan.interval) return;
    plan.interval = wanted;
    plan.why = why;
  };
  if (rhythm.gap && rhythm.newest) {
    // A feed that has been silent for longer than usual is a slower one by now.
    lengthen(std::max(*rhythm.gap, now - *rhythm.newest) / kPollsInAGap, Why::kRhythm);
  }
  if (wishes.ttl) lengthen(*wishes.ttl, Why::kTtl);
  if (wishes.fresh_for) lengthen(*wishes.fresh_for, Why::kFresh);
  plan.at = now + plan.interval;
  const Time shown = std::min(after_skipped(plan.at, wishes.skip_hours, wishes.skip_days), now + longest);
  if (shown > plan.at) {
    plan.at = shown;
    plan.why = Why::kSkipped;
  }
  return plan;
}

Plan after_failure(const Bounds& bounds, int failures, int status, std::optional<Duration> retry_after, Time now) {
  constexpr int kHttpGone = 410;
  if (status == kHttpGone) return {Time::max(), Duration::zero(), Why::kGone};
  Plan plan{now, backoff(bounds, failures), Why::kErrors};
  if (retry_after) {
    const Duration asked = std::min(*retry_after, std::max(bounds.interval, bounds.max_interval));
    if (asked >= plan.interval) {
      plan.interval = asked;
      plan.why = Why::kRetryAfter;
    }
  }
  plan.at = now + plan.interval;
  return plan;
}

Time after_skipped(Time at, std::span<const int> hours, std::span<const std::string> days) {
  if (hours.empty() && days.empty()) return at;
  constexpr int kHoursInAWeek = 7 * 24;
  Time tried = at;
  for (int i = 0; i <= kHoursInAWeek; ++i) {
    const auto day = std::chrono::floor<std::chrono::days>(tried);
    const auto hour = static_cast<int>(std::chrono::floor<std::chrono::hours>(tried - day).count());
    if (std::ranges::find(hours, hour) == hours.end() && !contains_day(days, std::chrono::weekday(day))) return tried;
    tried = std::chrono::floor<std::chrono::hours>(tried) + std::chrono::hours(1);
  }
  return at;
}

Move note_move(Move move, const std::string& to) {
  if (to.empty()) return {};
  if (to != move.url) return {to, 1};
  ++move.times;
  return move;
}

}  // namespace dprkwatch::watch
