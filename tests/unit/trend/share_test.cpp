#include "trend/share.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace dprkwatch::trend {
namespace {

Voices voices() {
  std::ifstream file(std::string(DPRKWATCH_SOURCE_DIR) + "/seeds/actors.json");
  std::ostringstream text;
  text << file.rdbuf();
  auto made = Voices::from_json(text.str());
  EXPECT_TRUE(made) << made.error().message;
  return *made;
}

plugin::Annotation statement(const char* actor, const char* target, const char* level, bool conditional = false) {
  plugin::Annotation found;
  found.kind = "statement";
  found.actor = actor;
  found.target = target;
  found.label = level;
  found.conditional = conditional;
  return found;
}

const std::chrono::sys_days kDay = std::chrono::year{2017} / 8 / 9;

TEST(Voices, KnowStateMediaInAnyWriting) {
  const Voices known = voices();
  for (const char* name : {"KCNA", "kcna", "KCNA Watch", "Rodong Sinmun", "로동신문", "조선신보 (Choson Sinbo)"}) {
    EXPECT_EQ(known.class_of(name), SourceClass::kState) << name;
  }
  for (const char* name : {"Yonhap", "Voice of America", "NK News", "", "Kcnaesque"}) {
    EXPECT_EQ(known.class_of(name), SourceClass::kPress) << name;
  }
}

TEST(Voices, KnowHowHighASpeakerStands) {
  const Voices known = voices();
  EXPECT_EQ(known.authority_of("Kim Jong Un"), 10);
  EXPECT_EQ(known.authority_of("Supreme Command of the Korean People's Army"), 9);
  EXPECT_EQ(known.authority_of("DPRK Foreign Ministry"), 7);
  EXPECT_EQ(known.authority_of("Lee Myung-bak"), 0);
}

TEST(Share, IsMadeForEachPairAndForAllTargetsTogether) {
  plugin::Analysis analysis;
  analysis.dyads = {{"DPRK", "USA", 80, 0}, {"DPRK", "ROK", 30, 5}};
  analysis.annotations = {statement("DPRK", "USA", "3"), statement("DPRK", "ROK", "1")};
  const auto shares = shares_of(analysis, SourceClass::kPress, 5, kDay, voices());
  ASSERT_EQ(shares.size(), 3U);
  EXPECT_EQ(shares[0].target, "USA");
  EXPECT_EQ(shares[0].level, 3);
  EXPECT_TRUE(shares[0].unconditional);
  EXPECT_EQ(shares[1].level, 1);
  EXPECT_EQ(shares[2].target, kAnyone);
  EXPECT_EQ(shares[2].escalation, 80);
  EXPECT_EQ(shares[2].deescalation, 5);
  EXPECT_EQ(shares[2].level, 3);
}

TEST(Share, OfAThreatUnderAConditionIsConditional) {
  plugin::Analysis analysis;
  analysis.dyads = {{"DPRK", "USA", 80, 0}};
  analysis.annotations = {statement("DPRK", "USA", "3", true)};
  EXPECT_FALSE(shares_of(analysis, SourceClass::kPress, 5, kDay, voices())[0].unconditional);
}

TEST(Share, OfStateMediaThatNameNobodyIsAtAnyone) {
  plugin::Analysis analysis;
  analysis.relevance = plugin::Relevance::kNone;
  analysis.escalation = 40;
  analysis.level = 2;
  const auto shares = shares_of(analysis, SourceClass::kState, 5, kDay, voices());
  ASSERT_EQ(shares.size(), 1U);
  EXPECT_EQ(shares[0].actor, "DPRK");
  EXPECT_EQ(shares[0].target, kAnyone);
  EXPECT_TRUE(shares_of(analysis, SourceClass::kPress, 5, kDay, voices()).empty());
}

TEST(Voices, RefuseWhatIsNoGazetteer) {
  EXPECT_FALSE(Voices::from_json("{"));
  EXPECT_FALSE(Voices::from_json(R"({"actors": [{"id": "x"}]})"));
}

}  // namespace
}  // namespace dprkwatch::trend
