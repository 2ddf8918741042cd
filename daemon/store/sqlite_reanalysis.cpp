// Quarantine, and articles that are analysed anew.

#include "store/rows.hpp"
#include "store/sqlite_transaction.hpp"

namespace dprkwatch::store {
namespace {

// Ids of plugins ([a-z0-9-]) as a JSON array.
std::string array_of(std::span<const std::string> ids) {
  std::string text = "[";
  for (const std::string& id : ids) {
    if (text.size() > 1) text += ',';
    text += '"' + id + '"';
  }
  return text + "]";
}

}  // namespace

Result<void> SqliteTransaction::quarantine_article(ArticleId article, std::string_view plugin, std::string_view reason,
                                                   Time at) {
  return run(
      "UPDATE articles SET state = 3, quarantined_by = ?2, reason = ?3, quarantined_at = ?4 WHERE id = ?1 AND state = "
      "0",
      number(article), plugin, reason, at);
}

Result<std::int64_t> SqliteTransaction::release_articles(std::optional<ArticleId> article, std::string_view plugin) {
  std::int64_t released = 0;
  const std::int64_t id = article ? number(*article) : 0;
  auto done = each(
      "UPDATE articles SET state = 0, reason = '', quarantined_by = '', quarantined_at = NULL "
      "WHERE state = 3 AND (?1 = 0 OR id = ?1) AND (?2 = '' OR quarantined_by = ?2) RETURNING id",
      [&](const Statement&) { ++released; }, id, plugin);
  if (!done) return tl::unexpected(std::move(done.error()));
  return released;
}

Result<void> SqliteTransaction::await_plugins(ArticleId article, std::span<const std::string> plugins) {
  if (plugins.empty()) return run("DELETE FROM reanalyses WHERE article_id = ?1", number(article));
  // What was asked for by hand raises no alert later either.
  return run(
      "INSERT INTO reanalyses (article_id, waits_for, raises) SELECT id, ?2, 1 FROM articles "
      "WHERE id = ?1 AND state = 1 ON CONFLICT (article_id) DO UPDATE SET waits_for = excluded.waits_for",
      number(article), array_of(plugins));
}

Result<std::int64_t> SqliteTransaction::mark_since(Time since) {
  std::int64_t marked = 0;
  auto done = each(
      "INSERT INTO reanalyses (article_id, waits_for, raises) SELECT id, '[]', 0 FROM articles "
      "WHERE state = 1 AND coalesce(published, fetched) >= ?1 "
      "ON CONFLICT (article_id) DO UPDATE SET waits_for = '[]' RETURNING article_id",
      [&](const Statement&) { ++marked; }, since);
  if (!done) return tl::unexpected(std::move(done.error()));
  return marked;
}

Result<std::vector<MarkedArticle>> SqliteTransaction::marked_articles(std::span<const std::string> down,
                                                                      std::size_t limit) {
  std::vector<MarkedArticle> found;
  auto done = each(
      "SELECT a.id, a.feed_id, f.name, a.identity, a.url, a.title, a.text, a.language, a.published, a.fetched, "
      "m.raises "
      "FROM reanalyses m CROSS JOIN articles a ON a.id = m.article_id JOIN feeds f ON f.id = a.feed_id "
      "WHERE NOT EXISTS (SELECT 1 FROM json_each(m.waits_for) AS w WHERE w.value IN (SELECT value FROM json_each(?1))) "
      "ORDER BY m.article_id LIMIT ?2",
      [&](const Statement& row) {
        found.push_back({read_article(row), row.integer(10) != 0});
      },
      array_of(down), limit);
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<std::int64_t> SqliteTransaction::count_marked() {
  std::int64_t count = 0;
  auto done = each("SELECT count(*) FROM reanalyses WHERE waits_for = '[]'",
                   [&](const Statement& row) { count = row.integer(0); });
  if (!done) return tl::unexpected(std::move(done.error()));
  return count;
}

Result<void> SqliteTransaction::rebuild_series(std::chrono::sys_days day, Time from, Time to) {
  const std::int64_t number_of_day = day.time_since_epoch().count();
  auto done = run("DELETE FROM series WHERE day = ?1", number_of_day);
  if (!done) return done;
  return run(
      "INSERT INTO series (actor, target, day, articles, escalation_max, escalation_sum, deescalation_max) "
      "SELECT actor, target, ?1, count(*), max(escalation), sum(escalation), max(deescalation) FROM ("
      "  SELECT n.value ->> 'actor' AS actor, n.value ->> 'target' AS target, "
      "    min(100.0, max(0.0, n.value ->> 'score')) AS escalation, "
      "    min(100.0, max(0.0, coalesce(n.value ->> '$.details.deescalation', 0.0))) AS deescalation "
      "  FROM articles a JOIN analyses r ON r.article_id = a.id, json_each(r.annotations) AS n "
      "  WHERE a.state = 1 AND r.relevance = 'about' AND coalesce(a.published, a.fetched) >= ?2 "
      "    AND coalesce(a.published, a.fetched) < ?3 AND n.value ->> 'kind' = 'dyad' "
      "    AND a.id = (SELECT min(s.article_id) FROM analyses s WHERE s.story = r.story)"
      ") WHERE actor IS NOT NULL AND target IS NOT NULL GROUP BY actor, target",
      number_of_day, from, to);
}

}  // namespace dprkwatch::store
