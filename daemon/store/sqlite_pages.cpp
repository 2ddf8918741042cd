// Pages of articles, revisions, and what feeds may have had unseen.
#include <utility>

#include "store/rows.hpp"
#include "store/sqlite_transaction.hpp"

namespace dprkwatch::store {
const char* name_of(RevisionKind kind) noexcept {
  switch (kind) {
    case RevisionKind::kEdited:
      return "edited";
    case RevisionKind::kRemoved:
      return "removed";
    case RevisionKind::kRestored:
      return "restored";
  }
  return "edited";
}

Result<std::vector<std::string>> SqliteTransaction::changed(FeedId feed, std::span<const std::string> identities,
                                                            std::span<const std::int64_t> hashes) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < identities.size(); ++i) {
    bool differs = false;
    auto done = each(
        "SELECT 1 FROM articles WHERE feed_id = ?1 AND identity = ?2 AND entry_hash NOT IN (0, ?3)",
        [&](const Statement&) { differs = true; }, number(feed), identities[i], hashes[i]);
    if (!done) return tl::unexpected(std::move(done.error()));
    if (differs) found.push_back(identities[i]);
  }
  return found;
}

Result<std::optional<Article>> SqliteTransaction::find_article(FeedId feed, std::string_view identity) {
  std::optional<Article> found;
  auto done = each(
      "SELECT a.id, a.feed_id, f.name, a.identity, a.url, a.title, a.text, a.language, a.published, a.fetched, r.kind "
      "FROM articles a JOIN feeds f ON f.id = a.feed_id "
      "LEFT JOIN revisions r ON r.article_id = a.id AND r.number = a.revised "
      "WHERE a.feed_id = ?1 AND a.identity >= ?2 AND a.identity < ?2 || 'g' ORDER BY a.identity LIMIT 1",
      [&](const Statement& row) {
        found = read_article(row);
        if (!row.is_null(10)) found->revision.emplace().kind = static_cast<RevisionKind>(row.integer(10));
      },
      number(feed), identity);
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<void> SqliteTransaction::set_entry_hash(ArticleId article, std::int64_t hash) {
  return run("UPDATE articles SET entry_hash = ?2 WHERE id = ?1", number(article), hash);
}

Result<std::vector<ArticlePage>> SqliteTransaction::due_pages(Time now, std::size_t limit) {
  std::vector<ArticlePage> found;
  auto done = each(
      "SELECT p.article_id, f.name, a.url, a.title, a.text, a.language, a.published, a.fetched, a.state, "
      "coalesce(r.kind, 0), p.failures, p.looks FROM pages p JOIN articles a ON a.id = p.article_id "
      "JOIN feeds f ON f.id = a.feed_id LEFT JOIN revisions r ON r.article_id = a.id AND r.number = a.revised "
      "WHERE p.due <= ?1 ORDER BY p.due LIMIT ?2",
      [&](const Statement& row) {
        found.push_back({ArticleId{row.integer(0)}, row.text(1), row.text(2), row.text(3), row.text(4), row.text(5),
                         row.time(6), row.time(7).value_or(Time{}), row.integer(8) == 4,
                         static_cast<RevisionKind>(row.integer(9)) == RevisionKind::kRemoved, row.integer(10),
                         row.integer(11)});
      },
      now, limit);
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<std::optional<Time>> SqliteTransaction::next_page_due() {
  std::optional<Time> due;
  auto done = each("SELECT min(due) FROM pages", [&](const Statement& row) { due = row.time(0); });
  if (!done) return tl::unexpected(std::move(done.error()));
  return due;
}

Result<void> SqliteTransaction::plan_page(ArticleId article, Time due, std::int64_t failures, std::int64_t looks) {
  return run(
      "INSERT INTO pages (article_id, due, failures, looks) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (article_id) DO UPDATE "
      "SET due = excluded.due, failures = excluded.failures, looks = excluded.looks",
      number(article), due, failures, looks);
}

Result<void> SqliteTransaction::drop_page(ArticleId article) {
  return run("DELETE FROM pages WHERE article_id = ?1", number(article));
}

Result<void> SqliteTransaction::fill_article(const ArticlePage& page) {
  return run(
      "UPDATE articles SET title = ?2, text = ?3, language = ?4, published = ?5, state = 0 WHERE id = ?1 AND state = 4",
      number(page.article), page.title, page.text, page.language, page.published);
}

Result<bool> SqliteTransaction::add_revision(ArticleId article, const NewRevision& revision) {
  auto done =
      run("INSERT INTO revisions (article_id, number, kind, at, detail, title, text, escalation) "
          "SELECT a.id, a.revised + 1, ?2, ?3, ?4, a.title, a.text, r.escalation FROM articles a "
          "LEFT JOIN analyses r ON r.article_id = a.id WHERE a.id = ?1 AND a.state = 1",
          number(article), static_cast<int>(revision.kind), revision.at, revision.detail);
  if (!done) return tl::unexpected(std::move(done.error()));
  if (!database_.changed()) return false;
  done = run("UPDATE articles SET title = ?2, text = ?3, revised = revised + 1, state = 0 WHERE id = ?1",
             number(article), revision.title, revision.text);
  if (!done) return tl::unexpected(std::move(done.error()));
  return true;
}

Result<std::optional<Transaction::Before>> SqliteTransaction::analysed_before(ArticleId article) {
  std::optional<Before> before;
  auto done = each(
      "SELECT story, escalation FROM analyses WHERE article_id = ?1",
      [&](const Statement& row) {
        before = Before{row.text(0), row.real(1)};
      },
      number(article));
  if (!done) return tl::unexpected(std::move(done.error()));
  return before;
}

Result<std::string> SqliteTransaction::window(FeedId feed) {
  std::string window;
  auto done = each(
      "SELECT window FROM feeds WHERE id = ?1", [&](const Statement& row) { window = row.text(0); }, number(feed));
  if (!done) return tl::unexpected(std::move(done.error()));
  return window;
}

Result<void> SqliteTransaction::save_window(FeedId feed, std::string_view window) {
  return run("UPDATE feeds SET window = ?2 WHERE id = ?1", number(feed), window);
}

Result<void> SqliteTransaction::add_gap(const Gap& gap) {
  return run("INSERT OR REPLACE INTO gaps (feed_id, begin, end, entries) VALUES (?1, ?2, ?3, ?4)", number(gap.feed),
             gap.begin, gap.end, gap.entries);
}

}  // namespace dprkwatch::store
