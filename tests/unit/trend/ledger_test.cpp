#include "trend/ledger.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace dprkwatch::trend {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

const sys_days kFirst = std::chrono::year{2017} / 8 / 1;

Share threat(int day, std::uint64_t story, double escalation, int level = 2) {
  return {"DPRK", "USA", SourceClass::kState, kFirst + days(day), story, escalation, 0, level};
}

const Pair kPair{"DPRK", "USA", SourceClass::kState};

bool operator==(const DayValue& a, const DayValue& b) {
  return a.day == b.day && a.stories == b.stories && a.threats == b.threats && a.pressure == b.pressure &&
         a.share == b.share && a.deescalation == b.deescalation && a.highest_voice == b.highest_voice;
}

std::vector<DayValue> profile(const std::vector<Share>& shares) {
  Ledger ledger;
  for (const Share& share : shares) {
    ledger.add_story(share.source, share.story, share.day);
    ledger.add(share);
  }
  return ledger.days(kPair);
}

TEST(Ledger, TakesTheMeanOfTheStrongestThree) {
  const auto made = profile({threat(0, 1, 90), threat(0, 2, 60), threat(0, 3, 30), threat(0, 4, 20)});
  ASSERT_EQ(made.size(), 1U);
  EXPECT_DOUBLE_EQ(made[0].pressure, 60);
  EXPECT_EQ(made[0].threats, 4);
  EXPECT_DOUBLE_EQ(made[0].share, 1);
}

TEST(Ledger, LetsOneLoudStoryBeAThirdOfThree) {
  EXPECT_DOUBLE_EQ(profile({threat(0, 1, 90)})[0].pressure, 30);
}

TEST(Ledger, CountsHostileWordsThatThreatenNobodyInTheVolumeAlone) {
  const auto made = profile({threat(0, 1, 40, 1), threat(0, 2, 60)});
  EXPECT_EQ(made[0].stories, 2);
  EXPECT_EQ(made[0].threats, 1);
  EXPECT_DOUBLE_EQ(made[0].share, 0.5);
}

TEST(Ledger, CountsCopiesOnceOnTheDayOfTheFirst) {
  const auto made = profile({threat(2, 7, 50), threat(0, 7, 60), threat(1, 7, 40)});
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].day, kFirst);
  EXPECT_EQ(made[0].stories, 1);
  EXPECT_DOUBLE_EQ(made[0].pressure, 20);
}

TEST(Ledger, GivesTheSameProfileInAnyOrderAndAgain) {
  std::mt19937 random(7);
  std::vector<Share> shares;
  for (int i = 0; i < 300; ++i) {
    shares.push_back(threat(static_cast<int>(random() % 40), random() % 120, static_cast<double>(random() % 100),
                            static_cast<int>(random() % 4)));
  }
  const auto straight = profile(shares);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(shares.begin(), shares.end(), random);
    auto twice = shares;
    twice.insert(twice.end(), shares.begin(), shares.begin() + 100);
    const auto again = profile(twice);
    ASSERT_EQ(again.size(), straight.size());
    for (std::size_t i = 0; i < again.size(); ++i) EXPECT_TRUE(again[i] == straight[i]) << "day " << i;
  }
}

TEST(Ledger, LeavesNoGapBetweenDays) {
  const auto made = profile({threat(0, 1, 10), threat(9, 2, 10)});
  ASSERT_EQ(made.size(), 10U);
  EXPECT_EQ(made[5].stories, 0);
  EXPECT_EQ(made[5].day, kFirst + days(5));
}

TEST(Ledger, WeighsTheVoiceOfHighOrgans) {
  Share share = threat(0, 1, 60);
  share.authority = 8;
  EXPECT_DOUBLE_EQ(profile({share})[0].pressure, 60 * 1.6 / 3);
  share.authority = 10;
  share.escalation = 90;
  EXPECT_DOUBLE_EQ(profile({share})[0].pressure, 100.0 / 3);
  share.authority = 2;
  EXPECT_DOUBLE_EQ(profile({share})[0].pressure, 30);
}

TEST(Ledger, NamesAnUnconditionalThreatOfTheHighestVoice) {
  Share share = threat(0, 1, 90, 3);
  share.unconditional = true;
  share.authority = 7;
  EXPECT_FALSE(profile({share})[0].highest_voice);
  share.authority = 9;
  EXPECT_TRUE(profile({share})[0].highest_voice);
  share.unconditional = false;
  EXPECT_FALSE(profile({share})[0].highest_voice);
}

}  // namespace
}  // namespace dprkwatch::trend
