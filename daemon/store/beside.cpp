#include "store/beside.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>

#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_transaction.hpp"

namespace dprkwatch::store {
namespace {

constexpr std::string_view kScheme = "sqlite:";

}  // namespace

Result<void> run_beside(const std::string& url, const Job& job) {
  if (!url.starts_with(kScheme)) return fail(ErrorCode::kInvalidConfig, "the store must be sqlite:PATH");
  const std::string path = url.substr(kScheme.size());
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return fail(ErrorCode::kStorage, "there is no store yet; the daemon makes it when it runs first", path);
  }
  auto database = Database::open(path);
  if (!database) return tl::unexpected(std::move(database.error()));
  auto done = database->execute("PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
  if (done) done = expect_current(*database);
  if (done) done = database->execute("BEGIN IMMEDIATE");
  if (!done) return done;
  {
    SqliteTransaction transaction(*database);
    done = job(transaction);
  }
  if (done) done = database->execute("COMMIT");
  if (!done && database->in_transaction()) (void)database->execute("ROLLBACK");
  return done;
}

bool is_in_use(const std::string& url) {
  if (!url.starts_with(kScheme)) return false;
  const std::string path = url.substr(kScheme.size()) + ".lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return false;
  // Taken for a moment at most; shared, so that two who look do not see each other.
  const bool used = ::flock(file, LOCK_SH | LOCK_NB) != 0;
  ::close(file);
  return used;
}

}  // namespace dprkwatch::store
