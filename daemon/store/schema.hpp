#pragma once
// The schema as numbered migrations. A released migration is never edited; a change is a new one.

#include "result/result.hpp"
#include "store/sqlite.hpp"

namespace dprkwatch::store {

// Brings the database to the newest version, each migration in its own transaction. Fails when it was written by a
// newer program.
[[nodiscard]] Result<void> migrate(Database& database);

// Fails when the database has another version than the newest: beside a daemon nothing is migrated.
[[nodiscard]] Result<void> check_version(Database& database);

}  // namespace dprkwatch::store
