#include <gtest/gtest.h>

#include "article/article.hpp"

namespace dprkwatch::article {
namespace {

TEST(CleanText, MakesRunsOfBlanksOneAndDropsEmptyLines) {
  EXPECT_EQ(clean_text("  a \t b\u00A0\u3000c \r\n \n\n d  "), "a b c\nd");
}

TEST(CleanText, ComposesToNfc) {
  EXPECT_EQ(clean_text("cafe\u0301 \u1112\u1161\u11AB"), "caf\u00E9 \uD55C");
  EXPECT_EQ(clean_text("\u212B"), "\u00C5");  // ANGSTROM SIGN
}

TEST(CleanText, ComposesAcrossWhatItDrops) {
  EXPECT_EQ(clean_text("e\u200B\u0301"), "\u00E9");
}

TEST(CleanText, DropsWhatReordersText) {
  EXPECT_EQ(clean_text("pay \u202E1000\u202C \u2066now\u2069\u200F"), "pay 1000 now");
}

TEST(CleanText, DropsInvisibleLettersAndTags) {
  EXPECT_EQ(clean_text("\uFEFFmis\u00ADsi\u200Ble\u2060 \U000E0041\U000E0042x\uFFF9y\uFFFB"), "missile xy");
}

TEST(CleanText, KeepsJoinersWhereTheyMeanSomething) {
  EXPECT_EQ(clean_text("\U0001F468\u200D\U0001F469"), "\U0001F468\u200D\U0001F469");
  EXPECT_EQ(clean_text("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645"),
            "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645");
  EXPECT_EQ(clean_text("핵\u200D무\u200C기 nu\u200Dke"), "핵무기 nuke");
}

TEST(CleanText, TakesHangulFillersForBlanks) {
  EXPECT_EQ(clean_text("북\u3164한\uFFA0핵"), "북 한 핵");
}

TEST(CleanText, ReplacesInvalidBytesAndDropsControls) {
  EXPECT_EQ(clean_text("a\xFF"
                       "b\x01\x7F\xC2\x85"
                       "c"),
            "a\uFFFDb\nc");
  EXPECT_EQ(clean_text(std::string_view("x\0y", 3)), "xy");
}

TEST(CleanText, CutsPilesOfMarksToThirty) {
  std::string zalgo = "a";
  for (int i = 0; i < 1000; ++i) zalgo += i % 2 == 0 ? "\u0316" : "\u0301";
  const auto text = clean_text(zalgo);
  EXPECT_LE(text.size(), 1U + 31U * 2U);
  EXPECT_EQ(clean_text(text), text);
}

TEST(HtmlToText, GivesTheSameFromEscapedAndFromSectionedSources) {
  // The same body as RSS carries it (escaped, HTML) and as Atom does (xhtml, serialised), with other white space.
  const std::string rss = "<p>One&nbsp;two &#8220;three&#8221;.</p>\n\n<p>Four<br />five.</p>";
  const std::string atom =
      "<div xmlns=\"http://www.w3.org/1999/xhtml\">\n  <p>One two\n  \u201Cthree\u201D.</p>\n"
      "  <p>Four<br></br>five.</p>\n</div>";
  EXPECT_EQ(html_to_text(rss), "One two \u201Cthree\u201D.\nFour\nfive.");
  EXPECT_EQ(html_to_text(atom), html_to_text(rss));
}

TEST(HtmlToText, TakesTheSameTextWithAndWithoutTags) {
  EXPECT_EQ(html_to_text("one\ntwo"), "one two");
  EXPECT_EQ(html_to_text("one\n\ntwo"), "one\ntwo");
  EXPECT_EQ(html_to_text("<p>one\n\ntwo</p>"), "one two");
}

TEST(HtmlToText, IsEmptyForNothing) {
  EXPECT_EQ(html_to_text(""), "");
  EXPECT_EQ(html_to_text("<"), "<");
  EXPECT_EQ(html_to_text("<!--"), "");
  EXPECT_EQ(html_to_text("<p"), "");
  EXPECT_EQ(html_to_text("&"), "&");
}

}  // namespace
}  // namespace dprkwatch::article
