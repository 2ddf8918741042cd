#include "text/search_terms.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::text {
namespace {

TEST(SearchTerms, LeaveWordsAsTheyStandAndPairCjk) {
  const SearchTerms terms = search_terms("Kim Jong Un이 평양에서\nICBM을 말했다.");
  EXPECT_EQ(terms.words, "Kim Jong Un ICBM .");
  EXPECT_EQ(terms.pairs, "평양 양에 에서 말했 했다");
  EXPECT_EQ(terms.singles, "이 평 양 에 서 을 말 했 다");
  EXPECT_EQ(terms.starts, "이 평 평양 을 말 말했");
}

TEST(SearchTerms, KnowTheScriptsOfTheRegion) {
  EXPECT_EQ(search_terms("北朝鮮").pairs, "北朝 朝鮮");
  EXPECT_EQ(search_terms("ミサイル").pairs, "ミサ サイ イル");
  EXPECT_EQ(search_terms("ニュース").singles, "ニ ュ ー ス");
  EXPECT_EQ(search_terms("КНДР").pairs, "");
  EXPECT_EQ(search_terms("КНДР").words, "КНДР");
  EXPECT_EQ(search_terms("").words, "");
  EXPECT_EQ(search_terms("a\xFF\xFEz").words, "a z");  // what is no UTF-8 divides
}

TEST(SearchQuery, AsksForEveryWord) {
  EXPECT_EQ(search_query("sohae launch").all, "words : \"sohae\" * AND words : \"launch\" *");
  EXPECT_EQ(search_query("sohae launch").starts, "");
  EXPECT_EQ(search_query("북조선").all, "pairs : \"북조 조선\"");
  EXPECT_EQ(search_query("북조선").starts, "pairs : \"북조 조선\" AND starts : \"북조\"");
  EXPECT_EQ(search_query("핵").all, "singles : \"핵\"");
  EXPECT_EQ(search_query("핵 ICBM").starts, "singles : \"핵\" AND starts : \"핵\" AND words : \"ICBM\" *");
}

TEST(SearchQuery, TakesNoOperatorsFromPeople) {
  EXPECT_EQ(search_query("\"a\" OR * ( : ^").all, "words : \"a\" * AND words : \"OR\" *");
  EXPECT_EQ(search_query("... -- \"\"").all, "");
  EXPECT_EQ(search_query("").all, "");
}

}  // namespace
}  // namespace dprkwatch::text
