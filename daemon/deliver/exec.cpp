#include "deliver/exec.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace dprkwatch::deliver {
namespace {

constexpr std::size_t kKeptBytes = 4096;  // of what it prints
constexpr rlim_t kMaxMemory = rlim_t{1} << 30;

// A descriptor until it is handed over.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] int release() { return std::exchange(number_, -1); }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

class SpawnSetup {
 public:
  SpawnSetup(int input, int output) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;
  ~SpawnSetup() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* actions() const { return &actions_; }
  [[nodiscard]] const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

// The child's id, or an error number below 0.
pid_t start(const config::Receiver& receiver, const store::Delivery& delivery, int input, int output) {
  std::vector<std::string> words = receiver.command;
  std::vector<std::string> variables{"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8",
                                     "WEBHOOK_ID=" + delivery.webhook_id};
  const SpawnSetup setup(input, output);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, words.front().c_str(), setup.actions(), setup.attributes(),
                                  pointers(words).data(), pointers(variables).data());
  if (failed != 0) return -failed;
  const rlimit memory{kMaxMemory, kMaxMemory};
  ::prlimit(child, RLIMIT_AS, &memory, nullptr);
  return child;
}

// Its whole group ends with this, whatever way it goes; and it is reaped.
class Child {
 public:
  explicit Child(pid_t id) : id_(id) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    kill_group();
    if (!reaped_) ::waitpid(id_, nullptr, 0);
  }
  void kill_group() const { ::kill(-id_, SIGKILL); }
  // After it has ended.
  [[nodiscard]] int reap() {
    int status = 0;
    ::waitpid(id_, &status, 0);
    reaped_ = true;
    return status;
  }

 private:
  pid_t id_;
  bool reaped_ = false;
};

tl::unexpected<Error> trouble(const std::string& what, int problem) {
  return fail(ErrorCode::kUnavailable, what + ": " + std::strerror(problem));
}

http::Response answer_of(int status, std::string&& printed) {
  http::Response response;
  response.body = std::move(printed);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  response.status = code == 0 ? 200 : code == 75 ? 503 : 500;
  if (code != 0) response.body = "exit status " + std::to_string(code) + ": " + response.body;
  return response;
}

boost::asio::awaitable<void> give(boost::asio::local::stream_protocol::socket& input, const std::string& body) {
  boost::system::error_code ignored;  // a program need not read all of its input
  auto token = boost::asio::redirect_error(boost::asio::use_awaitable, ignored);
  const auto bytes = boost::asio::buffer(body);
  co_await boost::asio::async_write(input, bytes, token);
  input.close(ignored);
}

boost::asio::awaitable<std::string> read_all(boost::asio::posix::stream_descriptor& output) {
  std::string printed;
  std::array<char, 4096> block{};
  for (;;) {
    boost::system::error_code error;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
    const auto into = boost::asio::buffer(block);
    const std::size_t count = co_await output.async_read_some(into, token);
    printed.append(block.data(), std::min(count, kKeptBytes - std::min(kKeptBytes, printed.size())));
    if (error) co_return printed;
  }
}

}  // namespace

boost::asio::awaitable<Result<http::Response>> run_program(boost::asio::io_context& loop,
                                                           const config::Receiver& receiver,
                                                           const store::Delivery& delivery, std::set<int>& running) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  // A socket, since a pipe whose reader is gone would raise SIGPIPE here.
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in.data()) != 0)
    co_return trouble("cannot make a socket", errno);
  Descriptor ours(in[0]);
  Descriptor theirs(in[1]);
  if (::pipe2(out.data(), O_CLOEXEC) != 0) co_return trouble("cannot make a pipe", errno);
  Descriptor reading(out[0]);
  Descriptor writing(out[1]);
  const pid_t id = start(receiver, delivery, theirs.get(), writing.get());
  if (id <= 0) co_return trouble("cannot run " + receiver.command.front(), -id);
  theirs.close();
  writing.close();
  Child child(id);
  running.insert(id);
  Descriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, id, 0)));
  if (ended.get() < 0) {
    running.erase(id);
    co_return trouble("cannot watch the program", errno);
  }

  bool timed_out = false;
  boost::asio::steady_timer limit(loop, receiver.timeout);
  limit.async_wait([&child, &timed_out](const boost::system::error_code& error) {
    if (error) return;
    timed_out = true;
    child.kill_group();
  });
  boost::asio::local::stream_protocol::socket input(loop, boost::asio::local::stream_protocol(), ours.release());
  boost::asio::posix::stream_descriptor output(loop, reading.release());
  boost::asio::posix::stream_descriptor end(loop, ended.release());
  co_await give(input, delivery.body);
  std::string printed = co_await read_all(output);
  boost::system::error_code ignored;
  auto token = boost::asio::redirect_error(boost::asio::use_awaitable, ignored);
  co_await end.async_wait(boost::asio::posix::stream_descriptor::wait_read, token);
  const int status = child.reap();
  // Its handler is called later, and must find its captures: let it run before they go.
  limit.cancel();
  boost::asio::steady_timer turn(loop, std::chrono::steady_clock::duration::zero());
  co_await turn.async_wait(token);
  if (running.erase(id) == 0) co_return fail(ErrorCode::kStopped, "stopped before the program ended");
  if (timed_out) {
    co_return fail(ErrorCode::kTimeout,
                   "the program did not end within " + std::to_string(receiver.timeout.count()) + " ms and was killed");
  }
  co_return answer_of(status, std::move(printed));
}

}  // namespace dprkwatch::deliver
