#include "plugin/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "process/spawn.hpp"

namespace dprkwatch::plugin {
namespace {

constexpr std::size_t kReadBlock = 256 * 1024;
constexpr int kSocketBuffer = 1024 * 1024;
constexpr std::chrono::milliseconds kLastWords{100};

int milliseconds_until(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000'000));
}

Error system_error(const char* what) {
  return {ErrorCode::kUnavailable, std::string(what) + ": " + std::strerror(errno), {}};
}

std::string describe_end(int status) {
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    const char* name = strsignal(signal);  // of standard signals: a constant
    return "signal " + std::to_string(signal) + " (" + (name == nullptr ? "?" : name) + ")";
  }
  return "exit status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

struct Spawner::Impl {
  std::mutex mutex;  // guards jobs, stopping
  std::condition_variable changed;
  std::deque<std::pair<const std::function<void()>*, bool*>> jobs;  // the job, and whether it is done
  bool stopping = false;
  std::thread thread;

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [this] { return stopping || !jobs.empty(); });
      if (jobs.empty()) return;
      const auto [job, done] = jobs.front();
      jobs.pop_front();
      lock.unlock();
      (*job)();
      lock.lock();
      *done = true;
      changed.notify_all();
    }
  }
};

Spawner::Spawner() : impl_(std::make_unique<Impl>()) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->work(); });
}

Spawner::~Spawner() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->changed.notify_all();
  impl_->thread.join();
}

void Spawner::run(const std::function<void()>& job) {
  bool done = false;
  std::unique_lock lock(impl_->mutex);
  impl_->jobs.emplace_back(&job, &done);
  impl_->changed.notify_all();
  impl_->changed.wait(lock, [&] { return done; });
}

Result<std::unique_ptr<Child>> Child::start(Spawner& spawner, const std::vector<std::string>& argv) {
  std::array<int, 2> sockets{};
  std::array<int, 2> errors{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    return tl::unexpected(system_error("cannot make a socket"));
  }
  if (pipe2(errors.data(), O_CLOEXEC) != 0) {
    auto error = system_error("cannot make a pipe");
    close(sockets[0]);
    close(sockets[1]);
    return tl::unexpected(std::move(error));
  }
  for (const int socket : sockets) setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &kSocketBuffer, sizeof kSocketBuffer);
  fcntl(sockets[0], F_SETFL, O_NONBLOCK);
  fcntl(errors[0], F_SETFL, O_NONBLOCK);
  pid_t process = -1;
  int failed = 0;
  spawner.run([&] { failed = process::SpawnPlan(sockets[1], sockets[1], errors[1]).run(argv, {}, process); });
  close(sockets[1]);
  close(errors[1]);
  if (failed != 0) {
    close(sockets[0]);
    close(errors[0]);
    return fail(ErrorCode::kUnavailable, std::string("cannot start the program: ") + std::strerror(failed),
                argv.front());
  }
  return std::unique_ptr<Child>(new Child(process, sockets[0], errors[0]));
}

Child::Child(int process, int socket, int errors)
    : process_(process), socket_(socket), errors_(errors), block_(std::make_unique_for_overwrite<char[]>(kReadBlock)) {}

// False at the end of the stream. Read into a block first: growing a string to the size of a read would clear 256 KiB
// for each answer of 50 bytes (measured: half of the cost of a call).
bool Child::read_into(int fd, std::string& to, std::size_t room) {
  const ssize_t got = read(fd, block_.get(), std::min(room, kReadBlock));
  if (got > 0) to.append(block_.get(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

Child::~Child() {
  shutdown(socket_, SHUT_WR);
  bury(kLastWords);
  close(socket_);
  if (errors_ >= 0) close(errors_);
}

Child::Turn Child::turn(std::string& out, std::string& in, std::string& errors, std::size_t room, Deadline deadline) {
  std::array<pollfd, 2> watched{pollfd{socket_, POLLIN, 0}, pollfd{errors_, POLLIN, 0}};
  if (!out.empty()) {
    const ssize_t sent = send(socket_, out.data(), out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return Turn::kClosed;
    if (sent > 0) out.erase(0, static_cast<std::size_t>(sent));
    if (!out.empty()) watched[0].events |= POLLOUT;
  }
  const int ready = poll(watched.data(), errors_ < 0 ? 1 : 2, milliseconds_until(deadline));
  if (ready == 0) return Turn::kTimeout;
  if ((watched[1].revents & (POLLIN | POLLHUP)) != 0 && !read_into(errors_, errors, kReadBlock)) {
    close(errors_);
    errors_ = -1;
  }
  if ((watched[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && !read_into(socket_, in, room)) return Turn::kClosed;
  return Turn::kProgress;
}

void Child::read_errors(std::string& errors) {
  if (errors_ >= 0) (void)read_into(errors_, errors, kReadBlock);
}

bool Child::has_ended() const {
  if (reaped_) return true;
  siginfo_t information{};
  return waitid(P_PID, static_cast<id_t>(process_), &information, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         information.si_pid == process_;
}

std::string Child::kill() {
  if (reaped_) return end_;
  // The leader is not reaped yet, so its number can not have become another group's.
  ::kill(-process_, SIGKILL);
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  reaped_ = true;
  end_ = describe_end(status);
  return end_;
}

std::string Child::bury(std::chrono::milliseconds grace) {
  const auto deadline = std::chrono::steady_clock::now() + grace;
  // A sleep that doubles: most children that were asked to end have done so within a millisecond.
  for (auto nap = std::chrono::microseconds(100); !has_ended() && std::chrono::steady_clock::now() < deadline;
       nap *= 2) {
    std::this_thread::sleep_for(nap);
  }
  return kill();
}

}  // namespace dprkwatch::plugin
