#include "trend/trend.hpp"

#include <algorithm>
#include <utility>

namespace dprkwatch::trend {
namespace {

double median(std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace

const char* name_of(State state) noexcept {
  switch (state) {
    case State::kCalm:
      return "calm";
    case State::kElevated:
      return "elevated";
    case State::kEscalating:
      return "escalating";
    case State::kCrisis:
      return "crisis";
  }
  return "calm";
}

std::chrono::sys_days day_of(Time time) noexcept {
  return std::chrono::floor<std::chrono::days>(time + std::chrono::hours(9));
}

Reading judge(double today, std::vector<double> past) {
  Reading reading{today, median(past), State::kCalm};
  // A state needs both a level that is high in itself and a rise over what is usual for the pair: daily invective alone
  // is this dyad's calm. The levels are those of the article score (docs/method.md); 80 is an unconditional explicit
  // threat.
  const double rise = today - reading.baseline;
  if (today >= 80 && rise >= 40) {
    reading.state = State::kCrisis;
  } else if (today >= 60 && rise >= 20) {
    reading.state = State::kEscalating;
  } else if (today >= 40 && rise >= 10) {
    reading.state = State::kElevated;
  }
  return reading;
}

Result<void> record(store::Transaction& store, const plugin::Analysis& analysis, std::chrono::sys_days day) {
  for (const plugin::Dyad& dyad : analysis.dyads) {
    auto done = store.add_to_series({dyad.actor, dyad.target, day, dyad.escalation, dyad.deescalation});
    if (!done) return done;
  }
  return {};
}

Result<void> rebuild(store::Transaction& store, std::chrono::sys_days day) {
  constexpr std::chrono::hours kSeoul{9};  // as day_of
  return store.rebuild_series(day, Time(day) - kSeoul, Time(day + std::chrono::days(1)) - kSeoul);
}

Result<Reading> read(store::Transaction& store, std::string_view actor, std::string_view target,
                     std::chrono::sys_days day) {
  auto days = store.series(actor, target, day - kPast, day + std::chrono::days(1));
  if (!days) return tl::unexpected(std::move(days.error()));
  double today = 0;
  std::vector<double> past;
  for (const store::SeriesDay& entry : *days) {
    if (entry.day == day) {
      today = entry.escalation_max;
    } else {
      past.push_back(entry.escalation_max);
    }
  }
  return judge(today, std::move(past));
}

}  // namespace dprkwatch::trend
