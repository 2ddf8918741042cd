#include "trend/course.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace dprkwatch::trend {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

const sys_days kFirst = std::chrono::year{2010} / 1 / 1;

DayValue day(std::size_t index, double pressure, std::int64_t threats) {
  DayValue value;
  value.day = kFirst + days(index);
  value.stories = 12;
  value.threats = threats;
  value.pressure = pressure;
  return value;
}

// Pressure as of a quiet pair: on one day in four a story of 6 to 24 points, a third of it counted.
std::vector<DayValue> quiet(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<DayValue> made;
  for (std::size_t i = 0; i < count; ++i) {
    const bool some = random() % 4 == 0;
    made.push_back(day(i, some ? 2 + static_cast<double>(random() % 7) : 0, some ? 1 : 0));
  }
  return made;
}

void rise(std::vector<DayValue>& made, std::size_t from, std::size_t count, double pressure, std::int64_t threats = 3) {
  for (std::size_t i = from; i < from + count; ++i) made[i] = day(i, pressure, threats);
}

TEST(Course, StaysCalmOnAQuietPair) {
  for (const Standing& standing : course_of(quiet(400, 1))) EXPECT_LT(standing.state, State::kEscalating);
}

TEST(Course, FindsARiseWithinAWeekAndLeavesItAfterQuiet) {
  auto made = quiet(500, 2);
  rise(made, 400, 14, 25);
  const auto course = course_of(made);
  EXPECT_LT(course[399].state, State::kEscalating);
  EXPECT_GE(course[406].state, State::kEscalating);
  EXPECT_GE(course[413].state, State::kEscalating);
  EXPECT_EQ(course[499].state, State::kCalm);
}

TEST(Course, CallsAStrongRiseACrisis) {
  auto made = quiet(500, 3);
  rise(made, 400, 14, 60);
  EXPECT_EQ(course_of(made)[410].state, State::kCrisis);
}

TEST(Course, FallsStepByStep) {
  auto made = quiet(500, 3);
  rise(made, 400, 14, 60);
  const auto course = course_of(made);
  for (std::size_t i = 415; i < course.size(); ++i) {
    const int fall = static_cast<int>(course[i - 1].state) - static_cast<int>(course[i].state);
    EXPECT_LE(fall, 1) << "day " << i;
  }
}

TEST(Course, NeedsTwoDistinctStatementsOrTheHighestVoice) {
  auto made = quiet(500, 4);
  for (std::size_t i = 393; i < 410; ++i) made[i] = day(i, 0, 0);
  made[400] = day(400, 33, 1);
  EXPECT_EQ(course_of(made)[401].state, State::kCalm);
  made[400].highest_voice = true;
  EXPECT_GT(course_of(made)[401].state, State::kCalm);
  made[400].highest_voice = false;
  made[400].threats = 2;
  EXPECT_GT(course_of(made)[401].state, State::kCalm);
}

TEST(Course, HoldsTheStateWhileSourcesAreMissing) {
  auto made = quiet(500, 5);
  rise(made, 400, 14, 25);
  for (std::size_t i = 414; i < 440; ++i) {
    made[i] = day(i, 0, 0);
    made[i].stories = 0;
  }
  const auto course = course_of(made);
  EXPECT_TRUE(course[425].guarded);
  EXPECT_EQ(course[425].state, course[414].state);
  EXPECT_GE(course[425].state, State::kEscalating);
}

TEST(Course, DoesNotJudgeAWeekOfAFewStories) {
  auto made = quiet(500, 6);
  for (std::size_t i = 393; i < 414; ++i) {
    made[i] = i < 400 ? day(i, 0, 0) : day(i, 30, 2);
    made[i].stories = 2;
  }
  const auto course = course_of(made);
  EXPECT_TRUE(course[410].guarded);
  EXPECT_EQ(course[410].state, course[399].state);
}

TEST(Course, ComparesWithTheSameWeeksOfEarlierYears) {
  auto made = quiet(5 * 365, 7);
  // An exercise every August: four times the same rise.
  for (int year = 0; year < 4; ++year) {
    rise(made, static_cast<std::size_t>(std::lround(365.2425 * year)) + 225, 14, 15);
  }
  const auto course = course_of(made);
  const auto at = static_cast<std::size_t>(std::lround(365.2425 * 3)) + 235;
  ASSERT_TRUE(course[at].season_excess);
  EXPECT_NEAR(*course[at].season_excess, 0, 2);
  EXPECT_GE(course[235].state, State::kEscalating);
  EXPECT_LT(course[at].state, State::kEscalating);
  EXPECT_FALSE(course[300].season_excess);
}

TEST(Course, IsTheSameWhenComputedAnew) {
  auto made = quiet(700, 8);
  rise(made, 600, 14, 25);
  const auto whole = course_of(made);
  made.resize(650);
  const auto part = course_of(made);
  for (std::size_t i = 0; i < part.size(); ++i) {
    EXPECT_EQ(part[i].z365, whole[i].z365);
    EXPECT_EQ(part[i].change, whole[i].change);
    EXPECT_EQ(part[i].state, whole[i].state);
  }
}

TEST(Course, TellsANewRiseFromOneThatGoesOn) {
  auto made = quiet(500, 9);
  rise(made, 400, 10, 15);
  for (std::size_t i = 410; i < 418; ++i) made[i] = day(i, 0, 0);
  rise(made, 418, 10, 15);
  const auto course = course_of(made);
  const auto rises = [&](std::size_t from, std::size_t to) {
    return std::count_if(course.begin() + static_cast<std::ptrdiff_t>(from),
                         course.begin() + static_cast<std::ptrdiff_t>(to),
                         [](const Standing& standing) { return standing.rise; });
  };
  EXPECT_EQ(rises(400, 418), 1);
  EXPECT_EQ(rises(418, 430), 1);
}

TEST(Course, WithoutAPastNeedsStrongWeeks) {
  std::vector<DayValue> made;
  for (std::size_t i = 0; i < 20; ++i) made.push_back(day(i, i < 10 ? 25 : 70, 3));
  const auto course = course_of(made);
  EXPECT_EQ(course[9].state, State::kCalm);
  EXPECT_GE(course[19].state, State::kEscalating);
}

// The promise of docs/method.md: at most one false rise a pair and year.
TEST(Course, RaisesAtMostOneFalseAlarmAYear) {
  int rises = 0;
  constexpr int kPairs = 20;
  constexpr int kYears = 5;
  for (unsigned pair = 0; pair < kPairs; ++pair) {
    const auto course = course_of(quiet(kYears * 365, 100 + pair));
    for (const Standing& standing : course) rises += standing.rise ? 1 : 0;
  }
  EXPECT_LE(rises, kPairs * kYears) << "in " << kPairs * kYears << " years of pairs";
  RecordProperty("rises_in_100_years", rises);
}

}  // namespace
}  // namespace dprkwatch::trend
