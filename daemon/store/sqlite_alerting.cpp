// Alerts after they were raised, groups, silences and how receivers fare, on SQLite.
#include <algorithm>
#include <utility>

#include "store/sqlite_transaction.hpp"

namespace dprkwatch::store {
namespace {

// As the queries below list the columns.
ReceiverHealth read_health(const Statement& row) {
  return {row.text(0), row.integer(1), row.time(2), row.time(3), row.text(4), row.time(5), row.text(6), row.integer(7)};
}

AlertRecord read_alert(const Statement& row) {
  AlertRecord record;
  record.alert = {row.text(0),
                  row.text(1),
                  row.text(2),
                  row.text(3),
                  ArticleId{row.integer(4)},
                  row.text(5),
                  row.text(6),
                  row.time(7).value_or(Time{}),
                  row.text(8),
                  row.time(9)};
  record.resolved = row.integer(10) != 0;
  record.updated = row.time(11).value_or(Time{});
  record.resolved_at = row.time(12);
  record.articles = row.integer(13);
  record.acked = row.time(14);
  record.acked_by = row.text(15);
  record.acked_comment = row.text(16);
  return record;
}

Group read_group(const Statement& row) {
  return {row.text(0), row.text(1),    row.text(2), row.text(3), row.time(4).value_or(Time{}), row.time(5), row.time(6),
          row.time(7), row.integer(8), row.text(9), row.text(10)};
}

// One matcher a line.
std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

Silence read_silence(const Statement& row) {
  Silence silence;
  silence.id = row.text(0);
  const std::string lines = row.text(1);
  for (std::size_t at = 0; at < lines.size();) {
    const auto end = std::min(lines.find('\n', at), lines.size());
    silence.matchers.push_back(lines.substr(at, end - at));
    at = end + 1;
  }
  silence.author = row.text(2);
  silence.comment = row.text(3);
  silence.created = row.time(4).value_or(Time{});
  silence.starts = row.time(5).value_or(Time{});
  silence.ends = row.time(6).value_or(Time{});
  return silence;
}

}  // namespace

Result<ReceiverHealth> SqliteTransaction::receiver_health(std::string_view name) {
  ReceiverHealth health;
  health.name = std::string(name);
  auto done = each(
      "SELECT name, failures, failing_since, last_success, last_error, disabled, endpoint, "
      "(SELECT count(*) FROM outbox WHERE state = 2 AND receiver = name) FROM receivers WHERE name = ?1",
      [&](const Statement& row) { health = read_health(row); }, name);
  if (!done) return tl::unexpected(std::move(done.error()));
  return health;
}

Result<std::vector<ReceiverHealth>> SqliteTransaction::receivers_health() {
  std::vector<ReceiverHealth> found;
  auto done = each(
      "SELECT name, failures, failing_since, last_success, last_error, disabled, endpoint, "
      "(SELECT count(*) FROM outbox WHERE state = 2 AND receiver = name) FROM receivers ORDER BY name",
      [&](const Statement& row) { found.push_back(read_health(row)); });
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<void> SqliteTransaction::enable_receiver(std::string_view name) {
  return run(
      "UPDATE receivers SET disabled = NULL, endpoint = '', failures = 0, failing_since = NULL, last_error = '' "
      "WHERE name = ?1",
      name);
}

Result<std::optional<AlertRecord>> SqliteTransaction::alert(std::string_view id) {
  std::optional<AlertRecord> found;
  auto done = each(
      "SELECT id, rule, story, severity, article_id, summary, data, created, labels, resolve_at, state, "
      "updated, resolved, articles, acked, acked_by, acked_comment FROM alerts WHERE id = ?1",
      [&](const Statement& row) { found = read_alert(row); }, id);
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<std::optional<AlertRecord>> SqliteTransaction::alert_of(std::string_view rule, std::string_view story) {
  std::optional<AlertRecord> found;
  auto done = each(
      "SELECT id, rule, story, severity, article_id, summary, data, created, labels, resolve_at, state, "
      "updated, resolved, articles, acked, acked_by, acked_comment FROM alerts WHERE rule = ?1 AND story = "
      "?2",
      [&](const Statement& row) { found = read_alert(row); }, rule, story);
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<std::vector<AlertRecord>> SqliteTransaction::firing_alerts() {
  std::vector<AlertRecord> found;
  auto done = each(
      "SELECT id, rule, story, severity, article_id, summary, '', created, labels, resolve_at, state, "
      "updated, resolved, articles, acked, acked_by, acked_comment FROM alerts WHERE state = 0 ORDER BY "
      "rowid",
      [&](const Statement& row) { found.push_back(read_alert(row)); });
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<std::vector<AlertRecord>> SqliteTransaction::alerts_to_resolve(Time now, std::size_t limit) {
  std::vector<AlertRecord> found;
  auto done = each(
      "SELECT id, rule, story, severity, article_id, summary, data, created, labels, resolve_at, state, "
      "updated, resolved, articles, acked, acked_by, acked_comment FROM alerts WHERE state = 0 AND "
      "resolve_at <= ?1 ORDER BY resolve_at LIMIT ?2",
      [&](const Statement& row) { found.push_back(read_alert(row)); }, now, limit);
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<std::optional<Time>> SqliteTransaction::next_resolve() {
  std::optional<Time> next;
  auto done =
      each("SELECT min(resolve_at) FROM alerts WHERE state = 0", [&](const Statement& row) { next = row.time(0); });
  if (!done) return tl::unexpected(std::move(done.error()));
  return next;
}

Result<void> SqliteTransaction::save_alert(const AlertRecord& record) {
  return run(
      "UPDATE alerts SET severity = ?2, summary = ?3, data = ?4, labels = ?5, resolve_at = ?6, state = ?7, "
      "updated = ?8, resolved = ?9, articles = ?10, acked = ?11, acked_by = ?12, acked_comment = ?13 WHERE id = ?1",
      record.alert.id, record.alert.severity, record.alert.summary, record.alert.data_json, record.alert.labels_json,
      record.alert.resolve_at, record.resolved ? 1 : 0, record.updated, record.resolved_at, record.articles,
      record.acked, record.acked_by, record.acked_comment);
}

Result<std::optional<Group>> SqliteTransaction::group(std::string_view key) {
  std::optional<Group> found;
  auto done = each(
      "SELECT key, receiver, route, labels, created, next_flush, last_flush, last_sent, messages, told, "
      "note FROM groups WHERE key = ?1",
      [&](const Statement& row) { found = read_group(row); }, key);
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<std::vector<Group>> SqliteTransaction::groups_due(Time now, std::size_t limit) {
  std::vector<Group> found;
  auto done = each(
      "SELECT key, receiver, route, labels, created, next_flush, last_flush, last_sent, messages, told, "
      "note FROM groups WHERE next_flush <= ?1 ORDER BY next_flush LIMIT ?2",
      [&](const Statement& row) { found.push_back(read_group(row)); }, now, limit);
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<std::vector<Group>> SqliteTransaction::groups_of(std::string_view alert) {
  std::vector<Group> found;
  auto done = each(
      "SELECT key, receiver, route, labels, created, next_flush, last_flush, last_sent, messages, told, "
      "note FROM groups WHERE key IN (SELECT group_key FROM group_alerts WHERE alert_id = ?1) ORDER BY key",
      [&](const Statement& row) { found.push_back(read_group(row)); }, alert);
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<std::optional<Time>> SqliteTransaction::next_flush() {
  std::optional<Time> next;
  auto done = each("SELECT min(next_flush) FROM groups WHERE next_flush IS NOT NULL",
                   [&](const Statement& row) { next = row.time(0); });
  if (!done) return tl::unexpected(std::move(done.error()));
  return next;
}

Result<void> SqliteTransaction::save_group(const Group& group) {
  return run(
      "INSERT OR REPLACE INTO groups (key, receiver, route, labels, created, next_flush, last_flush, last_sent, "
      "messages, told, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
      group.key, group.receiver, group.route, group.labels, group.created, group.next_flush, group.last_flush,
      group.last_sent, group.messages, group.told, group.note);
}

Result<void> SqliteTransaction::drop_group(std::string_view key) {
  if (auto done = run("DELETE FROM group_alerts WHERE group_key = ?1", key); !done) return done;
  return run("DELETE FROM groups WHERE key = ?1", key);
}

Result<void> SqliteTransaction::join_group(std::string_view key, std::string_view alert) {
  return run("INSERT OR IGNORE INTO group_alerts (group_key, alert_id) VALUES (?1, ?2)", key, alert);
}

Result<void> SqliteTransaction::prune_group(std::string_view key) {
  return run(
      "DELETE FROM group_alerts WHERE group_key = ?1 AND alert_id IN (SELECT a.id FROM group_alerts g "
      "JOIN alerts a ON a.id = g.alert_id WHERE g.group_key = ?1 AND a.state = 1)",
      key);
}

Result<std::vector<AlertRecord>> SqliteTransaction::group_members(std::string_view key) {
  std::vector<AlertRecord> found;
  auto done = each(
      "SELECT id, rule, story, severity, article_id, summary, data, created, labels, resolve_at, state, "
      "updated, resolved, articles, acked, acked_by, acked_comment FROM alerts WHERE id IN (SELECT alert_id "
      "FROM group_alerts WHERE group_key = ?1) ORDER BY rowid",
      [&](const Statement& row) { found.push_back(read_alert(row)); }, key);
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<std::vector<Silence>> SqliteTransaction::silences(Time after) {
  std::vector<Silence> found;
  auto done = each(
      "SELECT id, matchers, author, comment, created, starts, ends FROM silences WHERE ends > ?1 ORDER BY "
      "ends, id",
      [&](const Statement& row) { found.push_back(read_silence(row)); }, after);
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<void> SqliteTransaction::add_silence(const Silence& silence) {
  const std::string matchers = joined(silence.matchers);
  return run(
      "INSERT INTO silences (id, matchers, author, comment, created, starts, ends) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      silence.id, matchers, silence.author, silence.comment, silence.created, silence.starts, silence.ends);
}

Result<bool> SqliteTransaction::expire_silence(std::string_view id, Time at) {
  auto done = run("UPDATE silences SET ends = ?2, starts = min(starts, ?2) WHERE id = ?1 AND ends > ?2", id, at);
  if (!done) return tl::unexpected(std::move(done.error()));
  return database_.changed();
}

Result<std::int64_t> SqliteTransaction::note_match(std::string_view rule, std::string_view story, Time at, Time since) {
  auto done = run("DELETE FROM rule_matches WHERE rule = ?1 AND at < ?2", rule, since);
  if (done) done = run("INSERT OR IGNORE INTO rule_matches (rule, story, at) VALUES (?1, ?2, ?3)", rule, story, at);
  if (!done) return tl::unexpected(std::move(done.error()));
  return count_matches(rule);
}

Result<std::int64_t> SqliteTransaction::count_matches(std::string_view rule) {
  std::int64_t count = 0;
  auto done = each(
      "SELECT count(*) FROM rule_matches WHERE rule = ?1", [&](const Statement& row) { count = row.integer(0); }, rule);
  if (!done) return tl::unexpected(std::move(done.error()));
  return count;
}

Result<std::int64_t> SqliteTransaction::outside_version() {
  return database_.integer("PRAGMA data_version");
}

}  // namespace dprkwatch::store
