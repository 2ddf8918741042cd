#pragma once
// The index of words over relevant articles. Private to store.

#include "store/sqlite.hpp"

namespace dprkwatch::store {

// Makes search_terms(TEXT, COLUMN) known, which the triggers of the schema use. COLUMN: words, pairs, singles, starts.
[[nodiscard]] Result<void> add_search_terms(sqlite3* connection);

}  // namespace dprkwatch::store
