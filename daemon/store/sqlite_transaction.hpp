#pragma once
// The operations of a Transaction on SQLite. Private to the store.

#include <string_view>
#include <unordered_map>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace dprkwatch::store {

class SqliteTransaction final : public Transaction {
 public:
  // `database` outlives this.
  explicit SqliteTransaction(Database& database) : database_(database) {}

  Result<FeedState> ensure_feed(std::string_view name, std::string_view url) override;
  Result<std::vector<FeedState>> feeds() override;
  Result<void> save_feed(const FeedState& state) override;
  Result<std::vector<std::string>> unknown(FeedId feed, std::span<const std::string> identities) override;
  Result<bool> insert_article(const NewArticle& article) override;
  Result<std::vector<std::string>> changed(FeedId feed, std::span<const std::string> identities,
                                           std::span<const std::int64_t> hashes) override;
  Result<std::optional<Article>> find_article(FeedId feed, std::string_view identity) override;
  Result<void> set_entry_hash(ArticleId article, std::int64_t hash) override;
  Result<std::vector<ArticlePage>> due_pages(Time now, std::size_t limit) override;
  Result<std::optional<Time>> next_page_due() override;
  Result<void> plan_page(ArticleId article, Time due, std::int64_t failures, std::int64_t looks) override;
  Result<void> drop_page(ArticleId article) override;
  Result<void> fill_article(const ArticlePage& page) override;
  Result<bool> add_revision(ArticleId article, const NewRevision& revision) override;
  Result<std::optional<Before>> analysed_before(ArticleId article) override;
  Result<std::string> window(FeedId feed) override;
  Result<void> save_window(FeedId feed, std::string_view window) override;
  Result<void> add_gap(const Gap& gap) override;
  Result<std::vector<Article>> pending_articles(ArticleId after, std::size_t limit) override;
  Result<void> finish_article(ArticleId article, const ArticleOutcome& outcome) override;
  Result<void> quarantine_article(ArticleId article, std::string_view plugin, std::string_view reason,
                                  Time at) override;
  Result<std::int64_t> release_articles(std::optional<ArticleId> article, std::string_view plugin) override;
  Result<void> await_plugins(ArticleId article, std::span<const std::string> plugins) override;
  Result<std::int64_t> mark_since(Time since) override;
  Result<std::vector<MarkedArticle>> marked_articles(std::span<const std::string> down, std::size_t limit) override;
  Result<std::int64_t> count_marked() override;
  Result<bool> story_known(std::string_view story) override;
  Result<void> add_to_series(const SeriesPoint& point) override;
  Result<void> rebuild_series(std::chrono::sys_days day, Time from, Time to) override;
  Result<std::vector<SeriesDay>> series(std::string_view actor, std::string_view target, std::chrono::sys_days from,
                                        std::chrono::sys_days to) override;
  Result<bool> insert_alert(const NewAlert& alert) override;
  Result<std::int64_t> next_sequence(std::string_view receiver) override;
  Result<void> enqueue(const NewDelivery& delivery) override;
  Result<std::vector<Delivery>> due_deliveries(std::string_view receiver, Time now, std::size_t limit) override;
  Result<std::optional<Time>> next_due(std::string_view receiver) override;
  Result<void> record_attempt(const Attempt& attempt) override;
  Result<std::vector<Subscription>> subscriptions() override;
  Result<void> save_subscription(const Subscription& subscription) override;
  Result<void> remove_subscription(std::string_view token) override;
  Result<void> note_push(std::string_view token, Time at) override;
  Result<Counts> counts() override;

 private:
  // The statement of this text, prepared once. `sql` must be a literal: its address is the key.
  Result<Statement*> statement(const char* sql);

  // Prepares, binds, runs.
  template <class... Values>
  Result<void> run(const char* sql, const Values&... values) {
    auto prepared = statement(sql);
    if (!prepared) return tl::unexpected(std::move(prepared.error()));
    return (*prepared)->bind(values...).run();
  }

  // Prepares, binds, and calls `row` with the statement for each row.
  template <class Row, class... Values>
  Result<void> each(const char* sql, Row row, const Values&... values) {
    auto prepared = statement(sql);
    if (!prepared) return tl::unexpected(std::move(prepared.error()));
    Statement& bound = (*prepared)->bind(values...);
    for (;;) {
      auto more = bound.step();
      if (!more) return tl::unexpected(std::move(more.error()));
      if (!*more) return {};
      row(bound);
    }
  }

  Database& database_;
  std::unordered_map<const char*, Statement> statements_;
};

}  // namespace dprkwatch::store
