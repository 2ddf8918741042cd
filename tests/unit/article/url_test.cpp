#include "article/url.hpp"

#include <gtest/gtest.h>

#include <array>

namespace dprkwatch::article {
namespace {

struct Link {
  std::string_view link;
  std::string_view resolved;
};

// RFC 3986 §5.4, but for the abnormal "http:g", which libcurl refuses, and other schemes, which we do.
TEST(ResolveLink, FollowsTheExamplesOfRfc3986) {
  constexpr std::array kLinks = std::to_array<Link>({
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q#s"},
      {"g#s", "http://a/b/c/g#s"},
      {"g?y#s", "http://a/b/c/g?y#s"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"", "http://a/b/c/d;p?q"},
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
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"g#s/../x", "http://a/b/c/g#s/../x"},
  });
  for (const auto& [link, resolved] : kLinks) {
    EXPECT_EQ(resolve_link(link, "http://a/b/c/d;p?q", LinkUse::kPage), resolved) << link;
  }
}

TEST(ResolveLink, RefusesWhatAReaderMayNotBeSentTo) {
  for (const auto* link :
       {"javascript:alert(1)", "JAVASCRIPT:x", " java\nscript:x", "\x01javascript:x", "data:text/html,x", "vbscript:x",
        "file:///etc/passwd", "blob:http://x/1", "http:", "http://", "https://h:99999/", "http://a b/"}) {
    EXPECT_EQ(resolve_link(link, "http://a/b", LinkUse::kPage), "") << link;
  }
}

TEST(ResolveLink, NeedsAWebBaseForARelativeLink) {
  EXPECT_EQ(resolve_link("x", "", LinkUse::kPage), "");
  EXPECT_EQ(resolve_link("x", "file:///tmp/", LinkUse::kPage), "");
  EXPECT_EQ(resolve_link("x", "javascript:alert(1)//", LinkUse::kPage), "");
  EXPECT_EQ(resolve_link("https://example.org/x", "", LinkUse::kPage), "https://example.org/x");
}

TEST(ResolveLink, SendsMailFromPagesOnly) {
  EXPECT_EQ(resolve_link("mailto:a@example.org", "", LinkUse::kPage), "mailto:a@example.org");
  EXPECT_EQ(resolve_link("mailto:a@example.org", "", LinkUse::kImage), "");
}

TEST(ResolveLink, IsAscii) {
  EXPECT_EQ(resolve_link("http://북한.example/핵?q=a b\"", "", LinkUse::kPage),
            "http://xn--pr3b894b.example/%ED%95%B5?q=a%20b%22");
  EXPECT_EQ(resolve_link("a%20b%zz", "http://h/", LinkUse::kPage), "http://h/a%20b%zz");
  EXPECT_EQ(resolve_link("https:/a%EF%BF%BD.example/", "", LinkUse::kPage), "");
  EXPECT_EQ(resolve_link("http:///h/x", "", LinkUse::kPage), "http://h/x");
  EXPECT_EQ(resolve_link("http://a\u2028b/", "", LinkUse::kPage), "");
}

TEST(ResolveLink, LeavesOutAUsersName) {
  EXPECT_EQ(resolve_link("https://bank.example:x@evil.example/", "", LinkUse::kPage), "https://evil.example/");
}

}  // namespace
}  // namespace dprkwatch::article
