#include "store/sqlite_search.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite_transaction.hpp"
#include "text/search_terms.hpp"

namespace dprkwatch::store {
namespace {

std::string_view text_of(sqlite3_value* value) {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return bytes == nullptr ? std::string_view()
                          : std::string_view(bytes, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

void terms_of(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const text::SearchTerms terms = text::search_terms(text_of(values[0]));
  const std::string_view column = text_of(values[1]);
  const std::string& found = column == "words"     ? terms.words
                             : column == "pairs"   ? terms.pairs
                             : column == "singles" ? terms.singles
                                                   : terms.starts;
  sqlite3_result_text64(context, found.data(), found.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

}  // namespace

Result<void> add_search_terms(sqlite3* connection) {
  const int status =
      sqlite3_create_function_v2(connection, "search_terms", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                 nullptr, &terms_of, nullptr, nullptr, nullptr);
  if (status == SQLITE_OK) return {};
  return fail(ErrorCode::kStorage, std::string("cannot add a function to the store: ") + sqlite3_errstr(status));
}

// By few at a time: each takes a few tenths of a millisecond, and others wait for the store meanwhile.
Result<std::size_t> SqliteTransaction::index_articles(std::size_t limit) {
  std::vector<std::int64_t> due;
  auto done = each(
      "SELECT article_id FROM search_due ORDER BY article_id LIMIT ?1",
      [&](const Statement& row) { due.push_back(row.integer(0)); }, limit);
  if (!done) return tl::unexpected(std::move(done.error()));
  for (const std::int64_t article : due) {
    done = run(
        "INSERT INTO search (rowid, words, pairs, singles, starts) "
        "SELECT id, search_terms(content, 'words'), search_terms(content, 'pairs'), search_terms(content, 'singles'), "
        "search_terms(content, 'starts') FROM (SELECT id, title || char(10) || text AS content FROM articles "
        "WHERE id = ?1 AND id NOT IN (SELECT article_id FROM search_docs))",
        article);
    if (done)
      done = run("INSERT OR IGNORE INTO search_docs (article_id) SELECT id FROM articles WHERE id = ?1", article);
    if (done) done = run("DELETE FROM search_due WHERE article_id = ?1", article);
    if (!done) return tl::unexpected(std::move(done.error()));
  }
  return due.size();
}

}  // namespace dprkwatch::store
