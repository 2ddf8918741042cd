#pragma once
// The series of each directed dyad, and where today stands against its own past.

#include <chrono>
#include <string_view>
#include <vector>

#include "clock/clock.hpp"
#include "plugin/analysis.hpp"
#include "result/result.hpp"
#include "store/store.hpp"

namespace dprkwatch::trend {

enum class State { kCalm, kElevated, kEscalating, kCrisis };
[[nodiscard]] const char* name_of(State state) noexcept;

// How far back a day is compared.
inline constexpr std::chrono::days kPast{90};

// A dyad on one day.
struct Reading {
  double today = 0;     // 0-100: the day's strongest escalation
  double baseline = 0;  // 0-100: the median of the daily maxima of the 90 days before; 0 without any
  State state = State::kCalm;
};

// The day an article counts for: when it was published, else fetched, by the calendar of Asia/Seoul (UTC+9, no summer
// time since 1988).
[[nodiscard]] std::chrono::sys_days day_of(Time time) noexcept;

// From a day's maximum and the maxima of the days before it, in any order.
[[nodiscard]] Reading judge(double today, std::vector<double> past);

// Adds the article's dyads to their series. Called once a story, so that copies count once. [store thread]
[[nodiscard]] Result<void> record(store::Transaction& store, const plugin::Analysis& analysis,
                                  std::chrono::sys_days day);

// Makes the day's series anew from the analyses that are stored. After some of them were replaced. [store thread]
[[nodiscard]] Result<void> rebuild(store::Transaction& store, std::chrono::sys_days day);

// [store thread]
[[nodiscard]] Result<Reading> read(store::Transaction& store, std::string_view actor, std::string_view target,
                                   std::chrono::sys_days day);

}  // namespace dprkwatch::trend
