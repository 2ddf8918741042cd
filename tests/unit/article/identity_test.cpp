#include <gtest/gtest.h>

#include "article/article.hpp"

namespace dprkwatch::article {
namespace {

using namespace std::chrono_literals;

feed::Entry entry() {
  feed::Entry entry;
  entry.id = "tag:example.org,2019:1";
  entry.url = "https://example.org/1";
  entry.title.value = "A title";
  entry.content.value = "A text";
  entry.published = Time(1575774245s);
  return entry;
}

TEST(Identity, Is32HexDigits) {
  const auto id = identity_of(entry());
  EXPECT_EQ(id.size(), 32U);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
}

// From the openssl command line: printf 'id\0tag:example.org,2019:1' | openssl dgst -sha256
TEST(Identity, IsTruncatedSha256OfKindAndValue) {
  EXPECT_EQ(identity_of(entry()), "0721d1ccaa4d45a169fc155cb785461c");
}

TEST(Identity, RestsOnTheIdAlone) {
  auto other = entry();
  other.url = "https://example.org/moved";
  other.title.value = "Corrected";
  other.published.reset();
  EXPECT_EQ(identity_of(other), identity_of(entry()));
}

TEST(Identity, FallsBackToUrlThenTitleAndDate) {
  auto by_url = entry();
  by_url.id = "  ";
  auto by_title = by_url;
  by_title.url.clear();
  auto by_text = by_title;
  by_text.published.reset();
  EXPECT_NE(identity_of(by_url), identity_of(entry()));
  EXPECT_NE(identity_of(by_title), identity_of(by_url));
  EXPECT_NE(identity_of(by_text), identity_of(by_title));
}

TEST(Identity, NeverRestsOnADateAlone) {
  feed::Entry one;
  one.published = Time(1575774245s);
  one.content.value = "One";
  auto two = one;
  two.content.value = "Two";
  EXPECT_NE(identity_of(one), identity_of(two));
}

TEST(Identity, KeepsThroughAChangeOfMarkup) {
  feed::Entry plain;
  plain.title.value = "Kim & Trump";
  plain.published = Time(1575774245s);
  auto marked = plain;
  marked.title = {"<b>Kim</b> &amp; Trump", true, ""};
  EXPECT_EQ(identity_of(plain), identity_of(marked));
}

TEST(Identity, TellsKindsApart) {
  feed::Entry id;
  id.id = "https://example.org/1";
  feed::Entry url;
  url.url = "https://example.org/1";
  EXPECT_NE(identity_of(id), identity_of(url));
}

}  // namespace
}  // namespace dprkwatch::article
