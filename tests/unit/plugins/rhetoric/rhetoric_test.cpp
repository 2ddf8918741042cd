#include "rhetoric/rhetoric.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <sstream>

#include "rhetoric/model.hpp"
#include "rhetoric/quad.hpp"

namespace dprkwatch::rhetoric {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(std::string(DPRKWATCH_SOURCE_DIR) + "/" + path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

Scorer make_scorer(const std::string& quad) {
  return Scorer(read_file("plugins/rhetoric/data/rhetoric.model"), read_file("plugins/rhetoric/data/lexicon.tsv"),
                read_file("seeds/actors.json"), quad);
}

Text text_of(std::string_view body, std::string_view source = {}) {
  Text text;
  text.body = body;
  text.source = source;
  text.year = 2019;
  return text;
}

TEST(Model, IsSmallAndWritesTheBytesThatItRead) {
  const std::string bytes = read_file("plugins/rhetoric/data/rhetoric.model");
  EXPECT_LE(bytes.size(), 256U * 1024);
  EXPECT_EQ(write_model(read_model(bytes)), bytes);
  const std::string quad = read_file("plugins/rhetoric/data/quad.model");
  EXPECT_LE(quad.size(), 256U * 1024);
  EXPECT_EQ(write_quad(read_quad(quad)), quad);
}

TEST(Model, RefusesDamagedBytes) {
  std::string bytes = read_file("plugins/rhetoric/data/rhetoric.model");
  EXPECT_THROW((void)read_model(bytes.substr(0, bytes.size() / 2)), std::runtime_error);
  EXPECT_THROW((void)read_model(bytes + "x"), std::runtime_error);
  EXPECT_THROW((void)read_model(""), std::runtime_error);
  EXPECT_THROW((void)read_quad(bytes), std::runtime_error);
}

TEST(Quad, GivesProbabilitiesThatAddUpToOne) {
  Scorer scorer = make_scorer(read_file("plugins/rhetoric/data/quad.model"));
  for (const char* body : {"Rebels killed four soldiers in an ambush.", "北", "?", "서울을 불바다로 만들 것이다."}) {
    const auto p = scorer.score_quad(text_of(body));
    ASSERT_EQ(p.size(), kQuads) << body;
    EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0), 1, 1e-9) << body;
  }
  const auto p = scorer.score_quad(text_of("Rebels killed four soldiers in an ambush with a car bomb."));
  EXPECT_EQ(std::max_element(p.begin(), p.end()) - p.begin(), 4);
}

TEST(Quad, MayBeLeftOut) {
  Scorer scorer = make_scorer({});
  EXPECT_TRUE(scorer.score_quad(text_of("Rebels killed four soldiers.")).empty());
}

TEST(Score, IsTheSumOfItsParts) {
  Scorer scorer = make_scorer({});
  const Score score =
      scorer.score(text_of("North Korea will turn Seoul into a sea of fire. It condemned the drills. The sun shone. "
                           "If the puppets provoke it, it will strike without mercy."));
  double sum = 0;
  for (const Statement& statement : score.statements) sum += statement.points;
  EXPECT_NEAR(sum, score.escalation, 0.5 * 5);
  EXPECT_GT(score.escalation, 60);
}

TEST(Score, DoesNotGrowWithDullLength) {
  Scorer scorer = make_scorer({});
  const std::string threat = "The DPRK will turn Seoul into a sea of fire. ";
  std::string body = threat;
  for (int i = 0; i < 200; ++i) body += "Farmers planted rice in the valley. ";
  const double alone = scorer.score(text_of(threat)).escalation;
  const double among = scorer.score(text_of(body)).escalation;
  EXPECT_GE(among, alone - 1e-6);
  EXPECT_LE(among, alone + 15);
}

TEST(Score, SurvivesBadText) {
  Scorer scorer = make_scorer(read_file("plugins/rhetoric/data/quad.model"));
  const std::string million(1'000'000, 'x');
  std::string no_border;
  for (int i = 0; i < 20'000; ++i) no_border += "attack ";
  for (const std::string& body : {std::string(), std::string("\xff\xfe\x80"), million, no_border,
                                  std::string("WE WILL ATTACK!!!"), std::string("서울 attack 攻撃 удар \"")}) {
    const Score score = scorer.score(text_of(body));
    EXPECT_TRUE(std::isfinite(score.escalation));
    EXPECT_GE(score.escalation, 0);
    EXPECT_LE(score.escalation, 100);
  }
}

TEST(Direction, ReadsStateMediaByItsEpithets) {
  Scorer scorer = make_scorer({});
  const auto dyad = [&](std::string_view body) {
    const Statement statement = scorer.score_sentence(text_of(body, "kcna"));
    return statement.actor + ">" + statement.target;
  };
  EXPECT_EQ(dyad("Our army will wipe out the group of traitors."), "DPRK>ROK");
  EXPECT_EQ(dyad("The puppet minister blustered that his army would strike."), "ROK>DPRK");
  EXPECT_EQ(dyad("The U.S. imperialists will pay dearly."), "DPRK>USA");
  EXPECT_EQ(dyad("Koreans in Japan vowed to punish traitor Lee."), "DPRK>ROK");
}

TEST(Conditional, NeedsAClauseAndAThreat) {
  Scorer scorer = make_scorer({});
  EXPECT_TRUE(scorer.score_sentence(text_of("If the enemy attacks, the DPRK will strike back without mercy.", "kcna"))
                  .conditional);
  EXPECT_FALSE(scorer.score_sentence(text_of("The children should visit the museum.", "kcna")).conditional);
}

}  // namespace
}  // namespace dprkwatch::rhetoric
