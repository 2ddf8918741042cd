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
  Result<std::vector<Article>> pending_articles(ArticleId after, std::size_t limit) override;
  Result<void> finish_article(ArticleId article, const ArticleOutcome& outcome) override;
  Result<void> quarantine_article(ArticleId article, std::string_view reason, Time at) override;
  Result<bool> story_known(std::string_view story) override;
  Result<void> add_to_series(const SeriesPoint& point) override;
  Result<std::vector<SeriesDay>> series(std::string_view actor, std::string_view target, std::chrono::sys_days from,
                                        std::chrono::sys_days to) override;
  Result<bool> insert_alert(const NewAlert& alert) override;
  Result<std::int64_t> next_sequence(std::string_view receiver) override;
  Result<void> enqueue(const NewDelivery& delivery) override;
  Result<std::vector<Delivery>> due_deliveries(std::string_view receiver, Time now, std::size_t limit) override;
  Result<std::optional<Time>> next_due(std::string_view receiver, Time after) override;
  Result<void> record_attempt(const Attempt& attempt) override;
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
