// Dates as feeds write them. Two fast paths take what nearly all feeds use (RFC 3339 and RFC 822 as RFC 5322 §3.3 has
// it); everything else goes through one forgiving scan from left to right.

#include <algorithm>
#include <array>
#include <cstdint>

#include "feed/date_fields.hpp"
#include "feed/date_words.hpp"
#include "feed/date_zones.hpp"
#include "feed/feed.hpp"
#include "feed/names.hpp"

namespace dprkwatch::feed {
namespace {

constexpr std::size_t kLongestDate = 160;  // bytes; longer texts are prose
int hour_of_day(const DateFields& fields) {
  const int hour = std::max(fields.hour, 0);
  if (hour < 1 || hour > 12) {
    return hour;
  }
  constexpr int kEvening = 6;  // from then on a night's hours are those before midnight
  switch (fields.half) {
    case HalfDay::kUnknown:
      return hour;
    case HalfDay::kMorning:
      return hour % 12;
    case HalfDay::kDaytime:
      return hour < kEvening ? hour + 12 : hour;
    case HalfDay::kAfternoon:
      return hour % 12 + 12;
    case HalfDay::kNight:
      return hour < kEvening ? hour : hour + 12;
  }
  return hour;
}

// The instant, when every field is possible. Without a zone the time is taken as UTC.
std::optional<Time> assemble(const DateFields& fields) {
  using namespace std::chrono;
  if (fields.year < 1900 || fields.year > 2199 || fields.month == kUnset) {
    return std::nullopt;
  }
  const int day = fields.day == kUnset ? 1 : fields.day;  // W3CDTF: a month alone is its first day
  const auto date = std::chrono::year{fields.year} / fields.month / day;
  const int hour = hour_of_day(fields);
  const int minute = std::max(fields.minute, 0);
  const int second = std::max(fields.second, 0);
  const bool is_midnight = hour == 24 && minute == 0 && second == 0;  // ISO 8601: the end of the day
  const int given = fields.offset.value_or(0);
  if (!date.ok() || (hour > 23 && !is_midnight) || minute > 59 || second > 60 || given < -15 * 60 || given > 15 * 60) {
    return std::nullopt;
  }
  const Time local{sys_days{date}.time_since_epoch() + hours{hour} + minutes{minute} + seconds{second} +
                   milliseconds{fields.millisecond}};
  const bool is_regional = !fields.region.empty() && !fields.offset;
  return local - minutes{is_regional ? offset_in(fields.region, local) : given};
}

// Exactly `count` digits at `at`; kUnset otherwise.
int digits_at(std::string_view text, std::size_t at, std::size_t count) noexcept {
  if (at + count > text.size()) {
    return kUnset;
  }
  int number = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (!is_digit(text[i])) {
      return kUnset;
    }
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

// "Z", "+09:00", "+0900", "+09", "GMT", " UTC"… as all of the rest.
bool read_zone(std::string_view rest, std::optional<int>& offset) {
  rest = trimmed(rest);
  if (rest.empty()) {
    return true;
  }
  if (rest.front() == '+' || rest.front() == '-') {
    const int hours = digits_at(rest, 1, 2);
    const std::size_t after = rest.size() > 3 && rest[3] == ':' ? 4 : 3;
    const int minutes = rest.size() == 3 ? 0 : digits_at(rest, after, 2);
    if (hours == kUnset || minutes == kUnset || minutes > 59 || (rest.size() != 3 && rest.size() != after + 2)) {
      return false;
    }
    offset = (rest.front() == '-' ? -1 : 1) * (hours * 60 + minutes);
    return true;
  }
  if (rest == "Z" || rest == "z" || rest == "GMT" || rest == "UTC") {
    offset = 0;
    return true;
  }
  return false;
}

// "2019-12-08T15:04:05.123+09:00", the time and zone optional.
std::optional<DateFields> read_rfc3339(std::string_view text) {
  DateFields fields;
  fields.year = digits_at(text, 0, 4);
  fields.month = digits_at(text, 5, 2);
  fields.day = digits_at(text, 8, 2);
  if (fields.year == kUnset || fields.month == kUnset || fields.day == kUnset || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  if (text.size() == 10) {
    return fields;
  }
  fields.hour = digits_at(text, 11, 2);
  fields.minute = digits_at(text, 14, 2);
  const bool has_time = (text[10] == 'T' || text[10] == 't' || text[10] == ' ') && fields.hour != kUnset &&
                        fields.minute != kUnset && text[13] == ':';
  if (!has_time) {
    return std::nullopt;
  }
  std::size_t at = 16;
  if (at < text.size() && text[at] == ':') {
    fields.second = digits_at(text, 17, 2);
    at = 19;
    if (fields.second == kUnset) {
      return std::nullopt;
    }
  }
  if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
    int scale = 100;
    for (++at; at < text.size() && is_digit(text[at]); ++at, scale /= 10) {
      fields.millisecond += (text[at] - '0') * scale;
    }
  }
  return read_zone(text.substr(at), fields.offset) ? std::optional{fields} : std::nullopt;
}

// "Sun, 08 Dec 2019 15:04:05 GMT", as the specification has it. The weekday may be wrong: nobody needs it.
std::optional<DateFields> read_rfc822(std::string_view text) {
  if (text.size() > 5 && text[3] == ',' && text[4] == ' ') {
    text.remove_prefix(5);
  }
  DateFields fields;
  const std::size_t day_digits = text.size() > 1 && is_digit(text[1]) ? 2 : 1;
  fields.day = digits_at(text, 0, day_digits);
  if (fields.day == kUnset || text.size() < day_digits + 18 || text[day_digits] != ' ') {
    return std::nullopt;
  }
  text.remove_prefix(day_digits + 1);
  std::array<char, 3> name{};
  for (std::size_t i = 0; i < name.size(); ++i) {
    name[i] = static_cast<char>(text[i] | 0x20);
  }
  constexpr std::string_view kNames = "janfebmaraprmayjunjulaugsepoctnovdec";
  const std::size_t found = kNames.find(std::string_view{name.data(), name.size()});
  fields.year = digits_at(text, 4, 4);
  fields.hour = digits_at(text, 9, 2);
  fields.minute = digits_at(text, 12, 2);
  fields.second = digits_at(text, 15, 2);
  const bool is_plain = found != std::string_view::npos && found % 3 == 0 && fields.year != kUnset &&
                        fields.hour != kUnset && fields.minute != kUnset && fields.second != kUnset && text[3] == ' ' &&
                        text[8] == ' ' && text[11] == ':' && text[14] == ':';
  if (!is_plain) {
    return std::nullopt;
  }
  fields.month = static_cast<int>(found / 3) + 1;
  return read_zone(text.substr(17), fields.offset) ? std::optional{fields} : std::nullopt;
}

// Seconds or milliseconds since 1970, as some generators write: ten or thirteen digits, 2001 to 2199.
std::optional<Time> read_unix(std::string_view text) {
  if (text.size() != 10 && text.size() != 13) {
    return std::nullopt;
  }
  std::int64_t number = 0;
  for (const char c : text) {
    if (!is_digit(c)) {
      return std::nullopt;
    }
    number = number * 10 + (c - '0');
  }
  const std::int64_t milliseconds = text.size() == 10 ? number * 1000 : number;
  return milliseconds >= 1'000'000'000'000 && milliseconds < 7'258'118'400'000
             ? std::optional{Time{Duration{milliseconds}}}
             : std::nullopt;
}

}  // namespace

std::optional<Time> parse_date(std::string_view text) {
  text = trimmed(text);
  if (text.size() < 4 || text.size() > kLongestDate) {
    return std::nullopt;
  }
  if (text.size() >= 10) {
    if (const auto fields = read_rfc3339(text)) {
      return assemble(*fields);
    }
  }
  if (const auto fields = read_rfc822(text)) {
    return assemble(*fields);
  }
  if (const auto time = read_unix(text)) {
    return time;
  }
  if (text.size() == 4 && digits_at(text, 0, 4) != kUnset) {
    DateFields year;  // W3CDTF: a year alone
    year.year = digits_at(text, 0, 4);
    year.month = 1;
    return assemble(year);
  }
  const auto fields = read_free_date(fold_date(text));
  return fields ? assemble(*fields) : std::nullopt;
}

}  // namespace dprkwatch::feed
