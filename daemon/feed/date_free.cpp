// The forgiving scan for dates: each step takes one thing from the left and puts it where it fits.

#include <algorithm>
#include <chrono>
#include <utility>

#include "feed/date_fields.hpp"
#include "feed/date_words.hpp"
#include "feed/date_zones.hpp"
#include "feed/names.hpp"

namespace dprkwatch::feed {
namespace {

// The forgiving scan. Each step takes one thing from the left and puts it where it fits.
class FreeForm {
 public:
  explicit FreeForm(std::string_view folded) : rest_{folded} {}

  std::optional<DateFields> read() {
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
  [[nodiscard]] bool begins_time() const;
  bool take_time(Number hour);
  bool take_ordinal(int year, int day_of_year);
  bool take_week(Number year);
  bool set_day(std::chrono::sys_days date);
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
  DateFields fields_;
  int era_offset_ = 0;
  int unknown_words_ = 0;
  bool has_numeric_offset_ = false;
  bool follows_t_ = false;  // the T of ISO 8601
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
  if (number.digits == 7 && fields_.year == kUnset) {
    return take_ordinal(number.value / 1000, number.value % 1000);
  }
  if (number.digits == 4 && (rest_.starts_with("-w") || rest_.starts_with("w"))) {
    return take_week(number);
  }
  if (begins_time()) {
    return take_time(number);
  }
  if (follows_t_ && number.digits == 2) {
    return set(fields_.hour, number.value);
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

// "15:04", French "15h04", and "15.04" where no date can be meant any more.
bool FreeForm::begins_time() const {
  if (rest_.starts_with(':')) {
    return true;
  }
  const bool has_date = fields_.year != kUnset && fields_.month != kUnset && fields_.day != kUnset;
  const bool is_sign = rest_.starts_with('h') || (rest_.starts_with('.') && has_date && fields_.hour == kUnset);
  return is_sign && rest_.size() > 2 && is_digit(rest_[1]) && is_digit(rest_[2]);
}

bool FreeForm::take_time(Number hour) {
  if (fields_.hour != kUnset || hour.digits > 2) {
    return false;
  }
  fields_.hour = hour.value;
  const char separator = rest_.front();
  skip(1);
  skip_blanks();
  const Number minute = take_number();
  if (minute.digits == 0 || minute.digits > 2) {
    return false;
  }
  fields_.minute = minute.value;
  if (rest_.size() > 1 && rest_.front() == separator && is_digit(rest_[1])) {
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
  return first.digits == 4 && second.digits == 3 && take_ordinal(first.value, second.value);
}

// ISO 8601: "2019-342" is the 342nd day of the year.
bool FreeForm::take_ordinal(int year, int day_of_year) {
  using namespace std::chrono;
  const sys_days first{std::chrono::year{year} / January / 1};
  const sys_days next{std::chrono::year{year + 1} / January / 1};
  return day_of_year >= 1 && first + days{day_of_year} <= next && set_day(first + days{day_of_year - 1});
}

// ISO 8601: "2019-W49-7" is the Sunday of the 49th week, the first being that of 4 January.
bool FreeForm::take_week(Number year) {
  using namespace std::chrono;
  skip(rest_.front() == '-' ? 2 : 1);
  Number week = take_number();
  Number day{1, 0};
  if (week.digits == 3) {  // "2019W497"
    day = {week.value % 10, 1};
    week = {week.value / 10, 2};
  } else if (rest_.size() > 1 && rest_.front() == '-' && is_digit(rest_[1])) {
    skip(1);
    day = take_number();
  }
  if (week.digits != 2 || week.value < 1 || week.value > 53 || day.digits > 1 || day.value < 1 || day.value > 7) {
    return false;
  }
  const sys_days fourth{std::chrono::year{year.value} / January / 4};
  const sys_days monday = fourth - (weekday{fourth} - Monday);
  const bool is_in_year =
      year_month_day{monday + weeks{week.value - 1} + days{3}}.year() == std::chrono::year{year.value};
  return is_in_year && set_day(monday + weeks{week.value - 1} + days{day.value - 1});
}

bool FreeForm::set_day(std::chrono::sys_days date) {
  const std::chrono::year_month_day parts{date};
  return set(fields_.year, static_cast<int>(parts.year())) &&
         set(fields_.month, static_cast<int>(static_cast<unsigned>(parts.month()))) &&
         set(fields_.day, static_cast<int>(static_cast<unsigned>(parts.day())));
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
    const bool is_letter = (byte >= 'a' && byte <= 'z') || byte >= 0x80 || (length > 0 && (byte == '/' || byte == '_'));
    if (!is_letter || (length > 0 && east_asian_word_at(rest_.substr(length)).meaning != EastAsian::kNone)) {
      break;
    }
    ++length;
  }
  const std::string_view word = rest_.substr(0, length);
  skip(length);
  if (word == "t" && fields_.day != kUnset) {
    follows_t_ = fields_.hour == kUnset;
    return true;
  }
  if (word == "am" || word == "pm" || ((word == "a" || word == "p") && rest_.starts_with(".m"))) {
    fields_.half = word.front() == 'a' ? HalfDay::kMorning : HalfDay::kAfternoon;
    skip(rest_.starts_with(".m") ? 3 : 0);
    return true;
  }
  if ((word == "noon" || word == "midnight") && fields_.hour == kUnset) {
    fields_.hour = word == "noon" ? 12 : 0;
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
  if (std::string region = region_of(word); !region.empty() && fields_.hour != kUnset) {
    fields_.region = std::move(region);
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
    case EastAsian::kDaytime:
      fields_.half = HalfDay::kDaytime;
      return true;
    case EastAsian::kNight:
      fields_.half = HalfDay::kNight;
      return true;
    case EastAsian::kNoon:
      fields_.hour = fields_.hour == kUnset ? 12 : fields_.hour;
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

}  // namespace

std::optional<DateFields> read_free_date(std::string_view folded) {
  return FreeForm{folded}.read();
}

}  // namespace dprkwatch::feed
