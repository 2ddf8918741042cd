#include "store/sqlite.hpp"

#include <utility>

#include "store/sqlite_search.hpp"

namespace dprkwatch::store {
namespace {

tl::unexpected<Error> failure(sqlite3* database, std::string_view what) {
  const int code = sqlite3_errcode(database);
  std::string message = std::string(what) + ": " + sqlite3_errmsg(database);
  if (code == SQLITE_FULL) message += "; free space on the disk that holds the store";
  if (code == SQLITE_BUSY) message += "; is another dprkwatch using this store?";
  return fail(ErrorCode::kStorage, std::move(message));
}

}  // namespace

Result<bool> Statement::step() {
  switch (sqlite3_step(handle_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      sqlite3_reset(handle_.get());
      return false;
    default: {
      auto error = failure(database_, "the store refused a statement");
      sqlite3_reset(handle_.get());
      return error;
    }
  }
}

Result<void> Statement::run() {
  auto row = step();
  if (!row) return tl::unexpected(std::move(row.error()));
  sqlite3_reset(handle_.get());
  return {};
}

std::string Statement::text(int column) const {
  const auto* bytes = sqlite3_column_text(handle_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return bytes == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(bytes), size);
}

std::optional<Time> Statement::time(int column) const {
  if (is_null(column)) return std::nullopt;
  return Time(Duration(integer(column)));
}

Result<Database> Database::open(const std::string& path) {
  sqlite3* raw = nullptr;
  const int status = sqlite3_open_v2(
      path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  Database database(raw);
  if (status != SQLITE_OK) {
    return fail(ErrorCode::kStorage,
                std::string("cannot open the store: ") + (raw == nullptr ? "out of memory" : sqlite3_errmsg(raw)) +
                    "; the folder must exist and be writable",
                path);
  }
  sqlite3_busy_timeout(raw, 2000);
  if (auto added = add_search_terms(raw); !added) return tl::unexpected(std::move(added.error()));
  return database;
}

Result<void> Database::execute(const char* sql) {
  if (sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return failure(handle_.get(), "the store refused a statement");
  }
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                         nullptr) != SQLITE_OK) {
    return failure(handle_.get(), "cannot prepare a statement");
  }
  return Statement(handle_.get(), statement);
}

Result<std::int64_t> Database::integer(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement) return tl::unexpected(std::move(statement.error()));
  auto row = statement->step();
  if (!row) return tl::unexpected(std::move(row.error()));
  return *row ? statement->integer(0) : 0;
}

}  // namespace dprkwatch::store
