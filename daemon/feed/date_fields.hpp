#pragma once
// What has been read of a date, field by field, before it is known to be possible.

#include <optional>
#include <string>
#include <string_view>

namespace dprkwatch::feed {

inline constexpr int kUnset = -1;

// When of the day an hour from 1 to 12 is meant to be.
enum class HalfDay {
  kUnknown,
  kMorning,
  kDaytime,  // 낮 1시 is 13:00, 낮 11시 is 11:00
  kAfternoon,
  kNight,  // 밤 11시 is 23:00, 밤 12시 the end of the day, 밤 1시 is 1:00
};

struct DateFields {
  int year = kUnset;
  int month = kUnset;
  int day = kUnset;
  int hour = kUnset;
  int minute = kUnset;
  int second = kUnset;
  int millisecond = 0;
  std::optional<int> offset;  // minutes east of UTC
  std::string region;         // of the IANA database, where the offset depends on the date; may be empty
  HalfDay half = HalfDay::kUnknown;
};

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

// RFC 5322 §4.3: two digits below 50 are this century's, three digits count from 1900.
[[nodiscard]] constexpr int full_year(int year, std::size_t digits) noexcept {
  if (digits == 2) {
    return year < 50 ? 2000 + year : 1900 + year;
  }
  return digits == 3 ? 1900 + year : year;
}

// Reads any form in one scan from left to right; nothing when something is there that is no part of a date. `folded` is
// what fold_date() gives.
[[nodiscard]] std::optional<DateFields> read_free_date(std::string_view folded);

}  // namespace dprkwatch::feed
