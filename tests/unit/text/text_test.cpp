#include "text/text.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::text {
namespace {

TEST(Text, PrefixEndsOnAUtf8Border) {
  const std::string korean = "북한";  // three bytes each
  EXPECT_EQ(prefix(korean, 6), korean);
  EXPECT_EQ(prefix(korean, 5), "북");
  EXPECT_EQ(prefix(korean, 3), "북");
  EXPECT_EQ(prefix(korean, 2), "");
  EXPECT_EQ(prefix("", 0), "");
}

TEST(Text, ShortenFitsAndShowsThatItCut) {
  EXPECT_EQ(shorten("hello", 5), "hello");
  EXPECT_EQ(shorten("hello world", 8), "hello…");
  EXPECT_LE(shorten("북한북한북한", 10).size(), 10U);
}

TEST(Text, PrintableLetsNoControlThrough) {
  EXPECT_EQ(printable("plain 북한 “quote”"), "plain 북한 “quote”");
  EXPECT_EQ(printable("a\nb\x1b[31m\x7f"), "a\\u{A}b\\u{1B}[31m\\u{7F}");
  EXPECT_EQ(printable("\u202Eabc\u2066"), "\\u{202E}abc\\u{2066}");
  EXPECT_EQ(printable("\u0085\u2028"), "\\u{85}\\u{2028}");
  EXPECT_EQ(printable("bad \xff\xc3"), "bad \xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\u{0}");
}

}  // namespace
}  // namespace dprkwatch::text
