#include "backtest/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "backtest/finding.hpp"
#include "text/text.hpp"

namespace dprkwatch::backtest {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr double kWidth = 1000;
constexpr double kHeight = 200;
constexpr double kLeft = 34;
constexpr double kTop = 16;
constexpr double kBottom = 28;
constexpr double kRight = 6;
constexpr double kLeastScale = 12;  // points: a flat series is drawn flat

std::string coordinate(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

class Plot {
 public:
  explicit Plot(const std::vector<trend::Standing>& course) : course_(course) {
    for (const trend::Standing& standing : course) top_ = std::max(top_, standing.week);
    top_ = std::ceil(top_ / 4) * 4;
  }

  [[nodiscard]] double x(double index) const {
    const auto last = static_cast<double>(std::max<std::size_t>(1, course_.size() - 1));
    return kLeft + index / last * (kWidth - kLeft - kRight);
  }
  [[nodiscard]] double y(double points) const { return kHeight - kBottom - points / top_ * (kHeight - kTop - kBottom); }
  [[nodiscard]] sys_days first() const { return course_.front().value.day; }
  [[nodiscard]] double index_of(sys_days day) const { return static_cast<double>((day - first()).count()); }
  [[nodiscard]] bool shows(sys_days day) const { return day >= first() && day <= course_.back().value.day; }

  void add_states(std::string& svg) const {
    for (std::size_t begin = 0; begin < course_.size();) {
      std::size_t end = begin;
      while (end < course_.size() && course_[end].state == course_[begin].state) ++end;
      if (course_[begin].state != trend::State::kCalm) {
        const double left = x(static_cast<double>(begin));
        svg += "<rect class=\"" + std::string(trend::name_of(course_[begin].state)) + "\" x=\"" + coordinate(left) +
               "\" y=\"" + coordinate(kTop) + "\" width=\"" + coordinate(x(static_cast<double>(end)) - left) +
               "\" height=\"" + coordinate(kHeight - kTop - kBottom) + "\"><title>" +
               trend::name_of(course_[begin].state) + ", " + day_name(course_[begin].value.day) + " to " +
               day_name(course_[end - 1].value.day) + "</title></rect>";
      }
      begin = end;
    }
  }

  void add_axes(std::string& svg) const {
    for (const double share : {0.0, 0.5, 1.0}) {
      const std::string at = coordinate(y(share * top_));
      svg += "<line class=\"grid\" x1=\"" + coordinate(kLeft) + "\" x2=\"" + coordinate(kWidth - kRight) + "\" y1=\"" +
             at + "\" y2=\"" + at + "\"/><text x=\"" + coordinate(kLeft - 4) + "\" y=\"" +
             coordinate(y(share * top_) + 4) + "\" text-anchor=\"end\">" + std::to_string(std::lround(share * top_)) +
             "</text>";
    }
    const bool by_month = course_.size() < 800;
    const std::chrono::year_month_day start(first());
    for (auto month = start.year() / start.month(); sys_days(month / 1) <= course_.back().value.day;
         month += std::chrono::months(1)) {
      const bool january = month.month() == std::chrono::January;
      if (!shows(sys_days(month / 1)) || (!by_month && !january)) continue;
      const std::string at = coordinate(x(index_of(sys_days(month / 1))));
      const std::string name = day_name(sys_days(month / 1)).substr(0, by_month ? 7 : 4);
      svg += "<line class=\"grid\" x1=\"" + at + "\" x2=\"" + at + "\" y1=\"" + coordinate(kTop) + "\" y2=\"" +
             coordinate(kHeight - kBottom) + "\"/><text x=\"" + at + "\" y=\"" + coordinate(kHeight - 4) + "\">" +
             name + "</text>";
    }
  }

  // One point a pixel: the highest of its days, so that no peak is lost.
  void add_line(const char* name, double trend::Standing::*value, std::string& svg) const {
    svg += "<polyline class=\"" + std::string(name) + "\" points=\"";
    const std::size_t step = std::max<std::size_t>(1, course_.size() / static_cast<std::size_t>(kWidth));
    for (std::size_t begin = 0; begin < course_.size(); begin += step) {
      double highest = 0;
      for (std::size_t i = begin; i < std::min(begin + step, course_.size()); ++i) {
        highest = std::max(highest, course_[i].*value);
      }
      svg += coordinate(x(static_cast<double>(begin))) + "," + coordinate(y(highest)) + " ";
    }
    svg += "\"/>";
  }

 private:
  const std::vector<trend::Standing>& course_;
  double top_ = kLeastScale;
};

}  // namespace

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text::printable(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string plot_svg(const trend::Pair& pair, const std::vector<trend::Standing>& course,
                     const std::vector<Alert>& alerts, const std::vector<Event>& events) {
  if (course.empty()) return {};
  const Plot plot(course);
  std::string svg = "<svg viewBox=\"0 0 1000 200\" role=\"img\" aria-label=\"pressure of " + escaped(pair.actor) +
                    " at " + escaped(pair.target == trend::kAnyone ? "anyone" : pair.target) + "\">";
  plot.add_states(svg);
  plot.add_axes(svg);
  plot.add_line("usual", &trend::Standing::usual, svg);
  plot.add_line("week", &trend::Standing::week, svg);
  for (const Event& event : events) {
    if (!plot.shows(event.day)) continue;
    const std::string at = coordinate(plot.x(plot.index_of(event.day)));
    svg += "<line class=\"event\" x1=\"" + at + "\" x2=\"" + at + "\" y1=\"" + coordinate(kHeight - kBottom) +
           "\" y2=\"" + coordinate(kHeight - kBottom + 9) + "\"><title>" + day_name(event.day) + ": " +
           escaped(event.text) + " (" + escaped(event.type) + ")</title></line>";
  }
  for (const Alert& alert : alerts) {
    if (alert.actor != pair.actor || alert.target != pair.target || alert.source != pair.source) continue;
    if (!plot.shows(alert.day)) continue;
    const double at = plot.x(plot.index_of(alert.day));
    svg += "<path class=\"alert\" d=\"M" + coordinate(at - 5) + " 2h10l-5 11z\"><title>" + day_name(alert.day) + ": " +
           escaped(alert.rule) + ", " + trend::name_of(alert.state) + "</title></path>";
  }
  return svg + "</svg>";
}

}  // namespace dprkwatch::backtest
