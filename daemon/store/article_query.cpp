#include "store/article_query.hpp"

#include <string_view>

namespace dprkwatch::store {
namespace {

constexpr std::string_view kTime = "coalesce(published, fetched)";

std::string time_range(const ArticleQuery& query, const std::string& time) {
  std::string range;
  if (query.from) range += " AND " + time + " >= ?7";
  if (query.to) range += " AND " + time + " < ?8";
  return range;
}

// The ids to choose from, by falling id.
std::string driver(const ArticleQuery& query) {
  if (!query.words.empty()) {
    return "SELECT rowid AS id FROM search WHERE search MATCH ?9 AND rowid < ?1 ORDER BY rowid DESC";
  }
  if (!query.story.empty()) {
    return "SELECT article_id AS id FROM analyses WHERE story = ?5 AND article_id < ?1 ORDER BY article_id DESC";
  }
  if (!query.actor.empty() && !query.target.empty()) {
    return "SELECT article_id AS id FROM article_dyads WHERE actor = ?10 AND target = ?11 AND article_id < ?1 "
           "ORDER BY article_id DESC";
  }
  if (!query.feed.empty()) {
    return "SELECT id FROM articles INDEXED BY articles_feed WHERE feed_id = (SELECT id FROM feeds WHERE name = ?2) "
           "AND id < ?1 ORDER BY id DESC";
  }
  if (!query.language.empty()) {
    return "SELECT id FROM articles INDEXED BY articles_language WHERE language = ?3 AND id < ?1 ORDER BY id DESC";
  }
  if (query.from || query.to) {
    return "SELECT id FROM articles INDEXED BY articles_time WHERE id < ?1" + time_range(query, std::string(kTime)) +
           " ORDER BY id DESC";
  }
  if (query.min_escalation || !query.relevance.empty()) {
    std::string sql = "SELECT article_id AS id FROM analyses INDEXED BY analyses_scores WHERE article_id < ?1";
    if (query.min_escalation) sql += " AND escalation >= ?6";
    if (!query.relevance.empty()) sql += " AND relevance = ?4";
    return sql + " ORDER BY article_id DESC";
  }
  return "SELECT id FROM articles WHERE id < ?1 ORDER BY id DESC";
}

std::string filters(const ArticleQuery& query) {
  std::string sql;
  if (!query.feed.empty()) sql += " AND f.name = ?2";
  if (!query.language.empty()) sql += " AND a.language = ?3";
  if (!query.relevance.empty()) sql += " AND r.relevance = ?4";
  if (!query.story.empty()) sql += " AND r.story = ?5";
  if (query.min_escalation) sql += " AND r.escalation >= ?6";
  sql += time_range(query, "coalesce(a.published, a.fetched)");
  if (!query.actor.empty() || !query.target.empty()) {
    sql += " AND EXISTS (SELECT 1 FROM article_dyads d WHERE d.article_id = a.id";
    if (!query.actor.empty()) sql += " AND d.actor = ?10";
    if (!query.target.empty()) sql += " AND d.target = ?11";
    sql += ")";
  }
  return sql;
}

}  // namespace

std::string article_list_sql(const ArticleQuery& query) {
  // CROSS JOIN keeps the order of the loops, and so that of the ids.
  return "SELECT a.id, a.feed_id, f.name, a.identity, a.url, a.title, '', a.language, a.published, a.fetched, a.state, "
         "a.reason, r.relevance, r.relevance_probability, r.escalation, r.deescalation, r.level, r.story, '[]', '{}', "
         "r.analysed FROM (" +
         driver(query) +
         ") AS chosen CROSS JOIN articles a ON a.id = chosen.id JOIN feeds f ON f.id = a.feed_id "
         "LEFT JOIN analyses r ON r.article_id = a.id WHERE 1" +
         filters(query) + " ORDER BY chosen.id DESC LIMIT ?12";
}

}  // namespace dprkwatch::store
