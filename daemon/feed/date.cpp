// Dates as feeds write them. Two fast paths take what nearly all feeds use (RFC 3339 and RFC 822 as RFC 5322 §3.3 has
// it); everything else goes through one forgiving scan from left to right.

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "feed/date_words.hpp"
#include "feed/feed.hpp"
#include "feed/names.hpp"

namespace dprkwatch::feed {
namespace {

constexpr std::size_t kLongestDate = 160;  // bytes; longer texts are prose
constexpr int kUnset = -1;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

struct Fields {
  int year = kUnset;
  int month = kUnset;
  int day = kUnset;
  int hour = kUnset;
  int minute = kUnset;
  int second = kUnset;
  int millisecond = 0;
  std::optional<int> offset;  // minutes east of UTC
  HalfDay half = HalfDay::kUnknown;
};

// The instant, when every field is possible. Without a zone the time is taken as UTC.
std::optional<Time> assemble(Fields fields) {
  using namespace std::chrono;
  if (fields.year < 1900 || fields.year > 2199 || fields.month == kUnset) {
    return std::nullopt;
  }
  fields.day = fields.day == kUnset ? 1 : fields.day;  // W3CDTF: a month alone is its first day
  const auto date = std::chrono::year{fields.year} / fields.month / fields.day;
  if (fields.half != HalfDay::kUnknown && fields.hour >= 1 && fields.hour <= 12) {
    fields.hour = fields.hour % 12 + (fields.half == HalfDay::kAfternoon ? 12 : 0);
  }
  const int hour = std::max(fields.hour, 0);
  const int minute = std::max(fields.minute, 0);
  const int second = std::max(fields.second, 0);
  const bool is_midnight = hour == 24 && minute == 0 && second == 0;  // ISO 8601: the end of the day
  const int offset = fields.offset.value_or(0);
  if (!date.ok() || (hour > 23 && !is_midnight) || minute > 59 || second > 60 || offset < -15 * 60 ||
      offset > 15 * 60) {
    return std::nullopt;
  }
  return Time{sys_days{date}.time_since_epoch() + hours{hour} + minutes{minute - offset} + seconds{second} +
              milliseconds{fields.millisecond}};
}

// RFC 5322 §4.3: two digits below 50 are this century's, three digits count from 1900.
int full_year(int year, std::size_t digits) noexcept {
  if (digits == 2) {
    return year < 50 ? 2000 + year : 1900 + year;
  }
  return digits == 3 ? 1900 + year : year;
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
std::optional<Fields> read_rfc3339(std::string_view text) {
  Fields fields;
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
std::optional<Fields> read_rfc822(std::string_view text) {
  if (text.size() > 5 && text[3] == ',' && text[4] == ' ') {
    text.remove_prefix(5);
  }
  Fields fields;
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

// The forgiving scan. Each step takes one thing from the left and puts it where it fits.
class FreeForm {
 public:
  explicit FreeForm(std::string_view folded) : rest_{folded} {}

  std::optional<Fields> read() {
    while (!rest_.empty()) {
      if (!step()) {
        return std::nullopt;
      }
    }
    return fields_;
  }

 private:
  struct Number {
    int value;
    std::size_t digits;
  };

  bool step();
  bool step_number();
  bool take_compact(Number number);
  bool take_time(Number hour);
  bool take_triple(Number first, char separator);
  bool take_marked(Number number);
  bool take_bare(Number number);
  bool take_offset();
  bool take_word();
  bool take_east_asian(const EastAsianWord& word);
  bool take_zone(std::string_view word);
  bool set_date(Number a, Number b, Number c, char separator);
  Number take_number();
  static bool set(int& field, int value) {
    if (field != kUnset) {
      return false;
    }
    field = value;
    return true;
  }
  void skip(std::size_t count) { rest_.remove_prefix(std::min(count, rest_.size())); }
  void skip_blanks() {
    while (!rest_.empty() && rest_.front() == ' ') {
      rest_.remove_prefix(1);
    }
  }

  std::string_view rest_;
  Fields fields_;
  int era_offset_ = 0;
  int unknown_words_ = 0;
  bool has_numeric_offset_ = false;
};

bool FreeForm::step() {
  const char c = rest_.front();
  if (is_digit(c)) {
    return step_number();
  }
  if ((c == '+' || c == '-') && fields_.hour != kUnset && rest_.size() > 1 && is_digit(rest_[1])) {
    return take_offset();
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x80 || (c >= 'a' && c <= 'z')) {
    return take_word();
  }
  skip(1);
  return true;
}

FreeForm::Number FreeForm::take_number() {
  Number number{0, 0};
  while (!rest_.empty() && is_digit(rest_.front()) && number.digits < 8) {
    number.value = number.value * 10 + (rest_.front() - '0');
    ++number.digits;
    rest_.remove_prefix(1);
  }
  return number;
}

bool FreeForm::step_number() {
  const Number number = take_number();
  const bool is_clock = number.digits == 4 && fields_.day != kUnset && fields_.year != kUnset;
  if (number.digits == 8 || number.digits == 6 || is_clock) {
    return take_compact(number);
  }
  if (rest_.starts_with(':')) {
    return take_time(number);
  }
  if (rest_.size() > 1 && (rest_.front() == '-' || rest_.front() == '/' || rest_.front() == '.')) {
    const char separator = rest_.front();
    std::string_view after = rest_.substr(1);
    if (separator == '.') {
      after = trimmed(after);  // Korean: "2019. 12. 8."
    }
    if (!after.empty() && is_digit(after.front()) && fields_.day == kUnset && fields_.month == kUnset) {
      rest_ = after;
      return take_triple(number, separator);
    }
  }
  return take_marked(number) || take_bare(number);
}

// ISO 8601 basic: "20191208", "20191208T150405", "20191208T1504".
bool FreeForm::take_compact(Number number) {
  if (fields_.year == kUnset && number.digits == 8) {
    fields_.year = number.value / 10'000;
    fields_.month = number.value / 100 % 100;
    fields_.day = number.value % 100;
    return true;
  }
  if (fields_.year != kUnset && fields_.hour == kUnset && number.digits != 8) {
    const int clock = number.digits == 6 ? number.value : number.value * 100;
    fields_.hour = clock / 10'000;
    fields_.minute = clock / 100 % 100;
    fields_.second = clock % 100;
    return true;
  }
  return false;
}

bool FreeForm::take_time(Number hour) {
  if (fields_.hour != kUnset || hour.digits > 2) {
    return false;
  }
  fields_.hour = hour.value;
  skip(1);
  skip_blanks();
  const Number minute = take_number();
  if (minute.digits == 0 || minute.digits > 2) {
    return false;
  }
  fields_.minute = minute.value;
  if (rest_.size() > 1 && rest_.front() == ':' && is_digit(rest_[1])) {
    skip(1);
    fields_.second = take_number().value;
    if (rest_.size() > 1 && (rest_.front() == '.' || rest_.front() == ',') && is_digit(rest_[1])) {
      skip(1);
      int scale = 100;
      for (; !rest_.empty() && is_digit(rest_.front()); skip(1), scale /= 10) {
        fields_.millisecond += (rest_.front() - '0') * scale;
      }
    }
  }
  return true;
}

// Three numbers between the same signs; two, when the third is missing ("2019-12").
bool FreeForm::take_triple(Number first, char separator) {
  const Number second = take_number();
  std::string_view after = rest_;
  if (separator == '.') {
    after = trimmed(after);
  }
  if (after.starts_with(separator)) {
    after.remove_prefix(1);
    if (separator == '.') {
      after = trimmed(after);
    }
    if (!after.empty() && is_digit(after.front())) {
      rest_ = after;
      return set_date(first, second, take_number(), separator);
    }
  }
  if (first.digits == 4 && second.digits <= 2) {
    return set(fields_.year, first.value) && set(fields_.month, second.value);
  }
  if (first.digits == 4 && second.digits == 3) {  // ISO 8601 ordinal date
    fields_.month = 1;
    fields_.day = 1;
    if (!set(fields_.year, first.value) || second.value < 1 || second.value > 366) {
      return false;
    }
    using namespace std::chrono;
    const year_month_day date{sys_days{year{first.value} / January / 1} + days{second.value - 1}};
    fields_.month = static_cast<int>(static_cast<unsigned>(date.month()));
    fields_.day = static_cast<int>(static_cast<unsigned>(date.day()));
    return static_cast<int>(date.year()) == first.value;
  }
  return false;
}

bool FreeForm::set_date(Number a, Number b, Number c, char separator) {
  if (fields_.year != kUnset || b.digits > 2) {
    return false;
  }
  if (a.digits == 4 || (a.digits == 2 && a.value > 31)) {
    const bool is_swapped = b.value > 12 && c.value <= 12;
    fields_.year = full_year(a.value, a.digits);
    fields_.month = is_swapped ? c.value : b.value;
    fields_.day = is_swapped ? b.value : c.value;
    return c.digits <= 2;
  }
  if (a.digits > 2 || (c.digits != 4 && c.digits != 2)) {
    return false;
  }
  // "12/8/2019" is American unless it cannot be; with dots and dashes the day comes first.
  const bool month_first = separator == '/' ? a.value <= 12 : b.value > 12;
  fields_.year = full_year(c.value, c.digits);
  fields_.month = month_first ? a.value : b.value;
  fields_.day = month_first ? b.value : a.value;
  return true;
}

// A number with its unit behind it, as Korean, Japanese and Chinese write.
bool FreeForm::take_marked(Number number) {
  std::string_view after = trimmed(rest_);
  if (after.starts_with('(') && era_offset_ != 0) {
    era_offset_ = 0;  // "주체108(2019)년": the year follows
    return true;
  }
  if (after.starts_with(')')) {
    after = trimmed(after.substr(1));
  }
  const EastAsianWord word = east_asian_word_at(after);
  bool is_set = false;
  if (word.meaning == EastAsian::kYear) {
    const int year = era_offset_ != 0 ? era_offset_ + number.value : full_year(number.value, number.digits);
    era_offset_ = 0;
    is_set = set(fields_.year, year);
  } else if (word.meaning == EastAsian::kMonth) {
    is_set = set(fields_.month, number.value);
  } else if (word.meaning == EastAsian::kDay) {
    is_set = set(fields_.day, number.value);
  } else if (word.meaning == EastAsian::kHour) {
    is_set = set(fields_.hour, number.value);
  } else if (word.meaning == EastAsian::kMinute) {
    is_set = set(fields_.minute, number.value);
  } else if (word.meaning == EastAsian::kSecond) {
    is_set = set(fields_.second, number.value);
  }
  if (is_set) {
    rest_ = after;
    skip(word.bytes);
  }
  return is_set;
}

// A number by itself: day or year, by its digits and by what is still missing.
bool FreeForm::take_bare(Number number) {
  if (era_offset_ != 0) {
    fields_.year = era_offset_ + number.value;
    era_offset_ = 0;
    return true;
  }
  if (number.digits == 4 && fields_.year == kUnset) {
    fields_.year = number.value;
    return true;
  }
  if (number.digits <= 2 && fields_.day == kUnset) {
    fields_.day = number.value;
    return true;
  }
  if (fields_.year == kUnset && fields_.month != kUnset && (number.digits == 2 || number.digits == 3)) {
    fields_.year = full_year(number.value, number.digits);
    return true;
  }
  // "3pm": the hour before its half of the day.
  if (number.digits <= 2 && fields_.hour == kUnset &&
      (trimmed(rest_).starts_with("am") || trimmed(rest_).starts_with("pm"))) {
    fields_.hour = number.value;
    return true;
  }
  return false;
}

bool FreeForm::take_offset() {
  const int sign = rest_.front() == '-' ? -1 : 1;
  skip(1);
  const Number first = take_number();
  int minutes = first.digits <= 2 ? first.value * 60 : first.value / 100 * 60 + first.value % 100;
  if (first.digits <= 2 && rest_.size() > 1 && rest_.front() == ':' && is_digit(rest_[1])) {
    skip(1);
    minutes += take_number().value;
  }
  if (first.digits > 4 || has_numeric_offset_) {
    return false;
  }
  has_numeric_offset_ = true;
  fields_.offset = sign * minutes;
  return true;
}

bool FreeForm::take_word() {
  if (const EastAsianWord word = east_asian_word_at(rest_); word.meaning != EastAsian::kNone) {
    return take_east_asian(word);
  }
  std::size_t length = 0;
  while (length < rest_.size()) {
    const auto byte = static_cast<unsigned char>(rest_[length]);
    const bool is_letter = (byte >= 'a' && byte <= 'z') || byte >= 0x80 || (byte == '/' && length > 0);
    if (!is_letter || (length > 0 && east_asian_word_at(rest_.substr(length)).meaning != EastAsian::kNone)) {
      break;
    }
    ++length;
  }
  const std::string_view word = rest_.substr(0, length);
  skip(length);
  if (word == "t" && fields_.day != kUnset) {
    return true;
  }
  if (word == "am" || word == "pm" || ((word == "a" || word == "p") && rest_.starts_with(".m"))) {
    fields_.half = word.front() == 'a' ? HalfDay::kMorning : HalfDay::kAfternoon;
    skip(rest_.starts_with(".m") ? 3 : 0);
    return true;
  }
  if (word == "juche") {
    era_offset_ = 1911;
    return true;
  }
  if (const auto month = month_of(word); month && fields_.month == kUnset) {
    fields_.month = *month;
    return true;
  }
  return take_zone(word);
}

bool FreeForm::take_zone(std::string_view word) {
  const auto zone = zone_of(word);
  const bool is_moscow = word.starts_with("московск");
  if ((zone || is_moscow) && fields_.hour != kUnset) {
    if (!has_numeric_offset_) {
      fields_.offset = is_moscow ? 180 : *zone;
    }
    return true;
  }
  constexpr int kMaxUnknownWords = 6;  // "posted by the editor on …" is a date, a sentence with numbers is none
  return ++unknown_words_ <= kMaxUnknownWords;
}

bool FreeForm::take_east_asian(const EastAsianWord& word) {
  skip(word.bytes);
  switch (word.meaning) {
    case EastAsian::kMorning:
      fields_.half = HalfDay::kMorning;
      return true;
    case EastAsian::kAfternoon:
      fields_.half = HalfDay::kAfternoon;
      return true;
    case EastAsian::kEra:
      era_offset_ = word.era_offset;
      skip_blanks();
      return true;
    case EastAsian::kFirst:  // "令和元年"
      return era_offset_ == 0 || set(fields_.year, std::exchange(era_offset_, 0) + 1);
    case EastAsian::kHalfHour:
      return fields_.hour == kUnset || set(fields_.minute, 30);
    // Units without a number are weekdays in brackets and the like.
    case EastAsian::kNone:
    case EastAsian::kYear:
    case EastAsian::kMonth:
    case EastAsian::kDay:
    case EastAsian::kHour:
    case EastAsian::kMinute:
    case EastAsian::kSecond:
      return true;
  }
  return true;
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
    Fields year;  // W3CDTF: a year alone
    year.year = digits_at(text, 0, 4);
    year.month = 1;
    return assemble(year);
  }
  const std::string folded = fold_date(text);
  const auto fields = FreeForm{folded}.read();
  return fields ? assemble(*fields) : std::nullopt;
}

}  // namespace dprkwatch::feed
