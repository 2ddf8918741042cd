#include "selector/selector.hpp"

#include <gtest/gtest.h>

#include "selector/glob.hpp"

namespace dprkwatch::selector {
namespace {

TEST(Selector, ReadsTagsClassesIdsAttributesAndTheirRelations) {
  const auto parsed = parse("ul.news > li a[href^=\"/en/\"]:x");
  EXPECT_FALSE(parsed);
  const auto selector = parse("UL.news.top#main > li a[href^=\"/en/\"], *[data-id]");
  ASSERT_TRUE(selector) << selector.error().message;
  ASSERT_EQ(selector->size(), 2U);
  const Complex& first = selector->front();
  ASSERT_EQ(first.size(), 3U);
  EXPECT_EQ(first[0].tag, "ul");
  ASSERT_EQ(first[0].attributes.size(), 3U);
  EXPECT_EQ(first[0].attributes[0].name, "class");
  EXPECT_EQ(first[0].attributes[1].value, "top");
  EXPECT_EQ(first[0].attributes[2].name, "id");
  EXPECT_TRUE(first[1].is_child);
  EXPECT_FALSE(first[2].is_child);
  EXPECT_EQ(first[2].attributes[0].comparison, '^');
  EXPECT_EQ(first[2].attributes[0].value, "/en/");
  EXPECT_EQ(selector->back().front().attributes[0].comparison, '\0');
}

TEST(Selector, SaysWhereAMistakeIs) {
  for (const auto& [text, part] : std::initializer_list<std::pair<const char*, const char*>>{
           {"", "a tag, .class, #id or [attribute] at character 1"},
           {"a >", "at character 4"},
           {"a..b", "a name at character 3"},
           {"[href", "] at character 6"},
           {"[href^\"x\"]", "= at character 7"},
           {"[href=\"x]", "the end of the quoted text"},
           {"a:hover", "at character 2"},
           {"a,", "at character 3"}}) {
    const auto parsed = parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().message.find(part), std::string::npos) << text << ": " << parsed.error().message;
  }
}

TEST(Selector, ComparesValues) {
  EXPECT_TRUE(fits({"class", '~', "b"}, "a b c"));
  EXPECT_FALSE(fits({"class", '~', "b"}, "ab bc"));
  EXPECT_TRUE(fits({"x", '=', "a b"}, "a b"));
  EXPECT_TRUE(fits({"x", '^', "a"}, "abc"));
  EXPECT_TRUE(fits({"x", '$', "c"}, "abc"));
  EXPECT_TRUE(fits({"x", '*', "b"}, "abc"));
  EXPECT_FALSE(fits({"x", '*', ""}, "abc"));
  EXPECT_TRUE(fits({"x", '\0', ""}, ""));
}

TEST(Glob, StarStandsForAnyCharacters) {
  EXPECT_TRUE(fits_glob("", ""));
  EXPECT_TRUE(fits_glob("*", ""));
  EXPECT_TRUE(fits_glob("http://a/*/q/*.kcmsf", "http://a/en/q/123.kcmsf"));
  EXPECT_FALSE(fits_glob("http://a/*/q/*.kcmsf", "http://a/en/q/123.html"));
  EXPECT_FALSE(fits_glob("a*", "ba"));
  EXPECT_TRUE(fits_glob("*a*a*", "banana"));
  EXPECT_FALSE(fits_glob("a", "aa"));
}

TEST(Glob, IsQuickOnPatternsMadeToBeSlow) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "*a";
  // At worst pattern times text steps: an exponential search would not end.
  EXPECT_FALSE(fits_glob(pattern + "b", std::string(20'000, 'a')));
}

}  // namespace
}  // namespace dprkwatch::selector
