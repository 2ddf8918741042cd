#include "relevance/normalize.hpp"

#include <gtest/gtest.h>

#include <string>

namespace dprkwatch::relevance {
namespace {

constexpr std::size_t kAll = 1000;

TEST(Normalize, BringsSpellingsIntoOneForm) {
  const struct {
    const char* text;
    const char* wanted;
  } table[] = {
      {"N.Korea", "n.korea"},
      {"North\u2010Korea  -  talks", "north korea talks"},
      {"\uFF24\uFF30\uFF32\uFF2B", "dprk"},              // full-width
      {"СЕВЕРНАЯ КОРЕЯ, Ёлка", "северная корея, елка"},  // Ё as Е
      {"ÉTATS", "états"},
      {"Kim\u2019s", "kim's"},
      {"a\u00ADb\u200Bc\uFEFF", "abc"},  // invisible ones go
      {"one\u2028two\nthree", "one\ntwo\nthree"},
      {"북한\u3000평양", "북한 평양"},
      {"\xFF\xFEx\xC3", "x "},  // no UTF-8; no blank begins a text
      {"", ""},
  };
  for (const auto& row : table) EXPECT_EQ(normalize(row.text, kAll).bytes, row.wanted) << row.text;
}

TEST(Normalize, KnowsWhereEachByteCameFromAndWhatWasACapital) {
  const std::string text = "\uFF21 \u2014 \xEB\xB6\x81K";  // 3 + 1 + 3 + 1 + 3 + 1 bytes
  const Normalized made = normalize(text, kAll);
  ASSERT_EQ(made.bytes, "a 북k");
  EXPECT_EQ(made.origin, (std::vector<std::uint32_t>{0, 3, 8, 8, 8, 11, 12}));
  EXPECT_EQ(made.was_upper, (std::vector<std::uint8_t>{1, 0, 0, 0, 0, 1}));
}

TEST(Normalize, ReadsNoMoreThanItMayAndCutsNoCharacter) {
  const Normalized made = normalize("ab북한", 6);  // the limit lies within the second syllable
  EXPECT_EQ(made.bytes, "ab북");
  EXPECT_EQ(made.origin.back(), 5U);
}

TEST(Decode, TakesWhatIsNoUtf8AsOneByte) {
  for (const char* bytes :
       {"\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5", "\xE3\x81"}) {
    EXPECT_EQ(decode(bytes, 0).value, U'\uFFFD') << bytes;
    EXPECT_EQ(decode(bytes, 0).size, 1U) << bytes;
  }
  EXPECT_EQ(decode("\xF4\x8F\xBF\xBF", 0).value, U'\U0010FFFF');
  EXPECT_EQ(decode_before("한", 3).value, U'한');
  EXPECT_EQ(decode_before("한", 0).size, 0U);
}

TEST(ScriptOf, TellsTheWritingSystems) {
  const struct {
    char32_t value;
    Script wanted;
  } table[] = {{U'k', Script::kLatin},   {U'É', Script::kLatin},   {U'7', Script::kDigit}, {U'К', Script::kCyrillic},
               {U'북', Script::kHangul}, {U'ㄱ', Script::kHangul}, {U'き', Script::kKana}, {U'・', Script::kNone},
               {U'朝', Script::kHan},    {U'.', Script::kNone}};
  for (const auto& row : table) EXPECT_EQ(script_of(row.value), row.wanted) << static_cast<std::uint32_t>(row.value);
}

}  // namespace
}  // namespace dprkwatch::relevance
