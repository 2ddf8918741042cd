#pragma once
// How well a pair's course tells months of crisis from calm ones: `dprkwatch evaluate --timeline`. Pure but for
// reading.

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "result/result.hpp"
#include "trend/course.hpp"

namespace dprkwatch::evaluate {

// Months by history, as "2017-08". Months in neither are not judged.
struct Windows {
  std::set<std::string> crisis;
  std::set<std::string> calm;
};

// {"crisis": ["1998-08", ...], "calm": [...]}. Fails with kInvalidInput, naming the entry.
[[nodiscard]] Result<Windows> read_windows(std::string_view json);

// A run of months of crisis.
struct WindowFigure {
  std::string from;  // months
  std::string to;
  std::size_t alerts = 0;         // raised in it
  bool raised = false;            // on some day of it the state was escalating or crisis
  std::optional<int> delay_days;  // from its first day to the first day in such a state
};

struct TimelineReport {
  std::optional<double> auc;  // of the months' mean pressure, crisis against calm; empty when one side has no data
  double auc_low = 0;         // 95% interval: months drawn with replacement
  double auc_high = 0;
  std::size_t crisis_months = 0;  // with data
  std::size_t calm_months = 0;
  std::vector<WindowFigure> windows;  // those with data
  std::size_t windows_hit = 0;        // with an alert in them
  std::size_t alerts = 0;             // in all
  std::size_t false_alarms = 0;       // in calm months
};

// `alerts`: their days. The same input and seed give the same figures.
[[nodiscard]] TimelineReport judge_timeline(const Windows& windows, const std::vector<trend::Standing>& course,
                                            const std::vector<std::chrono::sys_days>& alerts, std::size_t resamples,
                                            std::uint64_t seed);

[[nodiscard]] std::string to_json(const TimelineReport& report);
[[nodiscard]] std::string to_table(const TimelineReport& report);

}  // namespace dprkwatch::evaluate
