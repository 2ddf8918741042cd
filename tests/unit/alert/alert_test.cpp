#include "alert/alert.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "text/text.hpp"

namespace dprkwatch::alert {
namespace {

// An article with one hostile sentence of Pyongyang at Washington.
class AlertTest : public testing::Test {
 protected:
  AlertTest() {
    article_.title = "Pyongyang warns";
    article_.text = "It was sunny. We will strike.";
    article_.feed_name = "wire";
    article_.language = "en";
    analysis_.relevance = plugin::Relevance::kAbout;
    analysis_.escalation = 70;
    analysis_.level = 3;
    analysis_.dyads = {{"DPRK", "USA", 68, 5}, {"USA", "DPRK", 20, 40}};
    plugin::Annotation statement;
    statement.kind = "statement";
    statement.speaker = "KPA";
    statement.spans = {{14, 29, 70, plugin::Field::kText}};
    analysis_.annotations = {statement};
  }

  [[nodiscard]] Subject subject() const { return {article_, analysis_, "story", {70, 20, trend::State::kEscalating}}; }
  [[nodiscard]] bool holds(const config::Condition& condition) const { return alert::holds(condition, subject()); }

  store::Article article_;
  plugin::Analysis analysis_;
};

TEST_F(AlertTest, AConditionWithoutFieldsHolds) {
  EXPECT_TRUE(holds({}));
}

TEST_F(AlertTest, EveryFieldMustHold) {
  config::Condition condition;
  condition.relevance = {"about", "passing"};
  condition.escalation.min = 70;
  condition.level = {3, 3};
  condition.feed = {"other", "wire"};
  condition.language = {"en"};
  EXPECT_TRUE(holds(condition));
  condition.language = {"ko"};
  EXPECT_FALSE(holds(condition));
  condition.language.clear();
  condition.escalation.min = 70.1;
  EXPECT_FALSE(holds(condition));
}

TEST_F(AlertTest, WithADyadTheScoresAreThoseOfTheDyad) {
  config::Condition condition;
  condition.dyad = {"DPRK->USA"};
  condition.escalation.min = 69;
  EXPECT_FALSE(holds(condition));
  condition.escalation.min = 68;
  EXPECT_TRUE(holds(condition));
  condition.dyad = {"*->DPRK"};
  EXPECT_FALSE(holds(condition));
  condition.escalation.min.reset();
  condition.deescalation.min = 40;
  EXPECT_TRUE(holds(condition));
  condition.dyad = {"*->CHN"};
  EXPECT_FALSE(holds(condition));
}

TEST_F(AlertTest, AndOrNotNest) {
  config::Condition korean;
  korean.language = {"ko"};
  config::Condition wire;
  wire.feed = {"wire"};
  config::Condition condition;
  condition.any_of = {korean, wire};
  EXPECT_TRUE(holds(condition));
  condition.all_of = {korean, wire};
  EXPECT_FALSE(holds(condition));
  condition.all_of = {wire};
  condition.none_of = {korean};
  EXPECT_TRUE(holds(condition));
  condition.none_of = {korean, wire};
  EXPECT_FALSE(holds(condition));
}

TEST_F(AlertTest, TheSummaryIsOneLineWithScoreSentenceAndSource) {
  article_.title = "Line\nbreak\x1b[31m";
  EXPECT_EQ(
      summarize(subject()),
      "DPRK->USA escalation 70 (usual 20, escalating): KPA: “We will strike.” | Line\\u{A}break\\u{1B}[31m | wire");
}

TEST_F(AlertTest, AnIdIsMadeOfRuleAndStory) {
  EXPECT_EQ(alert_id("r", "s"), alert_id("r", "s"));
  EXPECT_NE(alert_id("r", "s"), alert_id("rs", ""));
  EXPECT_NE(alert_id("r", "s"), alert_id("", "rs"));
  EXPECT_EQ(alert_id("r", "s").size(), 27U);
}

TEST_F(AlertTest, TheDataStaysWithinItsLimitAndSaysWhatWasCut) {
  article_.text.clear();
  analysis_.annotations.clear();
  for (int i = 0; i < 9; ++i) {
    plugin::Annotation statement;
    statement.kind = "statement";
    statement.spans = {{article_.text.size(), article_.text.size() + 900, 10.0 + i, plugin::Field::kText}};
    article_.text += std::string(900, static_cast<char>('a' + i)) + "\n";
    analysis_.annotations.push_back(statement);
  }
  const auto whole =
      boost::json::parse(data_json({"r", {}, config::Severity::kCritical, {}}, subject(), 20000)).as_object();
  EXPECT_EQ(whole.at("evidence").as_array().size(), 5U);
  EXPECT_TRUE(whole.at("evidence_cut").as_bool());
  EXPECT_EQ(whole.at("evidence").at(0).at("text").as_string(), std::string(900, 'i'));
  EXPECT_EQ(whole.at("severity").as_string(), "critical");
  const std::string cut = data_json({"r", {}, config::Severity::kCritical, {}}, subject(), 2500);
  EXPECT_LE(cut.size(), 2500U);
  EXPECT_LT(boost::json::parse(cut).at("evidence").as_array().size(), 5U);
}

}  // namespace
}  // namespace dprkwatch::alert
