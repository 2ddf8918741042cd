#include "process/process.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <optional>
#include <unordered_set>
#include <utility>

#include "process/spawn.hpp"

namespace dprkwatch::process {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kMaxErrorBytes = 64 * 1024;  // of standard error, kept to say why it failed
constexpr std::size_t kMaxMessage = 300;

// The two ends of a pipe; closed with it.
struct Pipe {
  int read_end = -1;
  int write_end = -1;
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    if (read_end >= 0) ::close(read_end);
    if (write_end >= 0) ::close(write_end);
  }
  bool open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read_end = ends[0];
    write_end = ends[1];
    return true;
  }
  int take_read_end() { return std::exchange(read_end, -1); }
  int take_write_end() { return std::exchange(write_end, -1); }
};

struct Pipes {
  Pipe input;
  Pipe output;
  Pipe errors;
};

std::string describe_end(int status) {
  if (status <= 128) return "exit status " + std::to_string(status);
  const char* name = ::strsignal(status - 128);
  return "signal " + std::to_string(status - 128) + " (" + (name == nullptr ? "?" : name) + ")";
}

// The last line that says something.
std::string last_line(std::string_view text) {
  const auto end = text.find_last_not_of(" \t\r\n");
  if (end == std::string_view::npos) return {};
  text = text.substr(0, end + 1);
  text.remove_prefix(text.rfind('\n') + 1);
  return std::string(text.substr(0, kMaxMessage));
}

}  // namespace

struct Commands::State {
  std::unordered_set<Run*> under_way;
};

// One command: its pipes are read and written by handlers on the loop; the coroutine waits for the last of them. Kept
// alive by its handlers.
class Commands::Run : public std::enable_shared_from_this<Run> {
 public:
  Run(asio::any_io_executor executor, Command command)
      : command_(std::move(command)),
        input_(executor),
        output_(executor),
        errors_(executor),
        end_(executor),
        deadline_(executor),
        finished_(executor, asio::steady_timer::time_point::max()) {}

  Result<void> start() {
    Pipes pipes;
    if (!pipes.input.open() || !pipes.output.open() || !pipes.errors.open()) return system_error("cannot make a pipe");
    std::vector<std::string> environment = command_.environment;
    if (const char* home = std::getenv("HOME"); home != nullptr) environment.push_back(std::string("HOME=") + home);
    SpawnPlan plan(pipes.input.read_end, pipes.output.write_end, pipes.errors.write_end);
    const int failed = plan.run(command_.arguments, std::move(environment), process_);
    if (failed != 0) {
      errno = failed;
      return system_error("cannot start the program");
    }
    if (command_.max_memory > 0) {
      const rlimit memory{command_.max_memory, command_.max_memory};
      ::prlimit(process_, RLIMIT_AS, &memory, nullptr);
    }
    const auto watched = static_cast<int>(::syscall(SYS_pidfd_open, process_, 0));
    if (watched < 0) {
      auto failure = system_error("cannot watch the program");
      kill();
      while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
      }
      return failure;
    }
    end_.assign(watched);
    input_.assign(pipes.input.take_write_end());
    output_.assign(pipes.output.take_read_end());
    errors_.assign(pipes.errors.take_read_end());
    write_input();
    read(output_, printed_, command_.max_bytes, [this] {
      if (!command_.cut_output) stop({ErrorCode::kTooLarge, too_much(), {}});
    });
    read(errors_, said_, kMaxErrorBytes, [] {});
    wait_for_end();
    deadline_.expires_after(command_.timeout);
    deadline_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (error) return;
      self->stop({ErrorCode::kTimeout,
                  "did not end within " + std::to_string(self->command_.timeout.count()) + " ms and was killed",
                  {}});
    });
    return {};
  }

  // Kills the group; the coroutine then goes on with this error.
  void stop(Error error) {
    if (!problem_) problem_ = std::move(error);
    kill();
    // Descendants that left the group may hold the pipes open for ever.
    boost::system::error_code ignored;
    input_.close(ignored);
    output_.close(ignored);
    errors_.close(ignored);
  }

  [[nodiscard]] bool finished() const { return open_ == 0; }
  asio::steady_timer& finished_timer() { return finished_; }

  Result<Ended> result() {
    if (problem_) {
      problem_->where = command_.arguments.front();
      return tl::unexpected(std::move(*problem_));
    }
    const int status = WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
    return Ended{status, std::move(printed_), std::move(said_)};
  }

 private:
  [[nodiscard]] tl::unexpected<Error> system_error(const char* what) const {
    return fail(ErrorCode::kUnavailable, std::string(what) + ": " + std::strerror(errno), command_.arguments.front());
  }

  [[nodiscard]] std::string too_much() const {
    return "printed more than " + std::to_string(command_.max_bytes) + " bytes and was killed";
  }

  // The leader is not reaped before the end was seen, so its number can not have become another group's.
  void kill() const {
    if (!reaped_) ::kill(-process_, SIGKILL);
  }

  void begin() { ++open_; }
  void end() {
    if (--open_ > 0) return;
    deadline_.cancel();
    finished_.cancel();
  }

  void write_input() {
    begin();
    asio::async_write(input_, asio::buffer(command_.input),
                      [self = shared_from_this()](const boost::system::error_code&, std::size_t) {
                        // A command may end without reading all of it.
                        boost::system::error_code ignored;
                        self->input_.close(ignored);
                        self->end();
                      });
  }

  void read(asio::posix::stream_descriptor& from, std::string& to, std::size_t most, std::function<void()> too_much) {
    begin();
    auto block = std::make_shared<std::array<char, 65536>>();
    read_block(from, to, most, std::move(too_much), std::move(block));
  }

  void read_block(asio::posix::stream_descriptor& from, std::string& to, std::size_t most,
                  std::function<void()> too_much, std::shared_ptr<std::array<char, 65536>> block) {
    const auto buffer = asio::buffer(*block);
    from.async_read_some(buffer, [this, self = shared_from_this(), &from, &to, most, too_much = std::move(too_much),
                                  block](const boost::system::error_code& error, std::size_t size) mutable {
      if (error) {
        end();
        return;
      }
      const std::size_t room = most - to.size();
      to.append(block->data(), std::min(size, room));
      if (size > room) too_much();
      read_block(from, to, most, std::move(too_much), std::move(block));
    });
  }

  void wait_for_end() {
    begin();
    end_.async_wait(asio::posix::stream_descriptor::wait_read,
                    [this, self = shared_from_this()](const boost::system::error_code&) {
                      // What it left behind must not go on.
                      kill();
                      while (::waitpid(process_, &status_, 0) < 0 && errno == EINTR) {
                      }
                      reaped_ = true;
                      end();
                    });
  }

  Command command_;
  asio::posix::stream_descriptor input_;
  asio::posix::stream_descriptor output_;
  asio::posix::stream_descriptor errors_;
  asio::posix::stream_descriptor end_;  // pidfd: readable when the process has ended
  asio::steady_timer deadline_;
  asio::steady_timer finished_;  // cancelled at the end
  pid_t process_ = -1;
  int status_ = 0;
  bool reaped_ = false;
  int open_ = 0;  // handlers outstanding
  std::string printed_;
  std::string said_;
  std::optional<Error> problem_;
};

Commands::Commands() : state_(std::make_shared<State>()) {
  // A command may end without reading its input: writing to it then is an error, not the end of this process. (A socket
  // would need no signal, but programs can not open /dev/stdin on one.)
  std::signal(SIGPIPE, SIG_IGN);
}
Commands::~Commands() = default;

asio::awaitable<Result<Ended>> Commands::finish(Command command) {
  if (command.arguments.empty()) co_return fail(ErrorCode::kInvalidConfig, "no program was given");
  auto executor = co_await asio::this_coro::executor;
  const auto state = state_;
  const auto run = std::make_shared<Run>(executor, std::move(command));
  if (Result<void> started = run->start(); !started) co_return tl::unexpected(std::move(started.error()));
  state->under_way.insert(run.get());
  while (!run->finished()) {
    boost::system::error_code cancelled;
    auto wait = asio::redirect_error(asio::use_awaitable, cancelled);
    co_await run->finished_timer().async_wait(wait);
  }
  state->under_way.erase(run.get());
  co_return run->result();
}

asio::awaitable<Result<std::string>> Commands::run(Command command) {
  const std::string program = command.arguments.empty() ? std::string() : command.arguments.front();
  Result<Ended> ended = co_await finish(std::move(command));
  if (!ended) co_return tl::unexpected(std::move(ended.error()));
  if (ended->status == 0) co_return std::move(ended->printed);
  const std::string why = last_line(ended->said);
  co_return fail(ErrorCode::kUnavailable, "ended with " + describe_end(ended->status) + (why.empty() ? "" : ": " + why),
                 program);
}

void Commands::cancel_all() {
  const auto all = state_->under_way;
  for (Run* run : all) run->stop({ErrorCode::kStopped, "stopped", {}});
}

}  // namespace dprkwatch::process
