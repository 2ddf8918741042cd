#include "trend/course.hpp"

#include <algorithm>
#include <cmath>

#include "trend/robust.hpp"

namespace dprkwatch::trend {
namespace {

constexpr std::size_t kWeek = 7;
constexpr std::size_t kShortPast = 90;
constexpr std::size_t kLongPast = 365;
constexpr std::size_t kChangeGap = 14;   // the onset of a change is no part of what it is compared with
constexpr std::size_t kColdDays = 60;    // observed; with fewer there is no past to speak of
constexpr std::size_t kColdDivisor = 4;  // of a week with fewer observed days
constexpr std::size_t kLeaveDays = 7;
constexpr std::int64_t kStatements = 2;   // distinct threatening stories behind a rise
constexpr std::size_t kSeasonReach = 14;  // days around the same day of an earlier year
constexpr double kYear = 365.2425;
constexpr double kThinVolume = 0.25;  // of the median week of the past: fewer stories than that are no basis

// Sums over the last kWeek days.
struct Week {
  double pressure = 0;
  std::size_t observed = 0;
  std::int64_t stories = 0;
  std::int64_t threats = 0;
  bool highest_voice = false;
};

Week week_of(const std::vector<DayValue>& days, std::size_t at) {
  Week week;
  for (std::size_t i = at + 1 > kWeek ? at + 1 - kWeek : 0; i <= at; ++i) {
    week.stories += days[i].stories;
    week.threats += days[i].threats;
    week.highest_voice = week.highest_voice || days[i].highest_voice;
    if (days[i].stories == 0) continue;
    week.pressure += days[i].pressure;
    ++week.observed;
  }
  if (week.observed > 0) week.pressure /= static_cast<double>(std::max(week.observed, kColdDivisor));
  return week;
}

// Page's one-sided sum over the days, against mean and deviation of the year before.
class Change {
 public:
  explicit Change(const CourseSettings& settings) : settings_(settings) {}

  double step(const std::vector<DayValue>& days, std::size_t at) {
    if (at >= kChangeGap) weigh(days[at - kChangeGap], +1);
    if (at >= kLongPast) weigh(days[at - kLongPast], -1);
    if (days[at].stories == 0 || count_ < static_cast<double>(kColdDays)) return sum_;
    const double mean = total_ / count_;
    const double variance = std::max(0.0, squares_ / count_ - mean * mean);
    const double deviation = std::max(settings_.least_deviation, std::sqrt(variance));
    const double above = std::min((days[at].pressure - mean) / deviation, settings_.outlier);
    // Held at twice the alarm: what went up for months must not take months to come down.
    sum_ = std::clamp(sum_ + above - settings_.drift, 0.0, 2 * settings_.alarm);
    return sum_;
  }

 private:
  void weigh(const DayValue& day, int sign) {
    if (day.stories == 0) return;
    count_ += sign;
    total_ += sign * day.pressure;
    squares_ += sign * day.pressure * day.pressure;
  }
  const CourseSettings& settings_;
  double count_ = 0;
  double total_ = 0;
  double squares_ = 0;
  double sum_ = 0;
};

// Points of the week above the median of the peaks that earlier years had around this day.
std::optional<double> season_excess(const std::vector<Standing>& course, std::size_t at, double week) {
  RobustWindow peaks;
  for (int years = 1;; ++years) {
    const auto back = static_cast<std::size_t>(std::lround(kYear * years));
    if (back > at) break;
    const std::size_t middle = at - back;
    double peak = 0;
    for (std::size_t i = middle > kSeasonReach ? middle - kSeasonReach : 0; i <= middle + kSeasonReach; ++i) {
      peak = std::max(peak, course[i].week);
    }
    peaks.add(peak);
  }
  if (peaks.size() < 2) return std::nullopt;
  return week - peaks.median();
}

// The state that a day speaks for by itself.
State wanted(const Standing& standing, const Week& week, const CourseSettings& settings) {
  // Two distinct statements, or one unconditional threat by the highest authority.
  if (week.threats < kStatements && !week.highest_voice) return State::kCalm;
  if (standing.z365 < settings.elevated) return State::kCalm;
  const bool unusual_for_season = !standing.season_excess || *standing.season_excess >= settings.season_excess;
  if (standing.z365 < settings.escalating || !unusual_for_season || !standing.change_alarm) return State::kElevated;
  if (standing.z365 >= settings.crisis && standing.week >= settings.crisis_pressure) return State::kCrisis;
  return State::kEscalating;
}

// Rises at once; falls one step after kLeaveDays of quiet.
class Hysteresis {
 public:
  State step(State wanted, bool quiet) {
    if (wanted >= state_) {
      quiet_days_ = 0;
      return state_ = wanted;
    }
    quiet_days_ = quiet ? quiet_days_ + 1 : 0;
    if (quiet_days_ < kLeaveDays) return state_;
    quiet_days_ = 0;
    return state_ = std::max(wanted, static_cast<State>(static_cast<int>(state_) - 1));
  }
  [[nodiscard]] State state() const noexcept { return state_; }

 private:
  State state_ = State::kCalm;
  std::size_t quiet_days_ = 0;
};

// Tells a new rise from one that goes on.
class Rises {
 public:
  bool step(State wanted, bool quiet) {
    if (quiet) reached_ = State::kCalm;
    if (wanted < State::kEscalating || wanted <= reached_) return false;
    reached_ = wanted;
    return true;
  }

 private:
  State reached_ = State::kCalm;  // since the last quiet day
};

// The past of the weeks: pressure over both horizons, volume over the short one.
class Past {
 public:
  // Takes up day `at - kWeek` and drops those beyond the horizons.
  void advance(const std::vector<Standing>& course, const std::vector<Week>& weeks, std::size_t at) {
    if (at < kWeek) return;
    take(course, weeks, at - kWeek, true, true);
    if (at >= kWeek + kShortPast) take(course, weeks, at - kWeek - kShortPast, true, false);
    if (at >= kWeek + kLongPast) take(course, weeks, at - kWeek - kLongPast, false, false);
  }
  RobustWindow pressure90;
  RobustWindow pressure365;
  RobustWindow volume90;

 private:
  void take(const std::vector<Standing>& course, const std::vector<Week>& weeks, std::size_t i, bool is_short,
            bool entering) {
    if (weeks[i].observed == 0) return;
    const auto volume = static_cast<double>(weeks[i].stories);
    if (entering) {
      pressure90.add(course[i].week);
      pressure365.add(course[i].week);
      volume90.add(volume);
    } else if (is_short) {
      pressure90.remove(course[i].week);
      volume90.remove(volume);
    } else {
      pressure365.remove(course[i].week);
    }
  }
};

double z_of(double week, const RobustWindow& past, const CourseSettings& settings) {
  if (past.size() < kColdDays) return (week - settings.cold_usual) / settings.cold_scale;
  return (week - past.median()) / std::max(settings.least_scale, past.deviation());
}

}  // namespace

std::vector<Standing> course_of(const std::vector<DayValue>& days, const CourseSettings& settings) {
  std::vector<Standing> course(days.size());
  std::vector<Week> weeks(days.size());
  Past past;
  Change change(settings);
  Hysteresis hysteresis;
  Rises rises;
  for (std::size_t i = 0; i < days.size(); ++i) {
    Standing& standing = course[i];
    weeks[i] = week_of(days, i);
    standing.value = days[i];
    standing.week = weeks[i].pressure;
    past.advance(course, weeks, i);
    standing.usual = past.pressure365.median();
    standing.z90 = z_of(standing.week, past.pressure90, settings);
    standing.z365 = z_of(standing.week, past.pressure365, settings);
    standing.season_excess = season_excess(course, i, standing.week);
    standing.change = change.step(days, i);
    const bool cold = past.pressure365.size() < kColdDays;
    standing.change_alarm = cold || standing.change >= settings.alarm;
    standing.guarded =
        weeks[i].observed == 0 || (past.volume90.size() >= kColdDays &&
                                   static_cast<double>(weeks[i].stories) < kThinVolume * past.volume90.median());
    standing.state = hysteresis.state();
    if (standing.guarded) continue;
    const State speaks_for = wanted(standing, weeks[i], settings);
    const bool quiet = standing.z365 < settings.leave;
    standing.state = hysteresis.step(speaks_for, quiet);
    standing.rise = rises.step(speaks_for, quiet);
  }
  return course;
}

}  // namespace dprkwatch::trend
