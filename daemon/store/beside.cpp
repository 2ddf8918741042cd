#include "store/beside.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <utility>

namespace dprkwatch::store {
namespace {

constexpr std::string_view kScheme = "sqlite:";

}  // namespace

Result<void> run_beside(const std::string& url, const Job& job) {
  auto store = Store::open_beside(url);
  if (!store) return tl::unexpected(std::move(store.error()));
  return (*store)->run(job);
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
