#include "clock/parse_time.hpp"

#include <cstdio>

namespace dprkwatch {

std::optional<Time> parse_time(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  int date_end = 0;
  int end = 0;
  std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &date_end);
  std::sscanf(text.c_str(), "%4d-%2u-%2uT%2u:%2u:%2uZ%n", &year, &month, &day, &hour, &minute, &second, &end);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  const auto size = static_cast<int>(text.size());
  if ((date_end != size && end != size) || !date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

}  // namespace dprkwatch
