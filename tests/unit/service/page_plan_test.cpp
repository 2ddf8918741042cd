#include "service/page_plan.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::service {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kNow{std::chrono::hours(24 * 365 * 50)};

store::ArticlePage stored() {
  store::ArticlePage page;
  page.title = "Title of the entry";
  page.text = "A summary.";
  page.fetched = kNow;
  return page;
}

article::Page on_the_web() {
  article::Page page;
  page.title = "Title on the page";
  page.text = "A summary. And all that follows, which is longer.";
  page.language = "ko";
  page.published = kNow - hours(3);
  return page;
}

TEST(PagePlan, WaitsLongerAfterEachFailure) {
  EXPECT_EQ(wait_after_failure(1), seconds(15));
  EXPECT_EQ(wait_after_failure(2), minutes(1));
  EXPECT_EQ(wait_after_failure(1000), hours(24));
}

TEST(PagePlan, LooksAgainEverMoreSeldomAndOnlyForSoLong) {
  config::Feed feed;
  EXPECT_EQ(next_look(feed, kNow, 1, kNow), std::nullopt);
  feed.recheck = hours(24 * 7);
  EXPECT_EQ(next_look(feed, kNow, 1, kNow), kNow + minutes(30));
  EXPECT_EQ(next_look(feed, kNow, 2, kNow), kNow + hours(2));
  EXPECT_EQ(next_look(feed, kNow, 9, kNow), kNow + hours(96));
  EXPECT_EQ(next_look(feed, kNow - hours(24 * 6), 9, kNow), std::nullopt);
}

TEST(PagePlan, TakesThePagesTextWhenItIsLonger) {
  const store::ArticlePage taken = filled(stored(), on_the_web(), {});
  EXPECT_EQ(taken.title, "Title of the entry");
  EXPECT_EQ(taken.text, on_the_web().text);
  EXPECT_EQ(taken.published, kNow - hours(3));
  EXPECT_EQ(taken.language, "ko");
  article::Page teaser = on_the_web();
  teaser.text = "Log in";
  EXPECT_EQ(filled(stored(), teaser, {}).text, "A summary.");
}

TEST(PagePlan, KeepsWhatTheEntrySaid) {
  store::ArticlePage article = stored();
  article.language = "en";
  article.published = kNow - hours(9);
  const store::ArticlePage taken = filled(article, on_the_web(), {});
  EXPECT_EQ(taken.language, "en");
  EXPECT_EQ(taken.published, kNow - hours(9));
}

TEST(PagePlan, TheLinksOfAnIndexPageSayLess) {
  config::Feed feed;
  feed.type = config::FeedType::kPage;
  store::ArticlePage article = stored();
  article.language = "en";
  const store::ArticlePage taken = filled(article, on_the_web(), feed);
  EXPECT_EQ(taken.title, "Title on the page");
  EXPECT_EQ(taken.language, "ko");
}

TEST(PagePlan, ADateInTheFutureIsTheTimeOfTheFetch) {
  article::Page page = on_the_web();
  page.published = kNow + hours(3);
  EXPECT_EQ(filled(stored(), page, {}).published, kNow);
}

TEST(PagePlan, TellsEditsRemovalsAndReturns) {
  store::ArticlePage article = stored();
  article.text = std::string(500, 'x') + " stood here before.";
  article::Page same;
  same.title = "Another title";  // the entry's counts
  same.text = article.text;
  EXPECT_FALSE(revision_of(article, same, {}, kNow));
  article::Page edited = same;
  edited.text = std::string(500, 'x') + " stands here now.";
  const auto edit = revision_of(article, edited, {}, kNow);
  ASSERT_TRUE(edit);
  EXPECT_EQ(edit->kind, store::RevisionKind::kEdited);
  EXPECT_EQ(edit->text, edited.text);
  EXPECT_EQ(edit->title, article.title);
  article::Page stub;
  stub.text = "Not found.";
  const auto removal = revision_of(article, stub, {}, kNow);
  ASSERT_TRUE(removal);
  EXPECT_EQ(removal->kind, store::RevisionKind::kRemoved);
  EXPECT_EQ(removal->text, article.text) << "what was published is kept";
  article.is_removed = true;
  EXPECT_FALSE(revision_of(article, stub, {}, kNow)) << "it is known to be gone";
  EXPECT_EQ(revision_of(article, same, {}, kNow)->kind, store::RevisionKind::kRestored);
}

}  // namespace
}  // namespace dprkwatch::service
