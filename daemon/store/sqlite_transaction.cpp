#include "store/sqlite_transaction.hpp"

#include <utility>

#include "store/rows.hpp"

namespace dprkwatch::store {
namespace {

std::chrono::sys_days day_of(std::int64_t days) {
  return std::chrono::sys_days(std::chrono::days(days));
}

FeedState read_feed(const Statement& row) {
  return {FeedId{row.integer(0)},
          row.text(1),
          row.text(2),
          row.text(3),
          row.text(4),
          row.time(5),
          row.time(6),
          row.text(7),
          row.integer(8),
          row.time(9),
          row.text(10),
          Duration(row.integer(11)),
          row.text(12),
          row.integer(13),
          Duration(row.integer(14)),
          row.time(15),
          Duration(row.integer(16)),
          row.text(17)};
}

}  // namespace

Result<Statement*> SqliteTransaction::statement(const char* sql) {
  if (const auto found = statements_.find(sql); found != statements_.end()) return &found->second;
  auto prepared = database_.prepare(sql);
  if (!prepared) return tl::unexpected(std::move(prepared.error()));
  return &statements_.emplace(sql, std::move(*prepared)).first->second;
}

Result<FeedState> SqliteTransaction::ensure_feed(std::string_view name, std::string_view url) {
  // A feed with another URL is another document: its validators and the plan of its polls mean nothing there.
  auto done =
      run("INSERT INTO feeds (name, url) VALUES (?1, ?2) "
          "ON CONFLICT (name) DO UPDATE SET url = excluded.url, etag = '', last_modified = '', failures = 0, "
          "next_poll = NULL, poll_why = '', poll_interval = 0, moved_url = '', moved_times = 0, entry_gap = 0, "
          "newest_entry = NULL, ttl = 0, skip = '' WHERE url <> excluded.url",
          name, url);
  if (!done) return tl::unexpected(std::move(done.error()));
  FeedState state;
  done = each(
      "SELECT id, name, url, etag, last_modified, last_poll, last_success, last_error, failures, next_poll, poll_why, "
      "poll_interval, moved_url, moved_times, entry_gap, newest_entry, ttl, skip FROM feeds WHERE name = ?1",
      [&](const Statement& row) { state = read_feed(row); }, name);
  if (!done) return tl::unexpected(std::move(done.error()));
  return state;
}

Result<std::vector<FeedState>> SqliteTransaction::feeds() {
  std::vector<FeedState> found;
  auto done = each(
      "SELECT id, name, url, etag, last_modified, last_poll, last_success, last_error, failures, next_poll, poll_why, "
      "poll_interval, moved_url, moved_times, entry_gap, newest_entry, ttl, skip FROM feeds ORDER BY id",
      [&](const Statement& row) { found.push_back(read_feed(row)); });
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<void> SqliteTransaction::save_feed(const FeedState& state) {
  return run(
      "UPDATE feeds SET etag = ?2, last_modified = ?3, last_poll = ?4, last_success = ?5, last_error = ?6, "
      "failures = ?7, next_poll = ?8, poll_why = ?9, poll_interval = ?10, moved_url = ?11, moved_times = ?12, "
      "entry_gap = ?13, newest_entry = ?14, ttl = ?15, skip = ?16 WHERE id = ?1",
      number(state.id), state.etag, state.last_modified, state.last_poll, state.last_success, state.last_error,
      state.failures, state.next_poll, state.poll_why, state.poll_interval.count(), state.moved_url, state.moved_times,
      state.entry_gap.count(), state.newest_entry, state.ttl.count(), state.skip);
}

Result<std::vector<std::string>> SqliteTransaction::unknown(FeedId feed, std::span<const std::string> identities) {
  std::vector<std::string> found;
  for (const std::string& identity : identities) {
    bool stored = false;
    auto done = each(
        "SELECT 1 FROM articles WHERE feed_id = ?1 AND identity = ?2", [&](const Statement&) { stored = true; },
        number(feed), identity);
    if (!done) return tl::unexpected(std::move(done.error()));
    if (!stored) found.push_back(identity);
  }
  return found;
}

Result<bool> SqliteTransaction::insert_article(const NewArticle& article) {
  auto done =
      run("INSERT INTO articles (feed_id, identity, url, title, text, language, published, fetched, entry_hash, state) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (feed_id, identity) DO NOTHING",
          number(article.feed), article.identity, article.url, article.title, article.text, article.language,
          article.published, article.fetched, article.entry_hash, article.wants_page ? 4 : 0);
  if (!done) return tl::unexpected(std::move(done.error()));
  if (!database_.changed()) return false;
  if (article.wants_page) {
    done = plan_page(ArticleId{database_.last_id()}, article.fetched, 0, 0);
    if (!done) return tl::unexpected(std::move(done.error()));
  }
  return true;
}

Result<std::vector<Article>> SqliteTransaction::pending_articles(ArticleId after, std::size_t limit) {
  std::vector<Article> found;
  auto done = each(
      "SELECT a.id, a.feed_id, f.name, a.identity, a.url, a.title, a.text, a.language, a.published, a.fetched, "
      "r.number, r.kind, r.at, r.detail, r.escalation "
      "FROM articles a JOIN feeds f ON f.id = a.feed_id "
      "LEFT JOIN revisions r ON r.article_id = a.id AND r.number = a.revised "
      "WHERE a.state = 0 AND a.id > ?1 ORDER BY a.id LIMIT ?2",
      [&](const Statement& row) {
        found.push_back(read_article(row));
        if (row.is_null(10)) return;
        Revision& revision = found.back().revision.emplace();
        revision.number = row.integer(10);
        revision.kind = static_cast<RevisionKind>(row.integer(11));
        revision.at = row.time(12).value_or(Time{});
        revision.detail = row.text(13);
        if (!row.is_null(14)) revision.escalation = row.real(14);
      },
      number(after), limit);
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<void> SqliteTransaction::finish_article(ArticleId article, const ArticleOutcome& outcome) {
  if (outcome.seen_only) {
    auto done = run("UPDATE articles SET state = 2, text = '' WHERE id = ?1 AND state = 0", number(article));
    if (!done) return done;
  } else {
    auto done = run("UPDATE articles SET state = 1 WHERE id = ?1 AND state = 0", number(article));
    if (!done) return done;
  }
  return run(
      "INSERT OR REPLACE INTO analyses (article_id, relevance, relevance_probability, escalation, deescalation, level, "
      "story, annotations, versions, analysed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
      number(article), outcome.relevance, outcome.relevance_probability, outcome.escalation, outcome.deescalation,
      outcome.level, outcome.story, outcome.annotations_json, outcome.versions_json, outcome.analysed);
}

Result<bool> SqliteTransaction::story_known(std::string_view story) {
  bool known = false;
  auto done = each(
      "SELECT 1 FROM analyses WHERE story = ?1 LIMIT 1", [&](const Statement&) { known = true; }, story);
  if (!done) return tl::unexpected(std::move(done.error()));
  return known;
}

Result<void> SqliteTransaction::add_to_series(const SeriesPoint& point) {
  return run(
      "INSERT INTO series (actor, target, day, articles, escalation_max, escalation_sum, deescalation_max) "
      "VALUES (?1, ?2, ?3, 1, ?4, ?4, ?5) ON CONFLICT (actor, target, day) DO UPDATE SET articles = articles + 1, "
      "escalation_max = max(escalation_max, excluded.escalation_max), "
      "escalation_sum = escalation_sum + excluded.escalation_sum, "
      "deescalation_max = max(deescalation_max, excluded.deescalation_max)",
      point.actor, point.target, number(point.day), point.escalation, point.deescalation);
}

Result<std::vector<SeriesDay>> SqliteTransaction::series(std::string_view actor, std::string_view target,
                                                         std::chrono::sys_days from, std::chrono::sys_days to) {
  std::vector<SeriesDay> found;
  auto done = each(
      "SELECT day, articles, escalation_max, escalation_sum, deescalation_max FROM series "
      "WHERE actor = ?1 AND target = ?2 AND day >= ?3 AND day < ?4 ORDER BY day",
      [&](const Statement& row) {
        found.push_back({day_of(row.integer(0)), row.integer(1), row.real(2), row.real(3), row.real(4)});
      },
      actor, target, number(from), number(to));
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<std::int64_t> SqliteTransaction::next_sequence(std::string_view receiver) {
  std::int64_t sequence = 0;
  auto done = each(
      "INSERT INTO receivers (name, last_sequence) VALUES (?1, 1) "
      "ON CONFLICT (name) DO UPDATE SET last_sequence = last_sequence + 1 RETURNING last_sequence",
      [&](const Statement& row) { sequence = row.integer(0); }, receiver);
  if (!done) return tl::unexpected(std::move(done.error()));
  return sequence;
}

Result<Counts> SqliteTransaction::counts() {
  Counts counts;
  auto done = each(
      "SELECT (SELECT count(*) FROM feeds), (SELECT articles FROM totals), "
      "(SELECT count(*) FROM articles WHERE state = 0) + (SELECT count(*) FROM articles WHERE state = 4), (SELECT "
      "count(*) FROM articles WHERE state = 3), "
      "(SELECT count(*) FROM alerts), (SELECT count(*) FROM outbox WHERE state = 0), "
      "(SELECT count(*) FROM outbox WHERE state = 2)",
      [&](const Statement& row) {
        counts = {row.integer(0), row.integer(1), row.integer(2), row.integer(3),
                  row.integer(4), row.integer(5), row.integer(6)};
      });
  if (!done) return tl::unexpected(std::move(done.error()));
  return counts;
}

}  // namespace dprkwatch::store
