// Lists of articles: by words, and by whatever else they are chosen.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "store/reader.hpp"
#include "store/store.hpp"
#include "support/temporary_folder.hpp"

namespace dprkwatch::store {
namespace {

using std::chrono::hours;

constexpr Time kNow{hours(24 * 18250)};

class SearchTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = std::move(*Store::open(url_));
    reader_ = std::move(*Reader::open(url_));
    run([&](Transaction& store) -> Result<void> {
      wire_ = store.ensure_feed("wire", "http://wire/").value().id;
      other_ = store.ensure_feed("other", "http://other/").value().id;
      return {};
    });
  }

  void run(const Job& job) {
    const auto done = store_->run(job);
    ASSERT_TRUE(done) << describe(done.error());
  }

  // An analysed article; its id counts from 1.
  void add(const std::string& title, const std::string& text, double escalation = 10,
           const std::string& annotations = "[]", const std::string& relevance = "about") {
    run([&](Transaction& store) -> Result<void> {
      const auto number = ++articles_;
      const bool even = number % 2 == 0;
      EXPECT_TRUE(store
                      .insert_article({even ? other_ : wire_, std::to_string(number), "http://wire/", title, text,
                                       even ? "ko" : "en", kNow + hours(number), kNow})
                      .value());
      ArticleOutcome outcome;
      outcome.relevance = relevance;
      outcome.escalation = escalation;
      outcome.story = "s" + std::to_string(number / 2);
      outcome.annotations_json = annotations;
      outcome.versions_json = "{}";
      outcome.analysed = kNow;
      EXPECT_TRUE(store.finish_article(ArticleId{number}, outcome));
      return {};
    });
  }

  std::size_t index(std::size_t limit = 100) {
    std::size_t indexed = 0;
    run([&](Transaction& store) -> Result<void> {
      indexed = store.index_articles(limit).value();
      return {};
    });
    return indexed;
  }

  std::vector<std::int64_t> found(ArticleQuery query) {
    auto rows = reader_->articles(query);
    EXPECT_TRUE(rows) << describe(rows.error());
    std::vector<std::int64_t> ids;
    for (const ArticleRow& row : *rows) ids.push_back(static_cast<std::int64_t>(row.article.id));
    return ids;
  }
  std::vector<std::int64_t> search(const std::string& words) {
    ArticleQuery query;
    query.words = words;
    return found(query);
  }

  using Ids = std::vector<std::int64_t>;
  support::TemporaryFolder folder_;
  std::string url_ = "sqlite:" + folder_.file("test.db");
  std::unique_ptr<Store> store_;
  std::unique_ptr<Reader> reader_;
  FeedId wire_{};
  FeedId other_{};
  std::int64_t articles_ = 0;
};

TEST_F(SearchTest, FindsWordsOfEveryScript) {
  add("Sohae launch", "North Korea tested an engine at Sohaé.");
  add("북한, 평양에서", "핵 실험을 경고했다");
  add("北朝鮮がミサイル発射", "朝鮮中央通信");
  add("КНДР провела учения", "в Пхеньяне");
  add("태평양 훈련", "미국과 일본");
  EXPECT_EQ(index(), 5U);
  EXPECT_EQ(index(), 0U);
  EXPECT_EQ(search("sohae"), Ids{1});
  EXPECT_EQ(search("SOHAE engine"), Ids{1});
  EXPECT_EQ(search("soh"), Ids{1});
  EXPECT_EQ(search("ohae"), Ids{});
  EXPECT_EQ(search("북한"), Ids{2});
  EXPECT_EQ(search("핵"), Ids{2});
  EXPECT_EQ(search("朝鮮"), Ids{3});
  EXPECT_EQ(search("北朝鮮"), Ids{3});
  EXPECT_EQ(search("北鮮"), Ids{});
  EXPECT_EQ(search("ミサイル"), Ids{3});
  EXPECT_EQ(search("пхеньяне"), Ids{4});
  EXPECT_EQ(search("평양"), (Ids{2, 5}));  // that which begins a word before the newer one which only ends one
  EXPECT_EQ(search("평양 sohae"), Ids{});
  EXPECT_EQ(search("\"(*"), Ids{});
}

TEST_F(SearchTest, PagesThroughBothPartsOfASearch) {
  for (int i = 0; i < 3; ++i) {
    add("평양", "x");
    add("태평양", "x");
  }
  index();
  ArticleQuery query;
  query.words = "평양";
  query.page.limit = 2;
  Ids ids;
  for (int page = 0; page < 4; ++page) {
    const auto rows = reader_->articles(query).value();
    for (const ArticleRow& row : rows) ids.push_back(static_cast<std::int64_t>(row.article.id));
    if (rows.empty()) break;
    query.page.before = rows.back().cursor;
  }
  EXPECT_EQ(ids, (Ids{5, 3, 1, 6, 4, 2}));
}

TEST_F(SearchTest, IndexesWhatIsRelevantAndFollowsRevisions) {
  add("Sohae", "launch", 0, "[]", "none");
  add("Sohae", "launch");
  EXPECT_EQ(index(1), 1U);
  EXPECT_EQ(search("launch"), Ids{2});
  run([&](Transaction& store) -> Result<void> {
    EXPECT_TRUE(store.add_revision(ArticleId{2}, {RevisionKind::kEdited, "edited", "Sohae", "engine", kNow}).value());
    return {};
  });
  EXPECT_EQ(search("launch"), Ids{});
  EXPECT_EQ(index(), 1U);
  EXPECT_EQ(search("engine"), Ids{2});
  EXPECT_EQ(search("launch"), Ids{});
}

// A store of the version before the index: what it holds is found after the update, and counted.
TEST_F(SearchTest, AnOlderStoreIsIndexedToo) {
  add("Sohae", "launch", 50, R"([{"kind":"dyad","actor":"DPRK","target":"USA"}])");
  add("Weather", "rain", 0, "[]", "none");
  reader_.reset();
  store_.reset();
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open((folder_.file("test.db")).c_str(), &raw), SQLITE_OK);
  const char* before =
      "DROP TRIGGER analyses_found; DROP TRIGGER articles_rewritten; DROP TRIGGER articles_removed;"
      "DROP TRIGGER articles_counted; DROP TRIGGER articles_uncounted; DROP TABLE search; DROP TABLE search_docs;"
      "DROP TABLE search_due; DROP TABLE article_dyads; DROP TABLE totals; DROP INDEX articles_feed;"
      "DROP INDEX articles_language; DROP INDEX analyses_scores; DROP INDEX articles_awaiting_page;"
      "PRAGMA user_version = 6;";
  ASSERT_EQ(sqlite3_exec(raw, before, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
  sqlite3_close(raw);
  store_ = std::move(*Store::open(url_));
  reader_ = std::move(*Reader::open(url_));
  EXPECT_EQ(index(), 1U);
  EXPECT_EQ(search("launch"), Ids{1});
  ArticleQuery query;
  query.actor = "DPRK";
  query.target = "USA";
  EXPECT_EQ(found(query), Ids{1});
  EXPECT_EQ(reader_->counts().value().articles, 2);
}

TEST_F(SearchTest, ChoosesByEverythingElse) {
  const std::string dyads =
      R"([{"kind":"dyad","actor":"DPRK","target":"USA"},{"kind":"dyad","actor":"DPRK","target":"ROK"},{"kind":"x"}])";
  add("one", "x", 10);
  add("two", "x", 90, dyads);
  add("three", "x", 50, R"([{"kind":"dyad","actor":"USA","target":"DPRK"}])");
  add("four", "x", 0, "[]", "passing");
  const auto with = [](auto change) {
    ArticleQuery query;
    change(query);
    return query;
  };
  EXPECT_EQ(found({}), (Ids{4, 3, 2, 1}));
  EXPECT_EQ(found(with([](auto& q) { q.min_escalation = 50; })), (Ids{3, 2}));
  EXPECT_EQ(found(with([](auto& q) { q.relevance = "passing"; })), Ids{4});
  EXPECT_EQ(found(with([](auto& q) { q.feed = "wire"; })), (Ids{3, 1}));
  EXPECT_EQ(found(with([](auto& q) { q.feed = "none"; })), Ids{});
  EXPECT_EQ(found(with([](auto& q) { q.language = "ko"; })), (Ids{4, 2}));
  EXPECT_EQ(found(with([](auto& q) { q.story = "s1"; })), (Ids{3, 2}));
  EXPECT_EQ(found(with([](auto& q) { q.actor = "DPRK"; })), Ids{2});
  EXPECT_EQ(found(with([](auto& q) { q.target = "DPRK"; })), Ids{3});
  EXPECT_EQ(found(with([](auto& q) { q.actor = "DPRK", q.target = "ROK"; })), Ids{2});
  EXPECT_EQ(found(with([](auto& q) { q.from = kNow + hours(2), q.to = kNow + hours(4); })), (Ids{3, 2}));
  EXPECT_EQ(found(with([](auto& q) { q.page = {4, 2}; })), (Ids{3, 2}));
  EXPECT_EQ(found(with([](auto& q) { q.feed = "wire", q.min_escalation = 20, q.actor = "USA"; })), Ids{3});
}

}  // namespace
}  // namespace dprkwatch::store
