#include "backtest/backtest.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "backtest/finding.hpp"
#include "backtest/journal.hpp"
#include "backtest/plot.hpp"

namespace dprkwatch::backtest {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

TEST(Day, OfADateAloneIsTheCalendarsOwn) {
  const sys_days day = std::chrono::year{2019} / 12 / 8;
  EXPECT_EQ(day_of("2019-12-08", std::chrono::hours(9)), day);
  EXPECT_EQ(day_of("2019-12-08T14:59:00Z", std::chrono::hours(9)), day);
  EXPECT_EQ(day_of("2019-12-08T15:00:00Z", std::chrono::hours(9)), day + days(1));
  EXPECT_EQ(day_of("2019-12-08T03:00:00Z", std::chrono::hours(-5)), day - days(1));
  EXPECT_EQ(day_of("2019-12", std::chrono::hours(9)), sys_days(std::chrono::year{2019} / 12 / 1));
  for (const char* bad : {"", "yesterday", "2019-13-01", "2019-02-30"}) EXPECT_FALSE(day_of(bad, {})) << bad;
}

TEST(Line, SaysWhatIsWrong) {
  const Options options;
  EXPECT_TRUE(read_line(R"({"date":"2019-12-08","title":"T"})", options));
  for (const char* bad : {"{", "[]", R"({"date":"soon","title":"T"})", R"({"date":"2019-12-08"})"}) {
    const auto read = read_line(bad, options);
    ASSERT_FALSE(read) << bad;
    EXPECT_FALSE(read.error().message.empty());
  }
}

Finding finding() {
  Finding made;
  made.day = std::chrono::year{2019} / 12 / 8;
  made.title = "A \"title\" <b>&";
  made.outlet = "KCNA";
  made.escalation = 71.2345;
  made.level = 3;
  made.counts = true;
  made.quote = "새 길\n";
  made.speaker = "Kim Jong Un";
  made.rules = {0, 2};
  trend::Share share{"DPRK", "USA", trend::SourceClass::kState, made.day, 0, 71.2345, 1.5, 3, true, 9};
  made.shares = {share};
  return made;
}

TEST(Journal, GivesBackWhatItTook) {
  const auto back = from_journal(to_journal(finding()));
  ASSERT_TRUE(back);
  EXPECT_EQ(to_journal(*back), to_journal(finding()));
  EXPECT_EQ(back->shares.at(0).authority, 9);
  EXPECT_FALSE(from_journal("{\"day\":"));
}

class JournalFile : public testing::Test {
 protected:
  void SetUp() override {
    std::random_device random;
    path_ = std::filesystem::temp_directory_path() / ("dprkwatch-journal-" + std::to_string(random()));
  }
  void TearDown() override { std::filesystem::remove(path_); }
  std::filesystem::path path_;
};

TEST_F(JournalFile, DropsALineThatWasCutOff) {
  std::ofstream(path_) << "run\none\ntwo\nthr";
  {
    auto journal = Journal::open(path_.string(), "run");
    ASSERT_TRUE(journal);
    EXPECT_EQ(journal->kept(), (std::vector<std::string>{"one", "two"}));
    journal->append("three");
  }
  auto again = Journal::open(path_.string(), "run");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->kept(), (std::vector<std::string>{"one", "two", "three"}));
  again->finish();
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(JournalFile, BeginsAnewForAnotherRun) {
  std::ofstream(path_) << "old run\none\n";
  auto journal = Journal::open(path_.string(), "new run");
  ASSERT_TRUE(journal);
  EXPECT_TRUE(journal->kept().empty());
}

TEST(Report, HoldsNoMarkupOfTheArchiveAndNoReference) {
  Outcome outcome;
  outcome.articles = 1;
  trend::DayValue value;
  value.day = std::chrono::year{2019} / 12 / 8;
  trend::Standing standing;
  standing.value = value;
  standing.state = trend::State::kEscalating;
  outcome.courses[{"DPRK", "*", trend::SourceClass::kState}] = {standing, standing};
  Alert alert;
  alert.day = value.day;
  alert.rule = "trend";
  alert.actor = "DPRK";
  alert.target = "*";
  alert.source = trend::SourceClass::kState;
  Finding evil = finding();
  evil.quote = "<script>alert(1)</script>";
  alert.evidence = {evil};
  outcome.alerts = {alert};
  const std::string html = report_html(outcome, {{value.day, "test", "<img src=x>"}}, "A & B");
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_EQ(html.find("http"), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(html.find("<svg"), std::string::npos);
  EXPECT_NE(html.find("class=\"alert\""), std::string::npos);
  EXPECT_NE(html.find("class=\"event\""), std::string::npos);
}

TEST(Series, AreRoundedAndInOrder) {
  Outcome outcome;
  trend::Standing standing;
  standing.value.day = std::chrono::year{2019} / 12 / 8;
  standing.week = 1.0 / 3;
  outcome.courses[{"DPRK", "USA", trend::SourceClass::kPress}] = {standing};
  outcome.courses[{"DPRK", "*", trend::SourceClass::kState}] = {standing};
  const std::string csv = series_csv(outcome);
  EXPECT_NE(csv.find("\nDPRK,*,state,2019-12-08,0,0,0,0,0,0.3333,0,0,0,,0,0,calm\n"), std::string::npos) << csv;
  EXPECT_LT(csv.find("DPRK,*,"), csv.find("DPRK,USA,"));
}

}  // namespace
}  // namespace dprkwatch::backtest
