#include <gtest/gtest.h>

#include "store/reader.hpp"
#include "store/store.hpp"
#include "support/temporary_folder.hpp"

namespace dprkwatch::store {
namespace {

constexpr Time kNow{std::chrono::hours(24 * 18250)};

std::vector<Subscription> stored(const std::string& url) {
  auto reader = Reader::open(url);
  EXPECT_TRUE(reader);
  return (*reader)->subscriptions().value();
}

TEST(Subscriptions, AreKeptChangedAndRemoved) {
  const support::TemporaryFolder folder;
  const std::string url = "sqlite:" + folder.file("test.db");
  const auto store = std::move(*Store::open(url));
  Subscription made;
  made.token = "t1";
  made.callback = "https://watch/websub/t1";
  made.hub = "https://hub/";
  made.topic = "https://wire/";
  made.secret = "secret";
  const auto save = [&](Transaction& transaction) -> Result<void> {
    made.feed = transaction.ensure_feed("wire", "https://wire/").value().id;
    return transaction.save_subscription(made);
  };
  ASSERT_TRUE(store->run(save));
  ASSERT_EQ(stored(url).size(), 1U);
  EXPECT_EQ(stored(url).front().lease_end, std::nullopt);

  made.state = SubscriptionState::kActive;
  made.asked = true;
  made.next_request = kNow;
  made.failures = 3;
  made.last_error = "why";
  made.lease_end = kNow + std::chrono::hours(1);
  made.last_push = kNow;
  made.pushing = true;
  ASSERT_TRUE(store->run(save));
  ASSERT_EQ(stored(url).size(), 1U);
  const Subscription found = stored(url).front();
  EXPECT_EQ(found.token, "t1");
  EXPECT_EQ(found.callback, made.callback);
  EXPECT_EQ(found.feed, made.feed);
  EXPECT_EQ(found.hub, made.hub);
  EXPECT_EQ(found.topic, made.topic);
  EXPECT_EQ(found.secret, made.secret);
  EXPECT_EQ(found.state, SubscriptionState::kActive);
  EXPECT_TRUE(found.asked);
  EXPECT_EQ(found.next_request, kNow);
  EXPECT_EQ(found.failures, 3);
  EXPECT_EQ(found.last_error, "why");
  EXPECT_EQ(found.lease_end, made.lease_end);
  EXPECT_EQ(found.last_push, kNow);
  EXPECT_TRUE(found.pushing);

  ASSERT_TRUE(store->run([](Transaction& transaction) {
    return transaction.note_push("t1", kNow + std::chrono::hours(2)).and_then([&] {
      return transaction.note_push("t2", kNow);
    });
  }));
  ASSERT_EQ(stored(url).size(), 1U);
  EXPECT_EQ(stored(url).front().last_push, kNow + std::chrono::hours(2));
  EXPECT_EQ(stored(url).front().last_error, "");
  EXPECT_EQ(stored(url).front().lease_end, made.lease_end);

  ASSERT_TRUE(store->run([](Transaction& transaction) { return transaction.remove_subscription("t1"); }));
  EXPECT_TRUE(stored(url).empty());
}

}  // namespace
}  // namespace dprkwatch::store
