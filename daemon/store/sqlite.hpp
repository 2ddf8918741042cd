#pragma once
// SQLite behind RAII: a connection and prepared statements. Private to the store.

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "clock/clock.hpp"
#include "result/result.hpp"

namespace dprkwatch::store {

class Database;

// One prepared statement. Bind in order, then step; reset by the next bind_all.
class Statement {
 public:
  Statement(sqlite3* database, sqlite3_stmt* handle) : database_(database), handle_(handle) {}

  // Binds ?1, ?2, ... The texts must live until the statement is bound anew or reset.
  template <class... Values>
  Statement& bind(const Values&... values) {
    sqlite3_reset(handle_.get());
    int index = 0;
    (bind_one(++index, values), ...);
    return *this;
  }

  // True when there is a row, false at the end.
  [[nodiscard]] Result<bool> step();
  // For statements without rows.
  [[nodiscard]] Result<void> run();
  // Ends a read early, so that it holds no lock.
  void reset() { sqlite3_reset(handle_.get()); }

  [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  [[nodiscard]] double real(int column) const { return sqlite3_column_double(handle_.get(), column); }
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] bool is_null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }
  [[nodiscard]] std::optional<Time> time(int column) const;

 private:
  void bind_one(int index, std::int64_t value) { sqlite3_bind_int64(handle_.get(), index, value); }
  void bind_one(int index, int value) { sqlite3_bind_int64(handle_.get(), index, value); }
  void bind_one(int index, std::size_t value) { bind_one(index, static_cast<std::int64_t>(value)); }
  void bind_one(int index, double value) { sqlite3_bind_double(handle_.get(), index, value); }
  void bind_one(int index, std::string_view value) {
    sqlite3_bind_text64(handle_.get(), index, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC,
                        SQLITE_UTF8);
  }
  void bind_one(int index, const std::string& value) { bind_one(index, std::string_view(value)); }
  void bind_one(int index, Time value) { bind_one(index, static_cast<std::int64_t>(value.time_since_epoch().count())); }
  template <class Value>
  void bind_one(int index, const std::optional<Value>& value) {
    if (value) {
      bind_one(index, *value);
    } else {
      sqlite3_bind_null(handle_.get(), index);
    }
  }

  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// One connection. Used by one thread at a time.
class Database {
 public:
  [[nodiscard]] static Result<Database> open(const std::string& path);

  // Runs statements that return nothing.
  [[nodiscard]] Result<void> execute(const char* sql);
  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  [[nodiscard]] Result<std::int64_t> integer(std::string_view sql);
  [[nodiscard]] bool changed() const { return sqlite3_changes(handle_.get()) > 0; }
  [[nodiscard]] std::int64_t changes() const { return sqlite3_changes64(handle_.get()); }
  // Whether an open transaction was rolled back by SQLite itself (disk full, I/O error).
  [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }
  [[nodiscard]] std::int64_t last_id() const { return sqlite3_last_insert_rowid(handle_.get()); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}
  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace dprkwatch::store
