#include "article/revision.hpp"

#include <gtest/gtest.h>

#include <random>

namespace dprkwatch::article {
namespace {

constexpr const char* kText =
    "The General Staff said on Sunday that the army will deal a merciless blow to the aggressors.\n"
    "It added that the drill must stop at once.\nShare 12\nRelated: a visit to a farm";

TEST(Revision, CosmeticChangesAreNoEdits) {
  EXPECT_FALSE(is_edit(kText, kText));
  EXPECT_FALSE(is_edit(kText,
                       "The General Staff said on Sunday,  that the Army will deal a \u201cmerciless\u201d blow to the "
                       "aggressors.\nIt added that the drill must stop at once.\nShare 977\nRelated: a new factory"));
}

TEST(Revision, AnotherWordOrNumberInASentenceIsOne) {
  EXPECT_TRUE(is_edit(kText,
                      "The General Staff said on Sunday that the army will deal a blow to the aggressors.\n"
                      "It added that the drill must stop at once.\nShare 12\nRelated: a visit to a farm"));
  EXPECT_TRUE(is_edit("Three missiles were fired at 6.30 from Wonsan on Monday morning, it said.",
                      "Three missiles were fired at 7.30 from Wonsan on Monday morning, it said."));
  EXPECT_TRUE(is_edit("우리는 무자비한 타격을 가할 것이다.", "우리는 타격을 가할 것이다."));
}

TEST(Revision, ShortTextsAreComparedWhole) {
  EXPECT_TRUE(is_edit("Kim visits a farm", "Kim visits a base"));
  EXPECT_FALSE(is_edit("Kim visits a farm", "Kim visits a FARM"));
}

TEST(Revision, AStubIsWhatIsLeftOfALongText) {
  const std::string text(1000, 'x');
  EXPECT_TRUE(is_stub(text, "The page is not available."));
  EXPECT_FALSE(is_stub(text, std::string(300, 'y')));
  EXPECT_FALSE(is_stub("A short note.", ""));
}

std::string joined(const std::vector<WordChange>& changes) {
  std::string text;
  for (const WordChange& change : changes) {
    const char mark = change.kind == WordChange::Kind::kSame      ? '='
                      : change.kind == WordChange::Kind::kRemoved ? '-'
                                                                  : '+';
    text += '[';
    text += mark;
    text += change.text + "]";
  }
  return text;
}

TEST(Revision, ShowsTheDifferenceByWords) {
  EXPECT_EQ(joined(diff_by_words("the army will deal a merciless blow", "the army may deal a blow soon")),
            "[=the army ][-will ][+may ][=deal a ][-merciless ][=blow ][+soon]");
  EXPECT_EQ(joined(diff_by_words("", "all new")), "[+all new]");
  EXPECT_EQ(joined(diff_by_words("all gone", "")), "[-all gone]");
  EXPECT_EQ(joined(diff_by_words("same", "same")), "[=same]");
  EXPECT_EQ(joined(diff_by_words("", "")), "");
  EXPECT_EQ(joined(diff_by_words("우리는 무자비한 타격을", "우리는 타격을")), "[=우리는 ][-무자비한 ][=타격을]");
}

TEST(Revision, CutsLongRunsThatAreTheSame) {
  std::string words;
  for (int i = 0; i < 100; ++i) words += "w" + std::to_string(i) + " ";
  const auto changes = diff_by_words(words + "old", words + "new");
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_LT(changes[0].text.size(), 120U);
  EXPECT_NE(changes[0].text.find("... "), std::string::npos);
}

// Whatever the texts: what is the same and what was removed make the first, what is the same and what was added the
// second.
TEST(Revision, TheDifferenceMakesBothTextsAgain) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const auto text = [&](std::size_t most) {
      std::string words;
      for (std::size_t i = random() % most; i > 0; --i)
        words += std::string(1, static_cast<char>('a' + random() % 4)) + " ";
      return words;
    };
    const std::string before = text(30);
    const std::string after = text(30);
    std::string first;
    std::string second;
    for (const WordChange& change : diff_by_words(before, after)) {
      if (change.kind != WordChange::Kind::kAdded) first += change.text;
      if (change.kind != WordChange::Kind::kRemoved) second += change.text;
    }
    ASSERT_EQ(first, before);
    ASSERT_EQ(second, after);
  }
}

TEST(Revision, TextsWithNothingInCommonAreOneChange) {
  std::string before;
  std::string after;
  for (int i = 0; i < 3000; ++i) {
    before += "b" + std::to_string(i) + " ";
    after += "a" + std::to_string(i) + " ";
  }
  const auto changes = diff_by_words(before, after);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].text, before);
  EXPECT_EQ(changes[1].text, after);
}

}  // namespace
}  // namespace dprkwatch::article
