#include "plugin/breaker.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::plugin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using During = Breaker::During;
using Leave = Breaker::Leave;
using Verdict = Breaker::Verdict;

const Breaker::Clock::time_point kStart{std::chrono::hours(1)};

Input article(const std::string& id) {
  Input input;
  input.id = id;
  input.text = "text of " + id;
  return input;
}

TEST(Breaker, RestartsAtOnceThenWithPausesThatDouble) {
  Breaker breaker;
  std::vector<milliseconds> pauses;
  for (int i = 0; i < kBreakerDeaths - 1; ++i) pauses.push_back(breaker.died("crash", During::kOther, kStart).pause);
  EXPECT_EQ(pauses,
            (std::vector<milliseconds>{milliseconds(0), milliseconds(50), milliseconds(100), milliseconds(200)}));
  EXPECT_EQ(breaker.state(), State::kRestarting);
}

TEST(Breaker, OpensAfterDeathsWithoutAnAnswerAndLetsOneTry) {
  Breaker breaker;
  for (int i = 0; i < kBreakerDeaths; ++i) (void)breaker.died("crash", During::kOther, kStart);
  EXPECT_EQ(breaker.state(), State::kDown);
  EXPECT_EQ(breaker.ask(kStart + milliseconds(999)).leave, Leave::kDown);
  EXPECT_EQ(breaker.ask(kStart + seconds(1)).leave, Leave::kTrial);
  EXPECT_EQ(breaker.ask(kStart + seconds(1)).leave, Leave::kDown) << "somebody is at it";
  breaker.stood_trial();
  EXPECT_EQ(breaker.ask(kStart + seconds(1)).leave, Leave::kGo);
  EXPECT_EQ(breaker.state(), State::kUp);
}

// Several workers may meet bad articles at the same time; each is judged by itself.
TEST(Breaker, DeathsOnArticlesAloneDoNotOpenIt) {
  Breaker breaker;
  breaker.answered(article("good"), {}, true);
  for (int i = 0; i < 3 * kBreakerDeaths; ++i) {
    const auto death = breaker.died("crash", During::kArticle, kStart);
    EXPECT_FALSE(death.open);
    EXPECT_LE(death.pause, milliseconds(200));
  }
}

TEST(Breaker, TrialsComeMoreAndMoreSeldom) {
  Breaker breaker;
  auto now = kStart;
  for (int i = 0; i < kBreakerDeaths; ++i) (void)breaker.died("crash", During::kOther, now);
  std::vector<std::int64_t> pauses;
  for (int i = 0; i < 8; ++i) {
    now += std::chrono::minutes(2);
    ASSERT_EQ(breaker.ask(now).leave, Leave::kTrial);
    pauses.push_back(std::chrono::duration_cast<seconds>(breaker.died("crash", During::kTrial, now).pause).count());
  }
  EXPECT_EQ(pauses, (std::vector<std::int64_t>{2, 4, 8, 16, 32, 60, 60, 60}));
}

TEST(Breaker, AnotherWorkersDeathDoesNotPutTheTrialOff) {
  Breaker breaker;
  for (int i = 0; i < kBreakerDeaths; ++i) (void)breaker.died("crash", During::kOther, kStart);
  (void)breaker.died("crash", During::kOther, kStart + milliseconds(900));
  EXPECT_EQ(breaker.ask(kStart + seconds(1)).leave, Leave::kTrial);
}

TEST(Breaker, AnAnswerEndsTheRowOfDeaths) {
  Breaker breaker;
  for (int i = 0; i < kBreakerDeaths - 1; ++i) (void)breaker.died("crash", During::kOther, kStart);
  breaker.answered(article("good"), {}, true);
  EXPECT_EQ(breaker.state(), State::kUp);
  EXPECT_FALSE(breaker.died("crash", During::kOther, kStart).open);
}

TEST(Breaker, ControlIsAnArticleThatWasAnsweredBefore) {
  Breaker breaker;
  EXPECT_FALSE(breaker.control().witness);
  breaker.answered(article("bad"), {}, false);
  EXPECT_FALSE(breaker.control().witness) << "an error proves nothing";
  breaker.answered(article("good"), {}, true);
  EXPECT_TRUE(breaker.control().witness);
  EXPECT_EQ(breaker.control().input.id, "good");
}

TEST(Breaker, BlamesAnArticleOnlyOnAPluginThatStoodTheControl) {
  Breaker breaker;
  breaker.answered(article("good"), {}, true);
  EXPECT_EQ(breaker.strike("bad"), 1);
  EXPECT_EQ(breaker.strike("bad"), 2);
  EXPECT_EQ(breaker.strike("bad"), 3);
  EXPECT_EQ(breaker.judge("bad", 3, true, kStart), Verdict::kGuilty);
  EXPECT_EQ(breaker.strike("bad"), 1) << "a new try by hand begins anew";
}

TEST(Breaker, TwoVictimsOfOneThatNeverAnsweredShowItBroken) {
  Breaker breaker;
  EXPECT_EQ(breaker.judge("first", 3, false, kStart), Verdict::kWait);
  EXPECT_EQ(breaker.judge("second", 3, false, kStart), Verdict::kBroken);
  EXPECT_EQ(breaker.state(), State::kDown);
}

TEST(Breaker, OnlyArticleIsGivenUpInTheEnd) {
  Breaker breaker;
  EXPECT_EQ(breaker.judge("only", 3, false, kStart), Verdict::kWait);
  EXPECT_EQ(breaker.judge("only", 5, false, kStart), Verdict::kWait);
  EXPECT_EQ(breaker.judge("only", kMaxStrikesUnproven, false, kStart), Verdict::kGuilty);
}

}  // namespace
}  // namespace dprkwatch::plugin
