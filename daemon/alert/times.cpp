// Whether a time lies in an interval of a time zone's calendar.
#include <unicode/ucal.h>

#include <algorithm>
#include <memory>
#include <string>

#include "alert/route.hpp"

namespace dprkwatch::alert {
namespace {

using Calendar = std::unique_ptr<UCalendar, decltype(&ucal_close)>;

struct Local {
  int minute = 0;  // of the day
  int weekday = 0;
  int day = 1;
  int days = 31;  // of the month
  int month = 1;
  int year = 1970;
};

Local local_time(const std::string& zone, Time time) {
  const std::u16string wide(zone.begin(), zone.end());
  UErrorCode error = U_ZERO_ERROR;
  const Calendar calendar(ucal_open(wide.data(), static_cast<std::int32_t>(wide.size()), "en", UCAL_GREGORIAN, &error),
                          &ucal_close);
  ucal_setMillis(calendar.get(), static_cast<UDate>(time.time_since_epoch().count()), &error);
  const auto get = [&](UCalendarDateFields field) { return ucal_get(calendar.get(), field, &error); };
  Local local;
  local.minute = get(UCAL_HOUR_OF_DAY) * 60 + get(UCAL_MINUTE);
  local.weekday = get(UCAL_DAY_OF_WEEK) - 1;
  local.day = get(UCAL_DAY_OF_MONTH);
  local.days = ucal_getLimit(calendar.get(), UCAL_DAY_OF_MONTH, UCAL_ACTUAL_MAXIMUM, &error);
  local.month = get(UCAL_MONTH) + 1;
  local.year = get(UCAL_YEAR);
  return local;
}

bool in_any(const std::vector<config::Span>& spans, int value) {
  return spans.empty() || std::any_of(spans.begin(), spans.end(),
                                      [&](const config::Span& span) { return value >= span.from && value <= span.to; });
}

// Ends that count from the end of the month become days of this one; what lies beyond its ends is cut off.
bool day_fits(const std::vector<config::Span>& spans, const Local& local) {
  const auto from_begin = [&](int day) { return day < 0 ? local.days + day + 1 : day; };
  return spans.empty() || std::any_of(spans.begin(), spans.end(), [&](const config::Span& span) {
           return local.day >= from_begin(span.from) && local.day <= from_begin(span.to);
         });
}

bool in_times(const std::string& name, const std::vector<config::NamedTimes>& times, Time now) {
  for (const config::NamedTimes& named : times) {
    if (named.name != name) continue;
    return std::any_of(named.intervals.begin(), named.intervals.end(),
                       [&](const config::TimeInterval& interval) { return contains(interval, now); });
  }
  return false;
}

}  // namespace

bool contains(const config::TimeInterval& interval, Time time) {
  const Local local = local_time(interval.location, time);
  const bool minute = interval.minutes.empty() ||
                      std::any_of(interval.minutes.begin(), interval.minutes.end(), [&](const config::Span& span) {
                        return local.minute >= span.from && local.minute < span.to;
                      });
  return minute && in_any(interval.weekdays, local.weekday) && day_fits(interval.days_of_month, local) &&
         in_any(interval.months, local.month) && in_any(interval.years, local.year);
}

std::optional<std::string> muted(const config::Route& route, const std::vector<config::NamedTimes>& times, Time now) {
  for (const std::string& name : route.mute_times) {
    if (in_times(name, times, now)) return "muted by " + name;
  }
  if (route.active_times.empty()) return std::nullopt;
  const bool active = std::any_of(route.active_times.begin(), route.active_times.end(),
                                  [&](const std::string& name) { return in_times(name, times, now); });
  if (active) return std::nullopt;
  return "not in " + route.active_times.front();
}

}  // namespace dprkwatch::alert
