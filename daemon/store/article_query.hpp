#pragma once
// The statement for a list of articles. Private to store.

#include <string>

#include "store/reader.hpp"

namespace dprkwatch::store {

// The parameters are ?1 the cursor (articles below it), ?2 feed, ?3 language, ?4 relevance, ?5 story, ?6 least
// escalation, ?7 from, ?8 to, ?9 the search expression, ?10 actor, ?11 target, ?12 limit. Only what the query asks
// stands in the statement, so that SQLite walks the narrowest index from its newest end and stops at the limit.
[[nodiscard]] std::string article_list_sql(const ArticleQuery& query);

}  // namespace dprkwatch::store
