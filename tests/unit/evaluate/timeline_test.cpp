#include "evaluate/timeline.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::evaluate {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

const sys_days kFirst = std::chrono::year{2017} / 7 / 1;

// July to October 2017: August is loud, and escalating from its third day on.
std::vector<trend::Standing> course() {
  std::vector<trend::Standing> made;
  for (int i = 0; i < 123; ++i) {
    trend::Standing standing;
    standing.value.day = kFirst + days(i);
    standing.value.stories = 10;
    const bool loud = i >= 31 && i < 62;
    standing.value.pressure = loud ? 30 : 5;
    standing.state = i >= 33 && i < 62 ? trend::State::kEscalating : trend::State::kCalm;
    made.push_back(standing);
  }
  return made;
}

TEST(Timeline, CountsWindowsFalseAlarmsAndDelay) {
  const Windows windows{{"2017-08"}, {"2017-07", "2017-10"}};
  const auto report = judge_timeline(windows, course(), {kFirst + days(33), kFirst + days(100)}, 100, 1);
  EXPECT_EQ(report.auc, 1.0);
  EXPECT_EQ(report.crisis_months, 1U);
  EXPECT_EQ(report.calm_months, 2U);
  ASSERT_EQ(report.windows.size(), 1U);
  EXPECT_EQ(report.windows[0].alerts, 1U);
  EXPECT_EQ(report.windows[0].delay_days, 2);
  EXPECT_EQ(report.windows_hit, 1U);
  EXPECT_EQ(report.alerts, 2U);
  EXPECT_EQ(report.false_alarms, 1U);
}

TEST(Timeline, JoinsNeighbouringMonthsToOneWindow) {
  const Windows windows{{"2017-08", "2017-09", "2016-12", "2017-01"}, {}};
  const auto report = judge_timeline(windows, course(), {}, 10, 1);
  ASSERT_EQ(report.windows.size(), 1U);  // those of the winter have no data
  EXPECT_EQ(report.windows[0].from, "2017-08");
  EXPECT_EQ(report.windows[0].to, "2017-09");
  EXPECT_TRUE(report.windows[0].raised);
  EXPECT_EQ(report.windows_hit, 0U);
  EXPECT_FALSE(report.auc);
}

TEST(Timeline, GivesTheSameFiguresAgain) {
  const Windows windows{{"2017-08", "2017-10"}, {"2017-07", "2017-09"}};
  EXPECT_EQ(to_json(judge_timeline(windows, course(), {}, 200, 7)),
            to_json(judge_timeline(windows, course(), {}, 200, 7)));
}

TEST(Windows, AreRefusedWithTheEntryNamed) {
  EXPECT_TRUE(read_windows(R"({"crisis":["2017-08"],"calm":[]})"));
  for (const char* bad : {"[", "{}", R"({"crisis":["2017-08"]})", R"({"crisis":["2017-13"],"calm":[]})",
                          R"({"crisis":["August"],"calm":[]})", R"({"crisis":[8],"calm":[]})"}) {
    EXPECT_FALSE(read_windows(bad)) << bad;
  }
  EXPECT_NE(read_windows(R"({"crisis":["August"],"calm":[]})").error().message.find("August"), std::string::npos);
}

}  // namespace
}  // namespace dprkwatch::evaluate
