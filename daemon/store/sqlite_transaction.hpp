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

  Result<std::size_t> index_articles(std::size_t limit) override;
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
  Result<std::optional<Time>> next_due(std::string_view receiver, Time after) override;
  Result<void> record_attempt(const Attempt& attempt) override;
  Result<std::vector<Subscription>> subscriptions() override;
  Result<void> save_subscription(const Subscription& subscription) override;
  Result<void> remove_subscription(std::string_view token) override;
  Result<void> note_push(std::string_view token, Time at) override;
  Result<Counts> counts() override;

  // AlertingOperations: sqlite_alerting.cpp.
  Result<ReceiverHealth> receiver_health(std::string_view name) override;
  Result<std::vector<ReceiverHealth>> receivers_health() override;
  Result<void> enable_receiver(std::string_view name) override;
  Result<std::optional<Delivery>> next_in_order(std::string_view receiver) override;
  Result<std::int64_t> bury(std::string_view receiver, Time before, std::string_view reason) override;
  Result<std::int64_t> retry(DeliveryId id, Time at) override;
  Result<std::string> first_answer(std::string_view receiver, std::string_view group) override;
  Result<std::optional<DeliveryHistory>> delivery(DeliveryId id) override;
  Result<std::int64_t> outside_version() override;
  Result<std::optional<AlertRecord>> alert(std::string_view id) override;
  Result<std::optional<AlertRecord>> alert_of(std::string_view rule, std::string_view story) override;
  Result<std::vector<AlertRecord>> firing_alerts() override;
  Result<std::vector<AlertRecord>> alerts_to_resolve(Time now, std::size_t limit) override;
  Result<std::optional<Time>> next_resolve() override;
  Result<void> save_alert(const AlertRecord& record) override;
  Result<std::optional<Group>> group(std::string_view key) override;
  Result<std::vector<Group>> groups_due(Time now, std::size_t limit) override;
  Result<std::vector<Group>> groups_of(std::string_view alert) override;
  Result<std::optional<Time>> next_flush() override;
  Result<void> save_group(const Group& group) override;
  Result<void> drop_group(std::string_view key) override;
  Result<void> join_group(std::string_view key, std::string_view alert) override;
  Result<void> prune_group(std::string_view key) override;
  Result<std::vector<AlertRecord>> group_members(std::string_view key) override;
  Result<std::vector<Silence>> silences(Time after) override;
  Result<void> add_silence(const Silence& silence) override;
  Result<bool> expire_silence(std::string_view id, Time at) override;
  Result<std::int64_t> note_match(std::string_view rule, std::string_view story, Time at, Time since) override;
  Result<std::int64_t> count_matches(std::string_view rule) override;

 private:
  // Notes in the receiver's health how an attempt ended.
  Result<void> note_health(const Attempt& attempt);

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
