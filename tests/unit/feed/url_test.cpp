#include "feed/url.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::feed {
namespace {

// RFC 3986 §5.4.
TEST(Url, ResolvesTheExamplesOfTheRfc) {
  constexpr const char* kBase = "http://a/b/c/d;p?q";
  const std::pair<const char*, const char*> cases[] = {
      {"g:h", "g:h"},
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {"g..", "http://a/b/c/g.."},
      {"./g/.", "http://a/b/c/g/"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
  };
  for (const auto& [reference, expected] : cases) {
    EXPECT_EQ(resolve_url(reference, kBase), expected) << reference;
  }
}

TEST(Url, TakesWhatFeedsWrite) {
  EXPECT_EQ(resolve_url("  /a b\n", "https://example.org"), "https://example.org/a%20b");
  EXPECT_EQ(resolve_url("/뉴스/1", "https://example.org/x"), "https://example.org/뉴스/1");
  EXPECT_EQ(resolve_url("page", ""), "page");
}

TEST(Url, KnowsWebAddresses) {
  EXPECT_TRUE(is_web_url("http://example.org"));
  EXPECT_TRUE(is_web_url("HTTPS://example.org/x"));
  EXPECT_FALSE(is_web_url("javascript:alert(1)"));
  EXPECT_FALSE(is_web_url("file:///etc/passwd"));
  EXPECT_FALSE(is_web_url("http:///x"));
  EXPECT_FALSE(is_web_url("tag:example.org,2019:1"));
  EXPECT_FALSE(is_web_url("/x"));
}

}  // namespace
}  // namespace dprkwatch::feed
