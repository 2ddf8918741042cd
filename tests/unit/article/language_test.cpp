#include "article/language.hpp"

#include <gtest/gtest.h>

#include <array>

#include "article/article.hpp"

namespace dprkwatch::article {
namespace {

struct Sample {
  std::string_view text;
  std::string_view language;
};

TEST(GuessLanguage, KnowsShortTitles) {
  constexpr std::array kSamples = std::to_array<Sample>({
      {"North Korea fires missile", "en"},
      {"Trump says Kim has everything to lose", "en"},
      {"Respected Comrade Kim Jong Un Gives Field Guidance to Farm", "en"},
      {"북한, 미사일 발사", "ko"},
      {"북핵", "ko"},
      {"김정은, ICBM 시험발사 현지지도", "ko"},
      {"김정은 KCNA TV USA", "ko"},
      {"朝鮮半島 비핵화 談判", "ko"},
      {"北朝鮮、弾道ミサイル発射", "ja"},
      {"北朝鮮外務省報道官談話", "ja"},
      {"北朝鮮", "ja"},
      {"日米韓が協議 ICBM発射を受け", "ja"},
      {"朝鲜发射导弹", "zh"},
      {"朝中社：朝鲜进行重大试验", "zh"},
      {"北韓試射飛彈 美國譴責", "zh"},
      {"КНДР запустила ракету", "ru"},
      {"Ким Чен Ын посетил завод", "ru"},
      {"Північна Корея запустила ракету", "uk"},
      {"Corea del Norte lanza un misil balístico", "es"},
      {"La Corée du Nord tire un missile", "fr"},
      {"Nordkorea feuert Rakete ab", "de"},
  });
  for (const auto& sample : kSamples) EXPECT_EQ(guess_language(sample.text), sample.language) << sample.text;
}

TEST(GuessLanguage, SaysNothingWhenUnclear) {
  for (const auto* text : {"", "1", "2019-12-08", "KCNA", "Jong Un", "!!! ???", "\U0001F680\U0001F680"}) {
    EXPECT_EQ(guess_language(text), "") << text;
  }
}

TEST(PrimaryLanguage, ReadsWhatFeedsWrite) {
  EXPECT_EQ(primary_language("en-US"), "en");
  EXPECT_EQ(primary_language("ko_KR"), "ko");
  EXPECT_EQ(primary_language("zh-Hant-TW"), "zh");
  EXPECT_EQ(primary_language("KOR"), "ko");
  EXPECT_EQ(primary_language("kr"), "ko");
  EXPECT_EQ(primary_language("jp"), "ja");
  EXPECT_EQ(primary_language("english"), "");
  EXPECT_EQ(primary_language("utf-8"), "");
  EXPECT_EQ(primary_language(""), "");
}

TEST(LanguageOf, TrustsTheFeedUnlessTheScriptContradicts) {
  EXPECT_EQ(language_of("en", "북한이 미사일을 발사했다고 합참이 밝혔다."), "ko");
  EXPECT_EQ(language_of("ko", "North Korea fired a missile on Sunday, the military said."), "en");
  EXPECT_EQ(language_of("zh", "北朝鮮は弾道ミサイルを発射したと発表した"), "ja");
  EXPECT_EQ(language_of("ja", "朝鲜中央通讯社报道说发射了导弹"), "zh");
  EXPECT_EQ(language_of("ja", "北朝鮮外務省報道官談話全文"), "ja");
  EXPECT_EQ(language_of("ko", "KCNA"), "ko");
  EXPECT_EQ(language_of("en", "\"조선중앙통신\" reported on Sunday that the country had carried out a test."), "en");
  EXPECT_EQ(language_of("ko-KR", "김정은 ICBM SLBM HGV NLL DMZ"), "ko");
}

}  // namespace
}  // namespace dprkwatch::article
