// Alerts as they are raised, and the outbox, on SQLite.
#include <utility>

#include "store/rows.hpp"
#include "store/sqlite_transaction.hpp"

namespace dprkwatch::store {
namespace {

// As the queries below list the columns.
Delivery read_delivery(const Statement& row) {
  return {DeliveryId{row.integer(0)},
          row.text(1),
          row.text(2),
          row.text(3),
          row.integer(4),
          row.text(5),
          row.integer(6),
          row.time(7).value_or(Time{}),
          row.integer(8),
          row.time(9).value_or(Time{}),
          row.text(10)};
}

}  // namespace

Result<bool> SqliteTransaction::insert_alert(const NewAlert& alert) {
  const auto article = static_cast<std::int64_t>(alert.article);
  const std::optional<std::int64_t> of = article == 0 ? std::nullopt : std::optional(article);
  auto done =
      run("INSERT INTO alerts (id, rule, story, severity, article_id, summary, data, created, updated, labels, "
          "resolve_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10) ON CONFLICT (rule, story) DO NOTHING",
          alert.id, alert.rule, alert.story, alert.severity, of, alert.summary, alert.data_json, alert.created,
          alert.labels_json, alert.resolve_at);
  if (!done) return tl::unexpected(std::move(done.error()));
  return database_.changed();
}

Result<void> SqliteTransaction::enqueue(const NewDelivery& delivery) {
  return run(
      "INSERT INTO outbox (alert_id, receiver, webhook_id, sequence, body, next_attempt, created, kind, group_key) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?8)",
      delivery.alert_id, delivery.receiver, delivery.webhook_id, delivery.sequence, delivery.body,
      delivery.first_attempt, delivery.kind, delivery.group);
}

Result<std::vector<Delivery>> SqliteTransaction::due_deliveries(std::string_view receiver, Time now,
                                                                std::size_t limit) {
  std::vector<Delivery> found;
  const auto take = [&](const Statement& row) { found.push_back(read_delivery(row)); };
  // Each walks one index from its begin: one query with both orders sorts everything that is owed.
  auto done = each(
      "SELECT id, alert_id, receiver, webhook_id, sequence, body, attempts, next_attempt, tries, created, group_key "
      "FROM outbox INDEXED BY outbox_order WHERE state = 0 AND receiver = ?1 AND attempts = 0 AND next_attempt <= ?2 "
      "ORDER BY sequence LIMIT ?3",
      take, receiver, now, limit);
  if (!done) return tl::unexpected(std::move(done.error()));
  if (found.size() >= limit) return found;
  done = each(
      "SELECT id, alert_id, receiver, webhook_id, sequence, body, attempts, next_attempt, tries, created, group_key "
      "FROM outbox INDEXED BY outbox_due WHERE state = 0 AND receiver = ?1 AND attempts > 0 AND next_attempt <= ?2 "
      "ORDER BY next_attempt LIMIT ?3",
      take, receiver, now, limit - found.size());
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<std::optional<Delivery>> SqliteTransaction::next_in_order(std::string_view receiver) {
  std::optional<Delivery> found;
  auto done = each(
      "SELECT id, alert_id, receiver, webhook_id, sequence, body, attempts, next_attempt, tries, created, group_key "
      "FROM outbox INDEXED BY outbox_order WHERE state = 0 AND receiver = ?1 ORDER BY sequence LIMIT 1",
      [&](const Statement& row) { found = read_delivery(row); }, receiver);
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<std::optional<Time>> SqliteTransaction::next_due(std::string_view receiver, Time after) {
  std::optional<Time> due;
  auto done = each(
      "SELECT min(next_attempt) FROM outbox INDEXED BY outbox_due WHERE state = 0 AND receiver = ?1 AND "
      "next_attempt > ?2",
      [&](const Statement& row) { due = row.time(0); }, receiver, after);
  if (!done) return tl::unexpected(std::move(done.error()));
  return due;
}

Result<void> SqliteTransaction::record_attempt(const Attempt& attempt) {
  auto done =
      run("UPDATE outbox SET attempts = attempts + 1, tries = tries + 1, state = ?2, "
          "next_attempt = coalesce(?3, next_attempt) WHERE id = ?1 AND state = 0",
          number(attempt.delivery), static_cast<int>(attempt.state), attempt.next_attempt);
  if (!done) return done;
  done =
      run("INSERT INTO attempts (delivery_id, attempt, at, status, answer) "
          "SELECT ?1, attempts, ?2, ?3, ?4 FROM outbox WHERE id = ?1",
          number(attempt.delivery), attempt.at, attempt.status, attempt.answer);
  if (!done) return done;
  return note_health(attempt);
}

Result<void> SqliteTransaction::note_health(const Attempt& attempt) {
  if (attempt.state == DeliveryState::kDelivered) {
    // Once a second is often enough to know that all is well.
    return run(
        "UPDATE receivers SET failures = 0, failing_since = NULL, last_error = '', last_success = ?2 "
        "WHERE name = (SELECT receiver FROM outbox WHERE id = ?1) "
        "AND (failures > 0 OR last_success IS NULL OR last_success <= ?2 - 1000)",
        number(attempt.delivery), attempt.at);
  }
  const std::string error =
      attempt.status == 0 ? attempt.answer : "status " + std::to_string(attempt.status) + ": " + attempt.answer;
  return run(
      "UPDATE receivers SET failures = failures + 1, failing_since = coalesce(failing_since, ?2), last_error = ?3, "
      "disabled = CASE WHEN ?4 <> '' THEN coalesce(disabled, ?2) ELSE disabled END, "
      "endpoint = CASE WHEN ?4 <> '' THEN ?4 ELSE endpoint END "
      "WHERE name = (SELECT receiver FROM outbox WHERE id = ?1)",
      number(attempt.delivery), attempt.at, error, attempt.gone);
}

Result<std::int64_t> SqliteTransaction::bury(std::string_view receiver, Time before, std::string_view reason) {
  auto done = run("UPDATE outbox SET state = 2, reason = ?3 WHERE state = 0 AND receiver = ?1 AND created < ?2",
                  receiver, before, reason);
  if (!done) return tl::unexpected(std::move(done.error()));
  return database_.changes();
}

Result<std::int64_t> SqliteTransaction::retry(DeliveryId id, Time at) {
  auto done = number(id) == 0
                  ? run("UPDATE outbox SET state = 0, tries = 0, reason = '', next_attempt = ?1, created = ?1 "
                        "WHERE state = 2",
                        at)
                  : run("UPDATE outbox SET state = 0, tries = 0, reason = '', next_attempt = ?2, created = ?2 "
                        "WHERE id = ?1 AND state <> 1",
                        number(id), at);
  if (!done) return tl::unexpected(std::move(done.error()));
  return database_.changes();
}

Result<std::string> SqliteTransaction::first_answer(std::string_view receiver, std::string_view group) {
  std::string answer;
  auto done = each(
      "SELECT t.answer FROM outbox o JOIN attempts t ON t.delivery_id = o.id AND t.attempt = o.attempts "
      "WHERE o.group_key = ?2 AND o.receiver = ?1 AND o.state = 1 AND o.kind = 'alert.created' "
      "ORDER BY o.sequence DESC LIMIT 1",
      [&](const Statement& row) { answer = row.text(0); }, receiver, group);
  if (!done) return tl::unexpected(std::move(done.error()));
  return answer;
}

Result<std::optional<DeliveryHistory>> SqliteTransaction::delivery(DeliveryId id) {
  std::optional<DeliveryHistory> found;
  auto done = each(
      "SELECT id, alert_id, receiver, webhook_id, sequence, body, attempts, next_attempt, tries, created, group_key, "
      "kind, "
      "state, reason FROM outbox WHERE id = ?1",
      [&](const Statement& row) {
        found.emplace();
        found->delivery = read_delivery(row);
        found->created = found->delivery.created;
        found->kind = row.text(11);
        found->state = static_cast<DeliveryState>(row.integer(12));
        found->reason = row.text(13);
      },
      number(id));
  if (!done) return tl::unexpected(std::move(done.error()));
  if (!found) return found;
  done = each(
      "SELECT at, status, answer FROM attempts WHERE delivery_id = ?1 ORDER BY attempt",
      [&](const Statement& row) {
        Attempt attempt;
        attempt.delivery = id;
        attempt.at = row.time(0).value_or(Time{});
        attempt.status = static_cast<int>(row.integer(1));
        attempt.answer = row.text(2);
        found->attempts.push_back(std::move(attempt));
      },
      number(id));
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

}  // namespace dprkwatch::store
