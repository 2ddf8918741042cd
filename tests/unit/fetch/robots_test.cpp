#include "fetch/robots.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::fetch {
namespace {

constexpr const char* kAgent = "dprkwatch/1.0 (+https://example.org)";

bool allows(const char* text, const char* path) {
  return Robots::parse(text, kAgent).allows(path);
}

TEST(Robots, AllowsWhatNothingForbids) {
  EXPECT_TRUE(Robots().allows("/a"));
  EXPECT_TRUE(allows("", "/a"));
  EXPECT_TRUE(allows("User-agent: *\nDisallow:\n", "/a"));
  EXPECT_TRUE(allows("<html>not found</html>", "/a"));
  EXPECT_TRUE(allows("Disallow: /\n", "/a")) << "a rule before any group belongs to none";
}

TEST(Robots, TheLongestRuleDecidesAndAllowWinsATie) {
  constexpr const char* kText = "User-agent: *\nDisallow: /news/\nAllow: /news/en/\nDisallow: /tie\nAllow: /tie\n";
  EXPECT_FALSE(allows(kText, "/news/1"));
  EXPECT_TRUE(allows(kText, "/news/en/1"));
  EXPECT_TRUE(allows(kText, "/tie/1"));
  EXPECT_TRUE(allows(kText, "/"));
}

TEST(Robots, TheGroupWithOurNameReplacesThatOfAnybody) {
  constexpr const char* kText =
      "User-agent: *\nDisallow: /\n\nUser-Agent: other\nUser-agent: DPRKwatch # us\nDisallow: /private\n\nuser-agent: "
      "dprkwatch\ndisallow: /more\n";
  EXPECT_TRUE(allows(kText, "/a"));
  EXPECT_FALSE(allows(kText, "/private/1"));
  EXPECT_FALSE(allows(kText, "/more")) << "groups of the same name are one";
  EXPECT_FALSE(Robots::parse(kText, "somebody").allows("/a"));
}

TEST(Robots, KnowsWildcardsAndTheEnd) {
  constexpr const char* kText = "User-agent: *\nDisallow: /*.php$\nDisallow: /*?session=\n";
  EXPECT_FALSE(allows(kText, "/a/b.php"));
  EXPECT_TRUE(allows(kText, "/a/b.php5"));
  EXPECT_FALSE(allows(kText, "/a?session=1"));
}

TEST(Robots, ComparesOctetsHoweverTheyAreWritten) {
  constexpr const char* kText = "User-agent: *\nDisallow: /\xEB\xB6\x81\nDisallow: /%7Ejoe/\nDisallow: /a%2fb\n";
  EXPECT_FALSE(allows(kText, "/%eb%b6%81"));
  EXPECT_FALSE(allows(kText, "/~joe/x"));
  EXPECT_FALSE(allows(kText, "/a%2Fb"));
  EXPECT_TRUE(allows(kText, "/a/b"));
}

TEST(Robots, ClosedForbidsAllButItself) {
  EXPECT_FALSE(Robots::closed().allows("/"));
  EXPECT_FALSE(Robots::closed().allows("/a?b"));
  EXPECT_TRUE(Robots::closed().allows("/robots.txt"));
}

TEST(Robots, ReadsCarriageReturnsAndAByteOrderMark) {
  EXPECT_FALSE(allows("\xEF\xBB\xBFUser-agent: *\rDisallow: /a\r", "/a"));
  EXPECT_FALSE(allows("User-agent: *\r\nDisallow: /a\r\n", "/a"));
}

}  // namespace
}  // namespace dprkwatch::fetch
