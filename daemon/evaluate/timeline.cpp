#include "evaluate/timeline.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <map>
#include <random>

#include "clock/clock.hpp"
#include "evaluate/metrics.hpp"

namespace dprkwatch::evaluate {
namespace {

namespace json = boost::json;

std::string month_of(std::chrono::sys_days day) {
  return to_rfc3339(day).substr(0, 7);
}

std::optional<std::chrono::year_month> parse_month(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  int end = 0;
  const std::string copy(text);
  if (std::sscanf(copy.c_str(), "%4d-%2u%n", &year, &month, &end) != 2 || end != static_cast<int>(copy.size())) {
    return std::nullopt;
  }
  const std::chrono::year_month found{std::chrono::year(year), std::chrono::month(month)};
  if (!found.ok()) return std::nullopt;
  return found;
}

// "Raised" and "in crisis" as alerts are.
bool is_raised(const trend::Standing& standing) {
  return standing.state >= trend::State::kEscalating;
}

// Mean pressure of the days on which something was published.
std::map<std::string, double> month_means(const std::vector<trend::Standing>& course) {
  std::map<std::string, std::pair<double, double>> sums;
  for (const trend::Standing& standing : course) {
    if (standing.value.stories == 0) continue;
    auto& [sum, count] = sums[month_of(standing.value.day)];
    sum += standing.value.pressure;
    ++count;
  }
  std::map<std::string, double> means;
  for (const auto& [month, total] : sums) means[month] = total.first / total.second;
  return means;
}

std::vector<WindowFigure> windows_of(const Windows& windows, const std::map<std::string, double>& means) {
  std::vector<WindowFigure> found;
  std::optional<std::chrono::year_month> last;
  for (const std::string& name : windows.crisis) {
    const auto month = parse_month(name);
    if (!month || !means.contains(name)) continue;
    if (last && *month == *last + std::chrono::months(1)) {
      found.back().to = name;
    } else {
      found.push_back({name, name, 0, false, std::nullopt});
    }
    last = month;
  }
  return found;
}

void judge_window(const std::vector<trend::Standing>& course, const std::vector<std::chrono::sys_days>& alerts,
                  WindowFigure& window) {
  const auto inside = [&](std::chrono::sys_days day) {
    const std::string month = month_of(day);
    return month >= window.from && month <= window.to;
  };
  window.alerts = static_cast<std::size_t>(std::count_if(alerts.begin(), alerts.end(), inside));
  const auto first = std::chrono::sys_days(*parse_month(window.from) / 1);
  for (const trend::Standing& standing : course) {
    if (!inside(standing.value.day) || !is_raised(standing)) continue;
    window.raised = true;
    window.delay_days = static_cast<int>((standing.value.day - first).count());
    return;
  }
}

std::vector<Scored> scored(const std::set<std::string>& months, const std::map<std::string, double>& means,
                           bool crisis) {
  std::vector<Scored> items;
  for (const std::string& month : months) {
    if (const auto found = means.find(month); found != means.end()) items.push_back({found->second, crisis});
  }
  return items;
}

void add_interval(const std::vector<Scored>& crisis, const std::vector<Scored>& calm, std::size_t resamples,
                  std::uint64_t seed, TimelineReport& report) {
  std::mt19937_64 random(seed);
  std::vector<double> values;
  for (std::size_t i = 0; i < resamples; ++i) {
    std::vector<Scored> drawn;
    for (const auto* side : {&crisis, &calm}) {
      for (std::size_t j = 0; j < side->size(); ++j) drawn.push_back((*side)[random() % side->size()]);
    }
    if (const auto value = auc(drawn)) values.push_back(*value);
  }
  if (values.empty()) return;
  std::sort(values.begin(), values.end());
  const auto last = static_cast<double>(values.size() - 1);
  report.auc_low = values[static_cast<std::size_t>(0.025 * last)];
  report.auc_high = values[static_cast<std::size_t>(std::ceil(0.975 * last))];
}

}  // namespace

Result<Windows> read_windows(std::string_view text) {
  json::error_code problem;
  const json::value value = json::parse(text, problem);
  if (problem || !value.is_object()) {
    return fail(ErrorCode::kInvalidInput, R"(expected {"crisis": ["1998-08", ...], "calm": [...]})");
  }
  Windows windows;
  for (auto [key, months] : {std::pair{"crisis", &windows.crisis}, std::pair{"calm", &windows.calm}}) {
    const auto* list = value.as_object().if_contains(key);
    if (list == nullptr || !list->is_array()) {
      return fail(ErrorCode::kInvalidInput, std::string("expected a list `") + key + "` of months");
    }
    for (const json::value& month : list->as_array()) {
      if (!month.is_string() || !parse_month(month.as_string())) {
        return fail(ErrorCode::kInvalidInput,
                    std::string("`") + key + "`: expected a month such as 2017-08, found " + json::serialize(month));
      }
      months->insert(std::string(month.as_string()));
    }
  }
  return windows;
}

TimelineReport judge_timeline(const Windows& windows, const std::vector<trend::Standing>& course,
                              const std::vector<std::chrono::sys_days>& alerts, std::size_t resamples,
                              std::uint64_t seed) {
  const auto means = month_means(course);
  const auto crisis = scored(windows.crisis, means, true);
  const auto calm = scored(windows.calm, means, false);
  TimelineReport report;
  report.crisis_months = crisis.size();
  report.calm_months = calm.size();
  auto both = crisis;
  both.insert(both.end(), calm.begin(), calm.end());
  report.auc = auc(both);
  if (report.auc) add_interval(crisis, calm, resamples, seed, report);
  report.windows = windows_of(windows, means);
  for (WindowFigure& window : report.windows) {
    judge_window(course, alerts, window);
    report.windows_hit += window.alerts > 0 ? 1 : 0;
  }
  report.alerts = alerts.size();
  report.false_alarms = static_cast<std::size_t>(std::count_if(
      alerts.begin(), alerts.end(), [&](std::chrono::sys_days day) { return windows.calm.contains(month_of(day)); }));
  return report;
}

std::string to_json(const TimelineReport& report) {
  json::array windows;
  for (const WindowFigure& window : report.windows) {
    windows.push_back({{"from", window.from},
                       {"to", window.to},
                       {"alerts", window.alerts},
                       {"hit", window.alerts > 0},
                       {"raised", window.raised},
                       {"delay_days", window.delay_days ? json::value(*window.delay_days) : json::value(nullptr)}});
  }
  return json::serialize(json::object{{"auc", report.auc ? json::value(*report.auc) : json::value(nullptr)},
                                      {"auc_low", report.auc_low},
                                      {"auc_high", report.auc_high},
                                      {"crisis_months", report.crisis_months},
                                      {"calm_months", report.calm_months},
                                      {"windows", std::move(windows)},
                                      {"windows_hit", report.windows_hit},
                                      {"alerts", report.alerts},
                                      {"false_alarms", report.false_alarms}});
}

std::string to_table(const TimelineReport& report) {
  std::array<char, 200> line{};
  std::string table;
  const auto add = [&](int size) { table.append(line.data(), static_cast<std::size_t>(size)); };
  if (report.auc) {
    add(std::snprintf(line.data(), line.size(), "crisis against calm months: AUC %.3f (%.3f-%.3f), %zu against %zu\n",
                      *report.auc, report.auc_low, report.auc_high, report.crisis_months, report.calm_months));
  } else {
    table += "crisis against calm months: no data on one side\n";
  }
  add(std::snprintf(line.data(), line.size(), "windows hit: %zu of %zu; alerts: %zu, in calm months: %zu\n\n",
                    report.windows_hit, report.windows.size(), report.alerts, report.false_alarms));
  table += "window              alerts  raised  delay\n";
  for (const WindowFigure& window : report.windows) {
    std::array<char, 24> delay{"-"};
    if (window.delay_days) std::snprintf(delay.data(), delay.size(), "%d days", *window.delay_days);
    add(std::snprintf(line.data(), line.size(), "%s to %s %7zu  %-6s  %s\n", window.from.c_str(), window.to.c_str(),
                      window.alerts, window.raised ? "yes" : "no", delay.data()));
  }
  return table;
}

}  // namespace dprkwatch::evaluate
