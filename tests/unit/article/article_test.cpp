#include "article/article.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::article {
namespace {

using namespace std::chrono_literals;

constexpr Time kFetched{1575774245s};

feed::Text html(std::string value) {
  return {std::move(value), true, "https://example.org/"};
}

Article made(const feed::Entry& entry, std::string feed_language = "") {
  feed::Feed feed;
  feed.language = std::move(feed_language);
  return make_article(entry, feed, kFetched);
}

TEST(MakeArticle, TakesTheContentElseTheSummary) {
  feed::Entry entry;
  entry.summary = html("<p>Summary</p>");
  EXPECT_EQ(made(entry).text, "Summary");
  entry.content = html("<p>The content, which is longer</p>");
  EXPECT_EQ(made(entry).text, "The content, which is longer");
}

TEST(MakeArticle, TakesASummaryThatSaysMore) {
  feed::Entry entry;
  entry.content = html("<img src=x><a href=y>Read more</a>");
  entry.summary = html("<p>The ministry said on Sunday that talks had ended.</p>");
  EXPECT_EQ(made(entry).text, "The ministry said on Sunday that talks had ended.");
}

TEST(MakeArticle, DecodesATitleOnce) {
  feed::Entry entry;
  entry.title = html("<b>Kim</b> &amp; Trump:\n &quot;No&quot; to &amp;lt;talks&amp;gt;");
  EXPECT_EQ(made(entry).title, "Kim & Trump: \"No\" to &lt;talks&gt;");
}

TEST(MakeArticle, MendsAPlainTitleThatWasEscapedTwice) {
  feed::Entry entry;
  entry.title = {"Kim &amp; Trump &#8217;talk&#8217;", false, ""};
  EXPECT_EQ(made(entry).title, "Kim & Trump \u2019talk\u2019");
  entry.title = {"<em>Kim</em> speaks", false, ""};
  EXPECT_EQ(made(entry).title, "Kim speaks");
}

TEST(MakeArticle, LeavesAPlainTitleAlone) {
  feed::Entry entry;
  entry.title = {"R&D; AT&T, 5 < 6 > 4, x<y", false, ""};
  EXPECT_EQ(made(entry).title, "R&D; AT&T, 5 < 6 > 4, x<y");
}

TEST(MakeArticle, LeavesOutATitleThatIsTheFirstLine) {
  feed::Entry entry;
  entry.title.value = "Statement of the Spokesman";
  entry.content = html("<h1>Statement of the Spokesman</h1><p>We will act.</p>");
  EXPECT_EQ(made(entry).text, "We will act.");
}

TEST(MakeArticle, KeepsATitleThatBeginsASentence) {
  feed::Entry entry;
  entry.title.value = "North Korea";
  entry.content = html("<p>North Korea said it will act.</p>");
  EXPECT_EQ(made(entry).text, "North Korea said it will act.");
}

TEST(MakeArticle, KeepsATextThatIsTheTitle) {
  feed::Entry entry;
  entry.title.value = "Flash: missile launched";
  entry.content.value = "Flash: missile launched";
  EXPECT_EQ(made(entry).text, "Flash: missile launched");
}

TEST(MakeArticle, ClampsAFutureDate) {
  feed::Entry entry;
  entry.published = kFetched + 24h;
  EXPECT_EQ(made(entry).published, kFetched);
}

TEST(MakeArticle, FallsBackToTheTimeOfChange) {
  feed::Entry entry;
  EXPECT_FALSE(made(entry).published);
  entry.modified = kFetched - 1h;
  EXPECT_EQ(made(entry).published, kFetched - 1h);
}

TEST(MakeArticle, TakesTheLanguageOfEntryElseFeedElseText) {
  feed::Entry entry;
  entry.title.value = "Nordkorea feuert Rakete ab";
  EXPECT_EQ(made(entry).language, "de");
  EXPECT_EQ(made(entry, "nl-NL").language, "nl");
  entry.language = "sv";
  EXPECT_EQ(made(entry, "nl-NL").language, "sv");
}

TEST(MakeArticle, TakesTheScriptOfTheTextAgainstTheFeed) {
  feed::Entry entry;
  entry.title.value = "북한, 미사일 발사";
  entry.content.value = "북한이 8일 미사일을 발사했다고 합동참모본부가 밝혔다.";
  EXPECT_EQ(made(entry, "en-us").language, "ko");
}

TEST(MakeArticle, BearsAnEmptyEntry) {
  const auto article = made({});
  EXPECT_EQ(article.title, "");
  EXPECT_EQ(article.text, "");
  EXPECT_EQ(article.language, "");
  EXPECT_EQ(article.identity.size(), 32U);
}

}  // namespace
}  // namespace dprkwatch::article
