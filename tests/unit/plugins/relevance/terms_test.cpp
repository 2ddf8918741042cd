#include "relevance/terms.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dprkwatch::relevance {
namespace {

Term term(std::string text, bool stands_alone = false, bool case_matters = false, std::string language = {}) {
  Term made;
  made.text = std::move(text);
  made.stands_alone = stands_alone;
  made.case_matters = case_matters;
  made.language = std::move(language);
  return made;
}

class TermsTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* text :
         {"North Korea", "North Korean", "Pyongyang", "N.Korea", "북한", "평양", "태평양", "Пхеньян"}) {
      terms_.add(term(text));
    }
    terms_.add(term("the North", true));
    terms_.add(term("NK", false, true));
    terms_.add(term("北", true));
    terms_.add(term("朝鲜", false, false, "zh"));
    // Many that begin alike, so that their node is a wide one.
    for (const char letter : std::string("abcdefghij")) terms_.add(term(std::string("kim ") + letter));
    terms_.freeze();
  }

  std::vector<std::string> found(const std::string& text, const char* language = "en") const {
    const Normalized normal = normalize(text, text.size());
    std::vector<Match> matches;
    terms_.find(normal, language, matches);
    std::vector<std::string> texts;
    for (const Match& match : matches) texts.push_back(normal.bytes.substr(match.begin, match.end - match.begin));
    return texts;
  }

 private:
  Terms terms_;
};

using Texts = std::vector<std::string>;

TEST_F(TermsTest, TheLongestOneWins) {
  EXPECT_EQ(found("A North Korean in North Korea"), (Texts{"north korean", "north korea"}));
  EXPECT_EQ(found("태평양", "ko"), Texts{"태평양"});  // the Pacific holds the word for Pyongyang
  EXPECT_EQ(found("평양에서", "ko"), Texts{"평양"});
}

TEST_F(TermsTest, WordsBeginAndEndWhereWordsDo) {
  EXPECT_EQ(found("N.Korea, NKorea"), Texts{"n.korea"});
  EXPECT_EQ(found("North Koreans and north koreatown"), (Texts{"north korean"}));
  EXPECT_EQ(found("xPyongyang"), Texts{});
  EXPECT_EQ(found("남북한과 무북한", "ko"), Texts{"북한"});  // after 남 a compound, after another syllable none
  EXPECT_EQ(found("в Пхеньяне", "ru"), Texts{"пхеньян"});
  EXPECT_EQ(found("в Пхеньяновская", "ru"), Texts{});
}

TEST_F(TermsTest, NamesThatGoOnAreOthers) {
  EXPECT_EQ(found("the North said"), Texts{"the north"});
  EXPECT_EQ(found("the North Sea"), Texts{});
  EXPECT_EQ(found("北の", "ja"), Texts{"北"});
  EXPECT_EQ(found("北京", "zh"), Texts{});
}

TEST_F(TermsTest, CapitalsAndLanguageCountWhereTheyShould) {
  EXPECT_EQ(found("NK news, nk"), Texts{"nk"});
  EXPECT_EQ(found("朝鲜", "zh"), Texts{"朝鲜"});
  EXPECT_EQ(found("朝鲜", "ja"), Texts{});
}

TEST_F(TermsTest, AWideNodeIsFollowedAsANarrowOne) {
  EXPECT_EQ(found("Kim A, kim j; kim k"), (Texts{"kim a", "kim j"}));
}

TEST_F(TermsTest, WhatFollowsAMatchSeesItsLastCharacter) {
  EXPECT_EQ(found("평양북한", "ko"), Texts{"평양"});  // 양 makes no compound
  EXPECT_EQ(found("평양 북한", "ko"), (Texts{"평양", "북한"}));
}

}  // namespace
}  // namespace dprkwatch::relevance
