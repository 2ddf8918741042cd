#include <gtest/gtest.h>

#include <fstream>

#include "feed/feed.hpp"

namespace dprkwatch::feed {
namespace {

struct DateCase {
  std::string text;
  std::string expected;
};

std::vector<DateCase> read_cases() {
  std::vector<DateCase> cases;
  std::ifstream file{DPRKWATCH_TEST_DIR "/dates.tsv"};
  for (std::string line; std::getline(file, line);) {
    if (const std::size_t tab = line.find('\t'); tab != std::string::npos && !line.starts_with('#')) {
      cases.push_back({line.substr(0, tab), line.substr(tab + 1)});
    }
  }
  return cases;
}

TEST(Date, ReadsEveryFormInTheTable) {
  const auto cases = read_cases();
  ASSERT_GT(cases.size(), 150U);
  for (const DateCase& one : cases) {
    const auto time = parse_date(one.text);
    EXPECT_EQ(time ? to_rfc3339(*time) : "-", one.expected) << one.text;
  }
}

TEST(Date, ReadsBackWhatItPrints) {
  for (std::int64_t seconds = -2'000'000'000; seconds < 7'000'000'000; seconds += 86'400'123) {
    const Time time{std::chrono::seconds{seconds}};
    EXPECT_EQ(parse_date(to_rfc3339(time)), time) << to_rfc3339(time);
  }
}

TEST(Date, TakesNoProse) {
  EXPECT_FALSE(parse_date(std::string(200, '1')));
  EXPECT_FALSE(parse_date("The 3 missiles of 1999 flew over 12 towns, and 40 more were seen in May of that long year"));
}

}  // namespace
}  // namespace dprkwatch::feed
