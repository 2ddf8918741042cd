#include "trend/trend.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::trend {
namespace {

TEST(Trend, CountsADayByTheCalendarOfSeoul) {
  using namespace std::chrono;
  const sys_days day = year{2019} / 12 / 8;
  EXPECT_EQ(day_of(day + hours(14)), day);
  EXPECT_EQ(day_of(day + hours(15)), day + days(1));
}

TEST(Trend, ComparesADayWithTheMedianOfThePast) {
  EXPECT_EQ(judge(50, {}).baseline, 0);
  EXPECT_EQ(judge(50, {10, 90, 20}).baseline, 20);
  EXPECT_EQ(judge(50, {10, 20, 30, 90}).baseline, 25);
}

TEST(Trend, NeedsALevelAndARise) {
  EXPECT_EQ(judge(30, {}).state, State::kCalm);
  EXPECT_EQ(judge(45, {10}).state, State::kElevated);
  EXPECT_EQ(judge(65, {10}).state, State::kEscalating);
  EXPECT_EQ(judge(85, {10}).state, State::kCrisis);
  // The same words every day are this dyad's calm.
  EXPECT_EQ(judge(85, {84, 85, 86}).state, State::kCalm);
}

}  // namespace
}  // namespace dprkwatch::trend
