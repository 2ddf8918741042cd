#include "store/store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/sqlite_transaction.hpp"

namespace dprkwatch::store {
namespace {

// Jobs in one commit. Bounds how long the first of them waits for its completion; a commit costs one fsync, about as
// much as a few hundred inserts.
constexpr std::size_t kMaxBatch = 256;

struct Queued {
  Job job;
  Completion completion;
  Result<void> outcome;
};

// Held for as long as the store is open; the kernel gives it back when the process dies.
class FileLock {
 public:
  [[nodiscard]] static Result<FileLock> take(const std::string& path) {
    FileLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (lock.descriptor_ < 0) {
      return fail(ErrorCode::kStorage, "cannot make the lock file; the folder must exist and be writable", path);
    }
    if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
      return fail(ErrorCode::kStorage, "another dprkwatch is using this store; stop it, or name another store", path);
    }
    return lock;
  }
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

class SqliteStore final : public Store {
 public:
  SqliteStore(std::optional<FileLock> lock, Database database)
      : lock_(std::move(lock)), database_(std::move(database)), transaction_(database_), thread_([this] { work(); }) {}

  ~SqliteStore() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void submit(Job job, Completion completion) override {
    {
      const std::lock_guard lock(mutex_);
      queue_.push_back({std::move(job), std::move(completion), {}});
    }
    wake_.notify_one();
  }

  Result<void> run(Job job) override {
    std::promise<Result<void>> promise;
    auto future = promise.get_future();
    submit(std::move(job), [&promise](Result<void> outcome) { promise.set_value(std::move(outcome)); });
    return future.get();
  }

 private:
  void work() {
    for (;;) {
      std::deque<Queued> batch = next_batch();
      if (batch.empty()) return;
      commit(batch);
      for (Queued& item : batch) item.completion(std::move(item.outcome));
    }
  }

  // Waits for jobs; empty only when stopping and nothing is left.
  std::deque<Queued> next_batch() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    std::deque<Queued> batch;
    while (!queue_.empty() && batch.size() < kMaxBatch) {
      batch.push_back(std::move(queue_.front()));
      queue_.pop_front();
    }
    return batch;
  }

  void commit(std::deque<Queued>& batch) {
    Result<void> begun = database_.execute("BEGIN IMMEDIATE");
    if (begun) {
      for (Queued& item : batch) {
        run_in_savepoint(item);
        // SQLite itself rolls everything back on a full disk or an I/O error: nothing of this batch is kept.
        if (!database_.in_transaction()) {
          begun = tl::unexpected(item.outcome.error());
          break;
        }
      }
    }
    if (begun) begun = database_.execute("COMMIT");
    if (begun) return;
    if (database_.in_transaction()) (void)database_.execute("ROLLBACK");
    for (Queued& item : batch) {
      if (item.outcome) item.outcome = tl::unexpected(begun.error());
    }
  }

  void run_in_savepoint(Queued& item) {
    item.outcome = database_.execute("SAVEPOINT job");
    if (!item.outcome) return;
    try {
      item.outcome = item.job(transaction_);
    } catch (const std::exception& error) {
      item.outcome = fail(ErrorCode::kInternal, std::string("a store job threw: ") + error.what());
    }
    if (item.outcome) {
      item.outcome = database_.execute("RELEASE job");
    } else if (database_.in_transaction()) {
      (void)database_.execute("ROLLBACK TO job; RELEASE job");
    }
  }

  std::optional<FileLock> lock_;  // none beside a daemon
  Database database_;
  SqliteTransaction transaction_;
  std::mutex mutex_;  // guards queue_ and stopping_
  std::condition_variable wake_;
  std::deque<Queued> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace

namespace {

Result<std::string> path_of(const std::string& url) {
  constexpr std::string_view kScheme = "sqlite:";
  if (url.starts_with(kScheme)) return url.substr(kScheme.size());
  return fail(ErrorCode::kInvalidConfig, "the store must be sqlite:PATH", url.substr(0, url.find(':') + 1));
}

Result<std::unique_ptr<Store>> open_database(const std::string& path, std::optional<FileLock> lock) {
  auto database = Database::open(path);
  if (!database) return tl::unexpected(std::move(database.error()));
  Result<void> ready = database->execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
      "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;"
      "PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 8000;");
  // Beside a daemon it waits for that one's commits.
  if (ready && !lock) ready = database->execute("PRAGMA busy_timeout = 10000");
  if (ready) ready = lock ? migrate(*database) : expect_current(*database);
  if (!ready) {
    ready.error().where = path;
    return tl::unexpected(std::move(ready.error()));
  }
  return std::make_unique<SqliteStore>(std::move(lock), std::move(*database));
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& url) {
  const auto path = path_of(url);
  if (!path) return tl::unexpected(path.error());
  std::error_code ignored;
  const auto folder = std::filesystem::path(*path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  // SQLite's own locks come and go with each commit; this one keeps a second daemon out from the start.
  auto lock = FileLock::take(*path + ".lock");
  if (!lock) return tl::unexpected(std::move(lock.error()));
  return open_database(*path, std::move(*lock));
}

Result<std::unique_ptr<Store>> Store::open_beside(const std::string& url) {
  const auto path = path_of(url);
  if (!path) return tl::unexpected(path.error());
  if (!std::filesystem::exists(*path)) {
    return fail(ErrorCode::kStorage, "there is no store; has the daemon run with this configuration?", *path);
  }
  auto lock = FileLock::take(*path + ".lock");
  return open_database(*path, lock ? std::optional<FileLock>(std::move(*lock)) : std::nullopt);
}

}  // namespace dprkwatch::store
