// Quarantine, articles that are analysed anew, and changes beside a store that is in use.

#include <gtest/gtest.h>

#include <filesystem>

#include "store/beside.hpp"
#include "store/reader.hpp"
#include "store/store.hpp"
#include "support/temporary_folder.hpp"

namespace dprkwatch::store {
namespace {

using std::chrono::hours;

const std::chrono::sys_days kDay{std::chrono::days(18000)};
const Time kNoon = Time(kDay) + hours(12);

class Reanalysis : public testing::Test {
 protected:
  Reanalysis() {
    auto opened = Store::open(url_);
    EXPECT_TRUE(opened);
    store_ = std::move(*opened);
  }

  void with(const Job& job) {
    const auto done = store_->run(job);
    ASSERT_TRUE(done) << describe(done.error());
  }

  // Articles 1 to `count`, an hour apart.
  void insert(int count) {
    with([&](Transaction& store) -> Result<void> {
      const auto feed = store.ensure_feed("wire", "http://wire.example/");
      for (int i = 1; i <= count; ++i) {
        NewArticle article;
        article.feed = feed->id;
        article.identity = article.title = "article " + std::to_string(i);
        article.text = "text";
        article.fetched = kNoon + hours(i);
        EXPECT_TRUE(store.insert_article(article).value());
      }
      return {};
    });
  }

  static ArticleOutcome outcome(const std::string& story, double score, const std::string& relevance = "about") {
    ArticleOutcome made;
    made.relevance = relevance;
    made.story = story;
    made.annotations_json = R"([{"kind":"dyad","actor":"DPRK","target":"USA","score":)" + std::to_string(score) +
                            R"(,"details":{"deescalation":5.5}},{"kind":"escalation","score":99}])";
    made.versions_json = "{}";
    return made;
  }

  support::TemporaryFolder folder_;
  std::string url_ = "sqlite:" + folder_.file("store.db");
  std::unique_ptr<Store> store_;
};

TEST_F(Reanalysis, QuarantineIsListedCountedAndReleased) {
  insert(3);
  with([](Transaction& store) -> Result<void> {
    EXPECT_TRUE(store.quarantine_article(ArticleId{1}, "words", "it died", kNoon));
    EXPECT_TRUE(store.quarantine_article(ArticleId{2}, "", "a NUL byte", kNoon));
    EXPECT_TRUE(store.quarantine_article(ArticleId{3}, "words", "it died", kNoon));
    return {};
  });
  auto reader = Reader::open(url_);
  ASSERT_TRUE(reader);
  const auto listed = (*reader)->quarantined({});
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 3U);
  EXPECT_EQ(listed->front().id, ArticleId{3});
  EXPECT_EQ(listed->front().plugin, "words");
  EXPECT_EQ(listed->front().reason, "it died");
  EXPECT_EQ(listed->front().since, kNoon);
  using Counts = std::vector<std::pair<std::string, std::int64_t>>;
  EXPECT_EQ((*reader)->quarantined_by_plugin().value(), (Counts{{"", 1}, {"words", 2}}));

  const auto released = [&](std::optional<ArticleId> id, const std::string& plugin) {
    std::int64_t count = -1;
    with([&](Transaction& store) -> Result<void> {
      count = store.release_articles(id, plugin).value();
      return {};
    });
    return count;
  };
  EXPECT_EQ(released(ArticleId{1}, ""), 1);
  EXPECT_EQ(released(ArticleId{1}, ""), 0) << "it waits already";
  EXPECT_EQ(released(std::nullopt, "words"), 1);
  EXPECT_EQ(released(std::nullopt, ""), 1);
  with([](Transaction& store) -> Result<void> {
    EXPECT_EQ(store.pending_articles(ArticleId{0}, 10).value().size(), 3U);
    return {};
  });
}

TEST_F(Reanalysis, MarksWaitForThePluginsThatAreDown) {
  insert(3);
  with([](Transaction& store) -> Result<void> {
    for (const int id : {1, 2, 3}) EXPECT_TRUE(store.finish_article(ArticleId{id}, outcome(std::to_string(id), 1)));
    const std::vector<std::string> one{"words"};
    const std::vector<std::string> two{"words", "mood"};
    EXPECT_TRUE(store.await_plugins(ArticleId{1}, one));
    EXPECT_TRUE(store.await_plugins(ArticleId{2}, two));
    const auto marked = [&](std::vector<std::string> down) {
      std::vector<ArticleId> ids;
      const auto found = store.marked_articles(down, 10).value();
      for (const auto& each : found) {
        EXPECT_TRUE(each.raises);
        ids.push_back(each.article.id);
      }
      return ids;
    };
    EXPECT_EQ(marked({"words"}), (std::vector<ArticleId>{}));
    EXPECT_EQ(marked({"mood"}), (std::vector<ArticleId>{ArticleId{1}}));
    EXPECT_EQ(marked({}), (std::vector<ArticleId>{ArticleId{1}, ArticleId{2}}));
    EXPECT_EQ(store.count_marked().value(), 0) << "nobody asked for these by hand";
    EXPECT_TRUE(store.await_plugins(ArticleId{1}, {}));
    EXPECT_EQ(marked({}), (std::vector<ArticleId>{ArticleId{2}}));
    return {};
  });
}

TEST_F(Reanalysis, HistoryIsMarkedByTimeAndRaisesNothing) {
  insert(3);
  with([](Transaction& store) -> Result<void> {
    EXPECT_TRUE(store.finish_article(ArticleId{1}, outcome("1", 1)));
    EXPECT_TRUE(store.finish_article(ArticleId{2}, outcome("2", 1)));
    EXPECT_EQ(store.mark_since(kNoon + hours(2)).value(), 1) << "one is older, one was never analysed";
    EXPECT_EQ(store.count_marked().value(), 1);
    const auto marked = store.marked_articles({}, 10).value();
    EXPECT_EQ(marked.size(), 1U);
    EXPECT_EQ(marked.front().article.id, ArticleId{2});
    EXPECT_FALSE(marked.front().raises);
    return {};
  });
}

TEST_F(Reanalysis, RebuiltSeriesIsTheOneThatWasAddedUp) {
  insert(4);
  with([](Transaction& store) -> Result<void> {
    EXPECT_TRUE(store.finish_article(ArticleId{1}, outcome("one", 40)));
    EXPECT_TRUE(store.finish_article(ArticleId{2}, outcome("two", 70)));
    EXPECT_TRUE(store.finish_article(ArticleId{3}, outcome("one", 90)));              // a copy: counts once
    EXPECT_TRUE(store.finish_article(ArticleId{4}, outcome("four", 95, "passing")));  // not about it
    EXPECT_TRUE(store.add_to_series({"DPRK", "USA", kDay, 40, 5.5}));
    EXPECT_TRUE(store.add_to_series({"DPRK", "USA", kDay, 70, 5.5}));
    EXPECT_TRUE(store.add_to_series({"DPRK", "ROK", kDay + std::chrono::days(1), 12, 0}));
    const auto read = [&](const char* target) {
      return store.series("DPRK", target, kDay, kDay + std::chrono::days(2)).value();
    };
    const auto before = read("USA");
    EXPECT_TRUE(store.rebuild_series(kDay, Time(kDay), Time(kDay + std::chrono::days(1))));
    const auto after = read("USA");
    EXPECT_EQ(before.size(), 1U);
    EXPECT_EQ(after.size(), 1U);
    EXPECT_EQ(after.front().articles, before.front().articles);
    EXPECT_DOUBLE_EQ(after.front().escalation_max, before.front().escalation_max);
    EXPECT_DOUBLE_EQ(after.front().escalation_sum, before.front().escalation_sum);
    EXPECT_DOUBLE_EQ(after.front().deescalation_max, before.front().deescalation_max);
    EXPECT_EQ(read("ROK").size(), 1U) << "another day stays as it is";

    // A second analysis finds less.
    EXPECT_TRUE(store.finish_article(ArticleId{2}, outcome("two", 10)));
    EXPECT_TRUE(store.rebuild_series(kDay, Time(kDay), Time(kDay + std::chrono::days(1))));
    EXPECT_DOUBLE_EQ(read("USA").front().escalation_max, 40);
    return {};
  });
}

TEST_F(Reanalysis, AnotherProcessChangesAStoreInUse) {
  insert(1);
  EXPECT_TRUE(is_in_use(url_));
  const auto done = run_beside(url_, [](Transaction& store) -> Result<void> {
    return store.quarantine_article(ArticleId{1}, "words", "by hand", kNoon);
  });
  ASSERT_TRUE(done) << describe(done.error());
  const auto failed = run_beside(url_, [](Transaction& store) -> Result<void> {
    EXPECT_EQ(store.release_articles(std::nullopt, "").value(), 1);
    return fail(ErrorCode::kInternal, "changed its mind");
  });
  EXPECT_FALSE(failed);
  with([](Transaction& store) -> Result<void> {
    EXPECT_EQ(store.counts().value().quarantined, 1) << "what failed was taken back";
    return {};
  });
  store_.reset();
  EXPECT_FALSE(is_in_use(url_));
}

TEST_F(Reanalysis, NoStoreIsMadeBeside) {
  const auto done = run_beside("sqlite:" + folder_.file("none.db"), [](Transaction&) -> Result<void> { return {}; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kStorage);
  EXPECT_FALSE(std::filesystem::exists(folder_.file("none.db")));
}

}  // namespace
}  // namespace dprkwatch::store
