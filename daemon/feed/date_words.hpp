#pragma once
// What the words of a date mean, in the languages that feeds about Korea are written in.

#include <optional>
#include <string>
#include <string_view>

namespace dprkwatch::feed {

// Lower case for ASCII, Cyrillic and accented Latin; full-width digits and signs, odd
// blanks and dashes, and Chinese numerals before a unit as ASCII.
[[nodiscard]] std::string fold_date(std::string_view text);

// 1..12, for a folded word such as "dec", "december", "декабря".
[[nodiscard]] std::optional<int> month_of(std::string_view word) noexcept;

// A word of Korean, Japanese or Chinese that a folded text begins with; these stand without blanks.
enum class EastAsian {
  kNone,
  kYear,
  kMonth,
  kDay,
  kHour,
  kHalfHour,
  kMinute,
  kSecond,
  kMorning,
  kNoon,
  kDaytime,
  kAfternoon,
  kNight,
  kEra,
  kFirst
};
struct EastAsianWord {
  EastAsian meaning = EastAsian::kNone;
  std::size_t bytes = 0;
  int era_offset = 0;  // what to add to a year of the era
};
[[nodiscard]] EastAsianWord east_asian_word_at(std::string_view text) noexcept;

}  // namespace dprkwatch::feed
