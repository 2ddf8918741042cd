#include <gtest/gtest.h>

#include <set>

#include "alert/alert.hpp"
#include "support/temporary_folder.hpp"

namespace dprkwatch::alert {
namespace {

const Time kNow = Time(std::chrono::seconds(1700000000));

// Stores an article and raises the configuration's alerts on it.
Result<std::vector<Raised>> raise_once(store::Store& store, const config::Config& config, const std::string& story) {
  std::vector<Raised> raised;
  store::Job job = [&](store::Transaction& transaction) -> Result<void> {
    const auto feed = transaction.ensure_feed("wire", "https://wire.example/");
    if (!feed) return tl::unexpected(feed.error());
    store::NewArticle fresh;
    fresh.feed = feed->id;
    fresh.identity = story;
    if (auto done = transaction.insert_article(fresh); !done) return tl::unexpected(done.error());
    const auto articles = transaction.pending_articles(store::ArticleId{0}, 100);
    if (!articles) return tl::unexpected(articles.error());
    const plugin::Analysis analysis;
    const Subject subject{articles->back(), analysis, story, {}};
    auto alerts = raise(transaction, config, subject, kNow);
    if (!alerts) return tl::unexpected(alerts.error());
    raised = std::move(*alerts);
    return {};
  };
  if (auto done = store.run(job); !done) return tl::unexpected(done.error());
  return raised;
}

config::Config two_receivers() {
  config::Config config;
  config.rules.resize(1);
  config.rules[0].name = "any";
  config.rules[0].receivers = {"desk", "phone"};
  config.receivers.resize(2);
  config.receivers[0].name = "desk";
  config.receivers[1].name = "phone";
  return config;
}

TEST(Raise, OwesEachReceiverAMessageOfItsOwn) {
  const support::TemporaryFolder folder;
  auto store = store::Store::open("sqlite:" + folder.file("s.db"));
  ASSERT_TRUE(store) << describe(store.error());
  const config::Config config = two_receivers();
  for (const char* story : {"st_1", "st_2"}) {
    const auto raised = raise_once(**store, config, story);
    ASSERT_TRUE(raised) << describe(raised.error());
    EXPECT_EQ(raised->size(), 1U);
  }
  std::set<std::string> ids;
  store::Job look = [&](store::Transaction& transaction) -> Result<void> {
    for (const config::Receiver& receiver : config.receivers) {
      const auto due = transaction.due_deliveries(receiver.name, kNow, 10);
      if (!due) return tl::unexpected(due.error());
      EXPECT_EQ(due->size(), 2U) << receiver.name;
      for (const store::Delivery& delivery : *due) ids.insert(delivery.webhook_id);
    }
    return {};
  };
  ASSERT_TRUE((*store)->run(look));
  EXPECT_EQ(ids.size(), 4U);
}

TEST(Raise, AlertsOnceOnAStory) {
  const support::TemporaryFolder folder;
  auto store = store::Store::open("sqlite:" + folder.file("s.db"));
  ASSERT_TRUE(store) << describe(store.error());
  ASSERT_TRUE(raise_once(**store, two_receivers(), "st_1"));
  const auto again = raise_once(**store, two_receivers(), "st_1");
  ASSERT_TRUE(again) << describe(again.error());
  ASSERT_EQ(again->size(), 1U);
  EXPECT_FALSE(again->front().fresh);
  EXPECT_TRUE(again->front().receivers.empty());
}

}  // namespace
}  // namespace dprkwatch::alert
