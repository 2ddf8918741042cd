#include "cli/config_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include "cli/verbs.hpp"

namespace dprkwatch::cli {
namespace {

constexpr std::size_t kMaxFileBytes = 4 * 1024 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

tl::unexpected<Error> failure(const std::string& what, const std::string& path) {
  return fail(ErrorCode::kUnavailable, what + ": " + std::strerror(errno), path);
}

// The file, opened and locked; the lock is of the file that has the name now, not of one that was replaced meanwhile.
Result<Descriptor> lock(const std::string& path) {
  for (;;) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0 || ::flock(file.get(), LOCK_EX) != 0) return failure("cannot read the file", path);
    struct stat held {};
    struct stat named {};
    if (::fstat(file.get(), &held) != 0 || ::stat(path.c_str(), &named) != 0)
      return failure("cannot read the file", path);
    if (held.st_ino == named.st_ino && held.st_dev == named.st_dev) return file;
  }
}

Result<void> write_all(int file, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failure("cannot write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// As the old file: its mode, and its owner where that is another and we may give files away.
Result<void> fill(int file, const struct stat& old, std::string_view bytes, const std::string& path) {
  if (auto written = write_all(file, bytes, path); !written) return written;
  struct stat fresh {};
  if (::fstat(file, &fresh) != 0) return failure("cannot write", path);
  const bool is_others = fresh.st_uid != old.st_uid || fresh.st_gid != old.st_gid;
  if (is_others && ::fchown(file, old.st_uid, old.st_gid) != 0) return failure("cannot keep the file's owner", path);
  if (::fchmod(file, old.st_mode & 07777U) != 0) return failure("cannot keep the file's mode", path);
  if (::fsync(file) != 0) return failure("cannot write", path);
  return {};
}

Result<void> replace(const std::string& path, const struct stat& old, std::string_view bytes) {
  const auto slash = path.rfind('/');
  const std::string folder = path.substr(0, slash + 1);
  std::string temporary = folder + "." + path.substr(slash + 1) + ".XXXXXX";
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) return failure("cannot write a file beside the configuration", folder);
  auto done = fill(file.get(), old, bytes, temporary);
  if (done && std::rename(temporary.c_str(), path.c_str()) != 0) done = failure("cannot replace the file", path);
  if (!done) {
    ::unlink(temporary.c_str());
    return done;
  }
  const Descriptor place(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (place.get() >= 0) (void)::fsync(place.get());
  return {};
}

std::optional<std::string> real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  if (!real) return std::nullopt;
  return std::string(real.get());
}

int refused(const std::vector<Error>& errors, int status) {
  print_errors(errors);
  std::cerr << "the file was not changed\n";
  return status;
}

}  // namespace

int edit_config_file(const std::string& path, const Edit& edit) {
  const auto real = real_path(path);
  if (!real) return refused({failure("cannot read the configuration file", path).value()}, kUsage);
  const auto file = lock(*real);
  if (!file) return refused({file.error()}, kFailed);
  const auto text = read_input(*real, kMaxFileBytes);
  if (!text) return refused({text.error()}, kUsage);
  const auto config = config::load_text(*text, path, environment_variable);
  if (!config) return refused(config.error(), kUsage);
  const auto edited = edit(*text, *config);
  if (!edited) return refused({edited.error()}, edited.error().code == ErrorCode::kInvalidConfig ? kUsage : kFailed);
  if (*edited == *text) return kDone;
  if (const auto good = config::load_text(*edited, path, environment_variable); !good) {
    return refused(good.error(), kUsage);
  }
  struct stat old {};
  if (::fstat(file->get(), &old) != 0) return refused({failure("cannot read the file", *real).value()}, kFailed);
  if (const auto done = replace(*real, old, *edited); !done) return refused({done.error()}, kFailed);
  return kDone;
}

std::string how_to_reload() {
  return "a running daemon takes it over on SIGHUP: systemctl reload dprkwatch, or kill -HUP its process id";
}

}  // namespace dprkwatch::cli
