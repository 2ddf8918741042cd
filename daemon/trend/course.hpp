#pragma once
// Where each day of a pair stands against its own past, and the state that follows. docs/method.md says how each number
// is made and where it was measured. Pure: the same days give the same course.

#include <chrono>
#include <optional>
#include <vector>

#include "trend/ledger.hpp"
#include "trend/trend.hpp"

namespace dprkwatch::trend {

// The thresholds. The defaults are the measured ones.
struct CourseSettings {
  // Standing of the week: its mean pressure against the median of the weeks before, in robust standard deviations.
  double elevated = 2.0;
  double escalating = 2.5;
  double crisis = 6.0;
  double crisis_pressure = 20.0;  // points that the week must have besides
  double leave = 1.0;             // a state is left after a week below this; a new rise may follow after a day
  double season_excess = 3.0;     // points above the usual peak of the same weeks of earlier years
  double least_scale = 1.0;       // points: a series of zeros has no deviation of its own
  // Until there is a past, a week stands (week - cold_usual) / cold_scale high.
  double cold_usual = 30.0;
  double cold_scale = 10.0;
  // Change detection (Page 1954, one-sided): sums what exceeds mean + drift, in standard deviations.
  double drift = 1.0;
  double alarm = 3.0;
  double outlier = 4.0;          // deviations that one day counts at most: one article makes no trend
  double least_deviation = 1.5;  // points
};

struct Standing {
  DayValue value;
  double week = 0;                      // mean pressure of the observed days among the last 7
  double usual = 0;                     // median of the weeks of the last 365 days
  double z90 = 0;                       // robust z of the week against the last 90 days
  double z365 = 0;                      // against the last 365
  std::optional<double> season_excess;  // points above the usual peak of these weeks; from the third year on
  double change = 0;                    // the sum of change detection; an alarm from CourseSettings::alarm on
  bool change_alarm = false;
  bool guarded = false;  // too little was published or gathered to say anything: the state is held
  State state = State::kCalm;
  // The first day that speaks for escalating (or for crisis) since the week was last below CourseSettings::leave: what
  // alerts are raised on. A state that is held from an earlier rise can see a new one.
  bool rise = false;
};

// `days` as Ledger::days gives them: rising, without gaps. O(n) windows of at most 365 days.
[[nodiscard]] std::vector<Standing> course_of(const std::vector<DayValue>& days, const CourseSettings& settings = {});

}  // namespace dprkwatch::trend
