#include "rhetoric/attribution.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace dprkwatch::rhetoric {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(std::string(DPRKWATCH_SOURCE_DIR) + "/" + path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

struct Case {
  const char* name;
  std::vector<const char*> sentences;  // of one text, in order
  const char* expected;                // "ACTOR->TARGET" of the last one
};

// Whose words the last sentence is, in texts of an outlet that speaks for nobody.
const std::vector<Case> kCases{
    {"a dateline is no speaker", {"SEOUL (Reuters) - North Korea warned Japan on Monday."}, "DPRK->JPN"},
    {"a city's government is", {"Seoul warned Pyongyang on Monday that it would respond."}, "ROK->DPRK"},
    {"the statement goes on with its author",
     {"North Korea's Foreign Ministry said Japan was a dwarf.",
      "\"If Japan comes closer, it will sink,\" the statement said."},
     "DPRK->JPN"},
    {"a pronoun goes on with the last speaker",
     {"Kim Yo Jong denounced South Korea.", "South Korea had betrayed the nation, she said, and would pay."},
     "DPRK->ROK"},
    {"the verb that closes a sentence tells the speaker",
     {"South Korea spoke of dialogue but prepared for war, North Korea's army said."},
     "DPRK->ROK"},
    {"a named official is no reference",
     {"North Korea fired a missile, Japan said.", "A South Korean official said North Korea would regret it."},
     "ROK->DPRK"},
    {"Korean: the topic speaks", {"일본이 도발한다면 즉시 타격할 것이라고 북한은 경고했다."}, "DPRK->JPN"},
    {"Korean: a pronoun goes on",
     {"북한 김여정 부부장은 남측을 비난했다.", "그는 남측이 다시 도발한다면 대가를 치를 것이라고 경고했다."},
     "DPRK->ROK"},
    {"Korean: a surname with an office goes on",
     {"북한 김여정 부부장은 일본을 비난했다.", "김 부부장은 일본이 선을 넘으면 파멸할 것이라고 위협했다."},
     "DPRK->JPN"},
    {"Korean: a connective goes on",
     {"조선중앙통신은 남측을 비난했다.", "이어 남측 기지는 잿더미가 될 것이라고 위협했다."},
     "DPRK->ROK"},
    {"Korean: a connective before a new topic does not",
     {"조선중앙통신은 남측을 비난했다.", "또 미국은 북한이 공격하면 압도적으로 대응하겠다고 경고했다."},
     "USA->DPRK"},
};

TEST(Attribution, FindsWhoseWordsTheyAre) {
  const Gazetteer gazetteer(read_file("seeds/actors.json"));
  const Lexicon lexicon(read_file("plugins/rhetoric/data/lexicon.tsv"));
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.name);
    Thread thread("");
    Attribution last;
    for (const std::string_view sentence : one.sentences) {
      const auto words = words_of(sentence);
      last = thread.attribute(sentence, words, lexicon.find(sentence, words), gazetteer.find(sentence, words));
    }
    EXPECT_EQ(last.actor + "->" + last.target, one.expected);
  }
}

}  // namespace
}  // namespace dprkwatch::rhetoric
