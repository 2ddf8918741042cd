#include "feed/repair.hpp"

#include <gtest/gtest.h>


#include "feed/feed.hpp"

namespace dprkwatch::feed {
namespace {

std::string repaired(std::string_view document) {
  Warnings warnings;
  return repair_xml(document, warnings);
}

TEST(Repair, LeavesSoundMarkupAsItIs) {
  constexpr std::string_view kSound = "<a x=\"1 &amp; 2\"><b>t &lt; u</b><c/><![CDATA[<raw>&]]></a>";
  EXPECT_EQ(repaired(kSound), kSound);
}

TEST(Repair, MendsTokens) {
  EXPECT_EQ(repaired("<a>x & y</a>"), "<a>x &amp; y</a>");
  EXPECT_EQ(repaired("<a>&nbsp;&foo;&#0;&#x41;</a>"), "<a>\u00A0&amp;foo;&#65;</a>");
  EXPECT_EQ(repaired("<a>1 < 2 <북한></a>"), "<a>1 &lt; 2 &lt;북한></a>");
  EXPECT_EQ(repaired("<a x=1 y='2' x=\"3\" z></a>"), "<a x=\"1\" y=\"2\" z=\"\"></a>");
  EXPECT_EQ(repaired("<a href=http://x/?a&b/>"), "<a href=\"http://x/?a&amp;b\"/>");
  EXPECT_EQ(repaired("<a>x\x01y\x0Bz</a>"), "<a>xyz</a>");
  EXPECT_EQ(repaired("<a>]]></a>"), "<a>]]&gt;</a>");
}

TEST(Repair, BalancesTags) {
  EXPECT_EQ(repaired("<a><b><c>x</b></a>"), "<a><b><c>x</c></b></a>");
  EXPECT_EQ(repaired("<a>x</b></a>"), "<a>x</a>");
  EXPECT_EQ(repaired("<a><b>x"), "<a><b>x</b></a>");
  EXPECT_EQ(repaired("<a><Title>x</title></a>"), "<a><Title>x</Title></a>");
}

TEST(Repair, CutsAfterTheLastWholeEntry) {
  EXPECT_EQ(repaired("<rss><item><title>1</title></item><item><title>2</tit"),
            "<rss><item><title>1</title></item></rss>");
}

TEST(Repair, IsIdempotent) {
  for (const std::string_view damaged : {"<a>x & y <b c=d>e</a>", "<rss><item><title>A<link>b</link></item><item>",
                                         "<a><!-- x --><![CDATA[ y", "<a b='"}) {
    const std::string once = repaired(damaged);
    EXPECT_EQ(repaired(once), once);
  }
}

// Each of these made a naive tokenizer search to the end of the document for every token.
TEST(Repair, TakesLinearTime) {
  for (const std::string_view piece : {"<?a>",
                                       "<!DOCTYPE [>",
                                       "<!DOCTYPE a \"",
                                       "<![CDATA[",
                                       "<!--",
                                       "<a b='",
                                       "<a b=\">",
                                       "<a b=\"'",
                                       "</b>",
                                       "<a ",
                                       "<a>",
                                       "&",
                                       "&a",
                                       "<title>",
                                       "<item>",
                                       "<x:y:z a=1 a=2>",
                                       "]]>",
                                       "<!a",
                                       "<a/",
                                       "\xEF\xBF\xBE",
                                       "\xFF",
                                       "<title><a>",
                                       "'\"<a b=c"}) {
    std::string document = "<rss><channel>";
    while (document.size() < 500'000) {
      document += piece;
    }
    // A quadratic one would take hours: the test's own time limit ends it.
    SCOPED_TRACE(piece);
    const auto feed = parse(document, {});
    EXPECT_TRUE(!feed || feed->entries.size() <= 5000U);
  }
}

}  // namespace
}  // namespace dprkwatch::feed
