#include "store/store.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>

#include "store/reader.hpp"
#include "support/temporary_folder.hpp"

namespace dprkwatch::store {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Time kNow{hours(24 * 18250)};

class StoreTest : public testing::Test {
 protected:
  void SetUp() override { open(); }

  void open() {
    store_.reset();
    auto opened = Store::open("sqlite:" + folder_.file("test.db"));
    ASSERT_TRUE(opened) << describe(opened.error());
    store_ = std::move(*opened);
  }

  // Runs a job that must succeed.
  void run(const Job& job) {
    const auto done = store_->run(job);
    ASSERT_TRUE(done) << describe(done.error());
  }

  FeedId make_feed(const std::string& name = "wire") {
    FeedId id{};
    run([&](Transaction& store) -> Result<void> {
      id = store.ensure_feed(name, "http://" + name + "/").value().id;
      return {};
    });
    return id;
  }

  static NewArticle article(FeedId feed, const std::string& identity) {
    return {feed, identity, "http://wire/" + identity, "Title", "Text", "en", kNow, kNow};
  }

  ArticleId make_article(const std::string& identity = "a") {
    const FeedId feed = make_feed();
    ArticleId id{};
    run([&](Transaction& store) -> Result<void> {
      EXPECT_TRUE(store.insert_article(article(feed, identity)).value());
      id = store.pending_articles(ArticleId{0}, 1000).value().back().id;
      return {};
    });
    return id;
  }

  static NewAlert alert(const std::string& rule, const std::string& story, ArticleId article) {
    return {"al_" + rule + story, rule, story, "warning", article, "summary", "{}", kNow};
  }

  // An alert with a delivery to each of the receivers.
  void make_alert(const std::string& story, ArticleId article, const std::vector<std::string>& receivers) {
    run([&](Transaction& store) -> Result<void> {
      EXPECT_TRUE(store.insert_alert(alert("rule", story, article)).value());
      for (const std::string& receiver : receivers) {
        const auto sequence = store.next_sequence(receiver).value();
        EXPECT_TRUE(store.enqueue({"al_rule" + story, receiver, "msg_" + story + receiver, sequence, "{}", kNow}));
      }
      return {};
    });
  }

  Counts counts() {
    Counts found;
    run([&](Transaction& store) -> Result<void> {
      found = store.counts().value();
      return {};
    });
    return found;
  }

  support::TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(StoreTest, KeepsWhatItCommittedOverARestart) {
  make_article();
  open();
  EXPECT_EQ(counts().articles, 1);
  EXPECT_EQ(counts().pending, 1);
}

TEST_F(StoreTest, KeepsAnEntryOnce) {
  make_article("same");
  const FeedId feed = make_feed();
  const FeedId other = make_feed("other");
  run([&](Transaction& store) -> Result<void> {
    EXPECT_FALSE(store.insert_article(article(feed, "same")).value());
    EXPECT_TRUE(store.insert_article(article(other, "same")).value());
    return {};
  });
  EXPECT_EQ(counts().articles, 2);
}

TEST_F(StoreTest, CountsAFeedsArticlesByTheTimeOfPublicationElseOfFetching) {
  const FeedId wire = make_feed();
  const FeedId other = make_feed("other");
  make_feed("silent");
  run([&](Transaction& store) -> Result<void> {
    NewArticle old = article(wire, "old");
    old.published = kNow - hours(1);
    NewArticle undated = article(other, "undated");
    undated.published.reset();
    for (const NewArticle& each : {article(wire, "a"), article(wire, "b"), old, undated}) {
      EXPECT_TRUE(store.insert_article(each).value());
    }
    return {};
  });
  const auto reader = Reader::open("sqlite:" + folder_.file("test.db"));
  ASSERT_TRUE(reader) << describe(reader.error());
  const auto counts = (*reader)->feed_counts(kNow);
  ASSERT_TRUE(counts) << describe(counts.error());
  ASSERT_EQ(counts->size(), 2U);
  EXPECT_EQ(counts->at(0).feed, wire);
  EXPECT_EQ(counts->at(0).articles, 2);
  EXPECT_EQ(counts->at(1).feed, other);
  EXPECT_EQ(counts->at(1).articles, 1);
}

TEST_F(StoreTest, NamesTheIdentitiesThatAreNew) {
  make_article("b");
  const FeedId feed = make_feed();
  run([&](Transaction& store) -> Result<void> {
    const std::vector<std::string> asked{"a", "b", "c"};
    EXPECT_EQ(store.unknown(feed, asked).value(), (std::vector<std::string>{"a", "c"}));
    return {};
  });
}

TEST_F(StoreTest, AFailedJobLeavesNothingAndHurtsNoOther) {
  const FeedId feed = make_feed();
  std::atomic<int> good = 0;
  for (int i = 0; i < 20; ++i) {
    store_->submit(
        [feed, i](Transaction& store) -> Result<void> {
          auto inserted = store.insert_article(article(feed, std::to_string(i)));
          if (!inserted) return tl::unexpected(inserted.error());
          if (i % 2 == 1) return fail(ErrorCode::kInternal, "on purpose");
          return {};
        },
        [&](const Result<void>& outcome) { good += outcome ? 1 : 0; });
  }
  const auto thrown = store_->run([](Transaction&) -> Result<void> { throw std::runtime_error("on purpose"); });
  EXPECT_FALSE(thrown);
  EXPECT_EQ(counts().articles, 10);
  EXPECT_EQ(good, 10);
}

TEST_F(StoreTest, AChangedUrlForgetsTheValidators) {
  const FeedId feed = make_feed();
  run([&](Transaction& store) -> Result<void> {
    FeedState state = store.ensure_feed("wire", "http://wire/").value();
    state.etag = "\"a\"";
    state.last_poll = kNow;
    EXPECT_TRUE(store.save_feed(state));
    EXPECT_EQ(store.ensure_feed("wire", "http://wire/").value().etag, "\"a\"");
    const FeedState moved = store.ensure_feed("wire", "http://elsewhere/").value();
    EXPECT_EQ(moved.id, feed);
    EXPECT_EQ(moved.etag, "");
    EXPECT_EQ(moved.last_poll, kNow);
    return {};
  });
}

TEST_F(StoreTest, KeepsThePlanOfAFeedsPollsUntilItsUrlChanges) {
  make_feed();
  run([&](Transaction& store) -> Result<void> {
    FeedState state = store.ensure_feed("wire", "http://wire/").value();
    EXPECT_EQ(state.next_poll, std::nullopt);
    state.next_poll = kNow;
    state.poll_why = "ttl";
    state.poll_interval = std::chrono::hours(1);
    state.moved_url = "http://new/";
    state.moved_times = 2;
    state.entry_gap = std::chrono::minutes(7);
    state.newest_entry = kNow;
    state.ttl = std::chrono::minutes(60);
    state.skip = "1 Sunday";
    EXPECT_TRUE(store.save_feed(state));
    const FeedState kept = store.ensure_feed("wire", "http://wire/").value();
    EXPECT_EQ(kept.next_poll, kNow);
    EXPECT_EQ(kept.poll_why, "ttl");
    EXPECT_EQ(kept.poll_interval, std::chrono::hours(1));
    EXPECT_EQ(kept.moved_url, "http://new/");
    EXPECT_EQ(kept.moved_times, 2);
    EXPECT_EQ(kept.entry_gap, std::chrono::minutes(7));
    EXPECT_EQ(kept.newest_entry, kNow);
    EXPECT_EQ(kept.ttl, std::chrono::minutes(60));
    EXPECT_EQ(kept.skip, "1 Sunday");
    EXPECT_EQ(store.feeds().value().at(0).skip, "1 Sunday");
    const FeedState other = store.ensure_feed("wire", "http://elsewhere/").value();
    EXPECT_EQ(other.next_poll, std::nullopt);
    EXPECT_EQ(other.poll_why, "");
    EXPECT_EQ(other.moved_url, "");
    return {};
  });
}

TEST_F(StoreTest, AnArticleWaitsUntilItIsFinishedOrQuarantined) {
  const ArticleId first = make_article("a");
  const ArticleId second = make_article("b");
  const ArticleId third = make_article("c");
  run([&](Transaction& store) -> Result<void> {
    EXPECT_EQ(store.pending_articles(first, 10).value().size(), 2U);
    ArticleOutcome outcome;
    outcome.relevance = "about";
    outcome.story = "story";
    EXPECT_FALSE(store.story_known("story").value());
    EXPECT_TRUE(store.finish_article(first, outcome));
    EXPECT_TRUE(store.story_known("story").value());
    outcome.seen_only = true;
    EXPECT_TRUE(store.finish_article(second, outcome));
    EXPECT_TRUE(store.quarantine_article(third, "reader", "it broke", kNow));
    EXPECT_TRUE(store.pending_articles(ArticleId{0}, 10).value().empty());
    return {};
  });
  EXPECT_EQ(counts().quarantined, 1);
}

TEST_F(StoreTest, AddsUpTheSeriesOfADay) {
  const std::chrono::sys_days day{std::chrono::days(18250)};
  run([&](Transaction& store) -> Result<void> {
    EXPECT_TRUE(store.add_to_series({"DPRK", "USA", day, 40, 5}));
    EXPECT_TRUE(store.add_to_series({"DPRK", "USA", day, 70, 1}));
    EXPECT_TRUE(store.add_to_series({"USA", "DPRK", day, 10, 0}));
    const auto days = store.series("DPRK", "USA", day, day + std::chrono::days(1)).value();
    EXPECT_EQ(days.size(), 1U);
    EXPECT_EQ(days.at(0).articles, 2);
    EXPECT_EQ(days.at(0).escalation_max, 70);
    EXPECT_EQ(days.at(0).escalation_sum, 110);
    EXPECT_EQ(days.at(0).deescalation_max, 5);
    return {};
  });
}

TEST_F(StoreTest, ARuleAlertsOnAStoryOnce) {
  const ArticleId article = make_article();
  run([&](Transaction& store) -> Result<void> {
    EXPECT_TRUE(store.insert_alert(alert("rule", "story", article)).value());
    EXPECT_FALSE(store.insert_alert(alert("rule", "story", article)).value());
    EXPECT_TRUE(store.insert_alert(alert("other", "story", article)).value());
    return {};
  });
  EXPECT_EQ(counts().alerts, 2);
}

TEST_F(StoreTest, SequencesAreGaplessAndOfTheReceiver) {
  const auto failed = store_->run([](Transaction& store) -> Result<void> {
    EXPECT_EQ(store.next_sequence("desk").value(), 1);
    return fail(ErrorCode::kInternal, "rolled back");
  });
  EXPECT_FALSE(failed);
  run([](Transaction& store) -> Result<void> {
    EXPECT_EQ(store.next_sequence("desk").value(), 1);
    EXPECT_EQ(store.next_sequence("desk").value(), 2);
    EXPECT_EQ(store.next_sequence("other").value(), 1);
    return {};
  });
}

TEST_F(StoreTest, FirstAttemptsComeInOrderAndBeforeRetries) {
  const ArticleId article = make_article();
  for (const char* story : {"a", "b", "c"}) make_alert(story, article, {"desk", "log"});
  run([](Transaction& store) -> Result<void> {
    auto due = store.due_deliveries("desk", kNow, 10).value();
    EXPECT_EQ(due.size(), 3U);
    EXPECT_EQ(due.at(0).sequence, 1);
    EXPECT_TRUE(store.record_attempt({due.at(0).id, kNow, 500, "no", DeliveryState::kPending, kNow + seconds(5)}));
    due = store.due_deliveries("desk", kNow, 10).value();
    EXPECT_EQ(due.size(), 2U);
    due = store.due_deliveries("desk", kNow + seconds(5), 10).value();
    EXPECT_EQ(due.at(0).sequence, 2);
    EXPECT_EQ(due.at(2).sequence, 1);
    EXPECT_EQ(due.at(2).attempts, 1);
    return {};
  });
}

TEST_F(StoreTest, ADeliveryIsOwedUntilItIsDeliveredOrDead) {
  const ArticleId article = make_article();
  make_alert("a", article, {"desk"});
  make_alert("b", article, {"desk"});
  run([](Transaction& store) -> Result<void> {
    EXPECT_EQ(store.next_due("desk", kNow - seconds(1)).value(), kNow);
    EXPECT_EQ(store.next_due("nobody", Time{}).value(), std::nullopt);
    const auto due = store.due_deliveries("desk", kNow, 10).value();
    EXPECT_TRUE(store.record_attempt({due.at(0).id, kNow, 200, "", DeliveryState::kDelivered, {}}));
    EXPECT_TRUE(store.record_attempt({due.at(1).id, kNow, 400, "", DeliveryState::kDead, {}}));
    EXPECT_EQ(store.next_due("desk", Time{}).value(), std::nullopt);
    return {};
  });
  EXPECT_EQ(counts().owed, 0);
  EXPECT_EQ(counts().dead_letters, 1);
}

TEST_F(StoreTest, RefusesASecondDaemon) {
  const auto second = Store::open("sqlite:" + folder_.file("test.db"));
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("another dprkwatch"), std::string::npos);
}

TEST_F(StoreTest, RefusesWhatIsNoStore) {
  const std::string path = folder_.file("text.db");
  std::ofstream(path) << std::string(5000, 'x');
  const auto opened = Store::open("sqlite:" + path);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().where, path);
  EXPECT_FALSE(Store::open("mysql:x"));
}

TEST_F(StoreTest, RefusesTheSchemaOfANewerProgram) {
  const std::string path = folder_.file("newer.db");
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &raw), SQLITE_OK);
  sqlite3_exec(raw, "PRAGMA user_version = 999", nullptr, nullptr, nullptr);
  sqlite3_close(raw);
  const auto opened = Store::open("sqlite:" + path);
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("999"), std::string::npos);
}

// A child commits and reports each commit, and is killed in the middle: what it reported is there.
TEST(StoreCrash, KeepsEveryReportedCommit) {
  const support::TemporaryFolder folder;
  const std::string path = "sqlite:" + folder.file("crash.db");
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    auto store = Store::open(path).value();
    FeedId feed{};
    (void)store->run([&](Transaction& transaction) -> Result<void> {
      feed = transaction.ensure_feed("wire", "http://wire/").value().id;
      return {};
    });
    for (std::uint32_t i = 0;; ++i) {
      (void)store->run([&](Transaction& transaction) -> Result<void> {
        (void)transaction.insert_article({feed, std::to_string(i), "", "", "", "", {}, kNow});
        return {};
      });
      (void)!write(pipe_ends[1], &i, sizeof i);
    }
  }
  close(pipe_ends[1]);
  std::uint32_t reported = 0;
  for (int i = 0; i < 50; ++i) ASSERT_EQ(read(pipe_ends[0], &reported, sizeof reported), ssize_t{sizeof reported});
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  while (read(pipe_ends[0], &reported, sizeof reported) == ssize_t{sizeof reported}) {
  }
  close(pipe_ends[0]);
  auto store = Store::open(path);
  ASSERT_TRUE(store) << describe(store.error());
  Counts counts;
  ASSERT_TRUE((*store)->run([&](Transaction& transaction) -> Result<void> {
    counts = transaction.counts().value();
    return {};
  }));
  EXPECT_GE(counts.articles, std::int64_t{reported} + 1);
  EXPECT_LE(counts.articles, std::int64_t{reported} + 2);
}

TEST_F(StoreTest, AnArticleWaitsForItsPageOverARestart) {
  const FeedId feed = make_feed();
  NewArticle waiting = article(feed, "a");
  waiting.wants_page = true;
  run([&](Transaction& store) -> Result<void> {
    EXPECT_TRUE(store.insert_article(waiting).value());
    EXPECT_TRUE(store.pending_articles(ArticleId{0}, 10).value().empty());
    EXPECT_EQ(store.counts().value().pending, 1);
    return {};
  });
  open();
  run([&](Transaction& store) -> Result<void> {
    EXPECT_EQ(store.next_page_due().value(), kNow);
    EXPECT_TRUE(store.due_pages(kNow - seconds(1), 10).value().empty());
    auto pages = store.due_pages(kNow, 10).value();
    EXPECT_EQ(pages.size(), 1U);
    ArticlePage page = pages.front();
    EXPECT_TRUE(page.is_first);
    page.text = "The whole text";
    EXPECT_TRUE(store.fill_article(page));
    EXPECT_TRUE(store.drop_page(page.article));
    EXPECT_EQ(store.next_page_due().value(), std::nullopt);
    EXPECT_EQ(store.pending_articles(ArticleId{0}, 10).value().front().text, "The whole text");
    // What no longer waits is not written over.
    page.text = "late";
    EXPECT_TRUE(store.finish_article(page.article, {}));
    EXPECT_TRUE(store.fill_article(page));
    EXPECT_EQ(store.find_article(feed, "a").value()->text, "The whole text");
    return {};
  });
}

TEST_F(StoreTest, KeepsEveryVersionOfARevisedArticle) {
  const ArticleId id = make_article("abcdef");
  run([&](Transaction& store) -> Result<void> {
    EXPECT_FALSE(store.add_revision(id, {RevisionKind::kEdited, "x", "New", "New text", kNow}).value())
        << "one that was not analysed yet has no version to keep";
    ArticleOutcome outcome;
    outcome.escalation = 12;
    outcome.story = "s";
    EXPECT_TRUE(store.finish_article(id, outcome));
    EXPECT_EQ(store.analysed_before(id).value()->story, "s");
    EXPECT_TRUE(store.add_revision(id, {RevisionKind::kEdited, "x", "New", "New text", kNow}).value());
    const auto pending = store.pending_articles(ArticleId{0}, 10).value();
    EXPECT_EQ(pending.size(), 1U);
    EXPECT_EQ(pending.front().text, "New text");
    EXPECT_TRUE(pending.front().revision.has_value());
    EXPECT_EQ(pending.front().revision->number, 1);
    EXPECT_EQ(pending.front().revision->escalation, 12);
    EXPECT_TRUE(store.finish_article(id, outcome));
    EXPECT_TRUE(store.add_revision(id, {RevisionKind::kRemoved, "HTTP 404", "New", "New text", kNow}).value());
    EXPECT_EQ(store.find_article(store.ensure_feed("wire", "http://wire/").value().id, "abc").value()->revision->kind,
              RevisionKind::kRemoved);
    return {};
  });
  auto reader = Reader::open("sqlite:" + folder_.file("test.db")).value();
  const auto revisions = reader->revisions(id).value();
  ASSERT_EQ(revisions.size(), 2U);
  EXPECT_EQ(revisions[0].text, "Text");
  EXPECT_EQ(revisions[1].text, "New text");
  EXPECT_EQ(revisions[1].detail, "HTTP 404");
}

TEST_F(StoreTest, KnowsWhichEntriesChanged) {
  const FeedId feed = make_feed();
  run([&](Transaction& store) -> Result<void> {
    NewArticle known = article(feed, "a");
    known.entry_hash = 7;
    EXPECT_TRUE(store.insert_article(known).value());
    EXPECT_TRUE(store.insert_article(article(feed, "b")).value());  // of an older version: no hash
    const std::vector<std::string> identities{"a", "b", "c"};
    EXPECT_TRUE(store.changed(feed, identities, std::vector<std::int64_t>{7, 8, 9}).value().empty());
    EXPECT_EQ(store.changed(feed, identities, std::vector<std::int64_t>{6, 8, 9}).value(),
              std::vector<std::string>{"a"});
    return {};
  });
}

TEST_F(StoreTest, KeepsWindowsAndGaps) {
  const FeedId feed = make_feed();
  run([&](Transaction& store) -> Result<void> {
    EXPECT_EQ(store.window(feed).value(), "");
    EXPECT_TRUE(store.save_window(feed, "0123456789abcdef"));
    EXPECT_EQ(store.window(feed).value(), "0123456789abcdef");
    EXPECT_TRUE(store.add_gap({feed, kNow, kNow + hours(1), 5}));
    EXPECT_TRUE(store.add_gap({feed, kNow, kNow + hours(2), 9}));
    return {};
  });
  auto reader = Reader::open("sqlite:" + folder_.file("test.db")).value();
  const auto gaps = reader->gaps(kNow, kNow + hours(3)).value();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps.front().entries, 9);
  EXPECT_TRUE(reader->gaps(kNow + hours(2), kNow + hours(3)).value().empty());
}

}  // namespace
}  // namespace dprkwatch::store
