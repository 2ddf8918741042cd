// dprkwatch-plugin-host: runs one plugin in this process, which the daemon supervises, for the modes isolated and
// command. Started by the daemon only; the protocol (plugin/wire.hpp) is on standard input and output.
//
//   dprkwatch-plugin-host --parent PID --memory BYTES --share FOLDER --cpu SECONDS --plugin FILE
//   dprkwatch-plugin-host --parent PID --memory BYTES --share FOLDER [--no-sandbox] -- PROGRAM [ARGUMENT ...]

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "plugin/analyzer.hpp"
#include "plugin/keeper.hpp"
#include "plugin/library.hpp"
#include "plugin/sandbox.hpp"
#include "plugin/wire.hpp"
#include "text/text.hpp"

namespace dprkwatch::plugin {
namespace {

constexpr std::size_t kBlock = 256 * 1024;

// What `stop_requested` says; a signal handler can reach nothing else.
std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void listen_for_stop() {
  struct sigaction action {};
  action.sa_handler = [](int) { stop_asked = true; };
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &action, nullptr);
}

struct Arguments {
  int parent = 0;
  std::size_t memory = 0;
  std::size_t cpu_seconds = 0;
  std::string share;
  std::string plugin;
  bool sandbox = true;
  std::vector<std::string> command;
};

Arguments read_arguments(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--no-sandbox") {
      arguments.sandbox = false;
      continue;
    }
    if (name == "--") {
      arguments.command.assign(argv + i + 1, argv + argc);
      return arguments;
    }
    if (++i == argc) break;
    const char* value = argv[i];
    if (name == "--parent") arguments.parent = std::atoi(value);
    if (name == "--memory") arguments.memory = std::strtoull(value, nullptr, 10);
    if (name == "--cpu") arguments.cpu_seconds = std::strtoull(value, nullptr, 10);
    if (name == "--share") arguments.share = value;
    if (name == "--plugin") arguments.plugin = value;
  }
  return arguments;
}

// The protocol's end on this side. Requests are read as they come; what is written leaves when no request waits.
class Line {
 public:
  explicit Line(int fd) : fd_(fd), block_(std::make_unique_for_overwrite<char[]>(kBlock)) {}

  // False at the end of the daemon's side.
  bool read(std::string& line) {
    for (;;) {
      const std::size_t end = in_.find('\n', scanned_);
      if (end != std::string::npos) {
        line.assign(in_, read_, end - read_);
        read_ = scanned_ = end + 1;
        return true;
      }
      flush();
      in_.erase(0, std::exchange(read_, 0));
      scanned_ = in_.size();
      const ssize_t got = ::read(fd_, block_.get(), kBlock);
      if (got > 0) in_.append(block_.get(), static_cast<std::size_t>(got));
      if (got == 0 || (got < 0 && errno != EINTR)) return false;
    }
  }

  // Adds to what leaves with the next flush. [any thread]
  template <class Put>
  void write(Put put) {
    const std::lock_guard lock(mutex_);
    put(out_);
    if (out_.size() >= kBlock) send();
  }

  // The same for what shall not wait until the plugin has answered; not more often than ten times a second.
  template <class Put>
  void write_soon(Put put) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    put(out_);
    if (now - sent_ > std::chrono::milliseconds(100) || out_.size() >= kBlock) send();
  }

  void flush() {
    const std::lock_guard lock(mutex_);
    send();
  }

 private:
  void send() {
    std::size_t sent = 0;
    while (sent < out_.size()) {
      const ssize_t wrote = ::write(fd_, out_.data() + sent, out_.size() - sent);
      if (wrote < 0 && errno != EINTR) _exit(0);  // the daemon is gone
      if (wrote > 0) sent += static_cast<std::size_t>(wrote);
    }
    out_.clear();
    sent_ = std::chrono::steady_clock::now();
  }

  int fd_;
  std::unique_ptr<char[]> block_;
  std::string in_;
  std::size_t read_ = 0;
  std::size_t scanned_ = 0;
  std::mutex mutex_;  // guards the rest
  std::string out_;
  std::chrono::steady_clock::time_point sent_;
};

int refuse(Line& line, const Error& error) {
  line.write([&](std::string& out) { wire::put_error(out, 0, text::printable(describe(error)), error.code); });
  line.flush();
  return 1;
}

Result<bool> close_in(const Arguments& arguments, const std::string& id) {
  std::vector<std::string> readable = system_libraries();
  readable.push_back(std::filesystem::absolute(arguments.plugin).parent_path().string());
  readable.push_back(arguments.share + "/plugins/" + id);
  readable.push_back(arguments.share + "/seeds");
  auto closed = restrict_files(readable);
  if (!closed) return closed;
  if (auto filtered = allow_analysis_calls(); !filtered) return tl::unexpected(std::move(filtered.error()));
  return closed;
}

void answer(Line& line, Analyzer& analyzer, std::uint64_t seq, const Input& input, std::vector<Annotation> earlier) {
  const std::size_t known = earlier.size();
  Task task{&input, &earlier, {}};
  analyzer.analyze({&task, 1});
  earlier.erase(earlier.begin(), earlier.begin() + static_cast<std::ptrdiff_t>(task.done ? known : earlier.size()));
  line.write([&](std::string& out) {
    if (task.done) {
      wire::put_result(out, seq, earlier, wire::Numbers::kExact);
      return;
    }
    // The daemon says "failed on this article" itself.
    std::string_view why = task.done.error().message;
    constexpr std::string_view kPrefix = "failed on this article: ";
    if (why.starts_with(kPrefix)) why.remove_prefix(kPrefix.size());
    wire::put_error(out, seq, text::printable(why), task.done.error().code);
  });
}

void serve(Line& line, Analyzer& analyzer, std::size_t cpu_seconds) {
  using Clock = std::chrono::steady_clock;
  auto last_limit = Clock::now();
  set_cpu_limit(cpu_seconds);
  std::string text;
  while (line.read(text)) {
    auto request = wire::read_request(text);
    if (!request) {
      refuse(line, request.error());
      return;
    }
    // The limit is for a call; moving it on once a second is exact enough and costs nothing.
    if (const auto now = Clock::now(); now - last_limit > std::chrono::seconds(1)) {
      set_cpu_limit(cpu_seconds);
      last_limit = now;
    }
    if (request->type == wire::Request::Type::kPing) {
      line.write([&](std::string& out) { wire::put_pong(out, request->seq); });
    } else if (request->type == wire::Request::Type::kArticle) {
      answer(line, analyzer, request->seq, request->input, std::move(request->earlier));
    }
  }
}

int run_plugin(const Arguments& arguments) {
  listen_for_stop();
  // The plugin's own prints must not reach the protocol.
  Line line(dup(STDIN_FILENO));
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(null, STDIN_FILENO);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  std::string text;
  if (!line.read(text)) return 0;
  const auto hello = wire::read_request(text);
  if (!hello) return refuse(line, hello.error());
  const auto closed = close_in(arguments, hello->id);
  if (!closed) return refuse(line, closed.error());
  config::Plugin settings;
  settings.id = hello->id;
  settings.path = arguments.plugin;
  settings.config_json = hello->config_json;
  const auto library = open_library(settings, {});
  if (!library) return refuse(line, library.error());
  DataFiles files(arguments.share);
  const LogSink log = [&line](LogLevel level, std::string_view, std::string_view message) {
    line.write_soon([&](std::string& out) { wire::put_log(out, level, text::printable(message)); });
  };
  const MetricSink metric = [&line](std::string_view name, double value) {
    line.write_soon([&](std::string& out) { wire::put_metric(out, name, value); });
  };
  const auto analyzer = make_in_process(*library, {files, stop_asked, log, metric});
  if (!analyzer) return refuse(line, analyzer.error());
  if (!*closed) {
    if (auto done = forbid_opening(); !done) return refuse(line, done.error());
  }
  line.write([&](std::string& out) { wire::put_descriptor(out, {library->info, library->optional_needs}); });
  serve(line, **analyzer, arguments.cpu_seconds);
  line.flush();
  return 0;
}

// The installation that a program outside /usr is part of (a virtual environment, a Python of one's own): PREFIX of
// PREFIX/bin/program when there is a PREFIX/lib, of the path as found and of where its links lead.
std::vector<std::string> installations_of(const std::string& program) {
  namespace fs = std::filesystem;
  std::string found = program;
  std::istringstream folders(std::getenv("PATH") == nullptr ? "" : std::getenv("PATH"));
  for (std::string folder; program.find('/') == std::string::npos && std::getline(folders, folder, ':');) {
    found = folder + "/" + program;
    if (access(found.c_str(), X_OK) == 0) break;
  }
  std::vector<std::string> prefixes;
  std::error_code error;
  for (const fs::path& path : {fs::absolute(found, error), fs::weakly_canonical(found, error)}) {
    const fs::path prefix = path.parent_path().parent_path();
    if (prefix.has_relative_path() && fs::is_directory(prefix / "lib", error)) prefixes.push_back(prefix.string());
  }
  return prefixes;
}

// The program's folder, and that of its script when it is an interpreter: the first two arguments that are files.
std::vector<std::string> own_folders(const std::vector<std::string>& command) {
  std::vector<std::string> folders;
  for (std::size_t i = 0; i < command.size(); ++i) {
    std::error_code error;
    const auto path = std::filesystem::absolute(command[i], error);
    if (error || !std::filesystem::is_regular_file(path, error)) continue;
    folders.push_back(i < 2 ? path.parent_path().string() : path.string());
  }
  return folders;
}

int run_command(const Arguments& arguments) {
  const auto python_module = arguments.share + "/sdk/python";
  setenv("PYTHONPATH", python_module.c_str(), 1);
  setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
  if (arguments.sandbox) {
    std::vector<std::string> readable = system_libraries();
    for (const char* path : {"/usr", "/bin", "/sbin", "/etc/alternatives", "/etc/ssl/openssl.cnf"})
      readable.emplace_back(path);
    readable.push_back(arguments.share);
    for (std::string& folder : own_folders(arguments.command)) readable.push_back(std::move(folder));
    for (std::string& prefix : installations_of(arguments.command.front())) readable.push_back(std::move(prefix));
    const auto closed = restrict_files(readable);
    if (closed && !*closed) std::cerr << "this kernel has no Landlock: the plugin can read files of this user\n";
    auto filtered = closed ? forbid_escapes() : Result<void>(tl::unexpected(closed.error()));
    if (!filtered) {
      std::cerr << describe(filtered.error()) << "\n";
      return 1;
    }
  }
  std::vector<char*> argv;
  for (const std::string& argument : arguments.command) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execvp(argv.front(), argv.data());
  std::cerr << "cannot run " << arguments.command.front() << ": " << std::strerror(errno) << "\n";
  return 127;
}

int run(const Arguments& arguments) {
  if (arguments.plugin.empty() == arguments.command.empty()) {
    std::cerr << "dprkwatch-plugin-host runs plugins for dprkwatch, which starts it; see docs/plugin-guide.md\n";
    return 2;
  }
  if (auto limited = set_limits(arguments.parent, arguments.memory); !limited) {
    std::cerr << describe(limited.error()) << "\n";
    return 1;
  }
  if (!arguments.plugin.empty()) return run_plugin(arguments);
  keep(arguments.parent, [&] { return run_command(arguments); });
}

}  // namespace
}  // namespace dprkwatch::plugin

int main(int argc, char** argv) {
  try {
    return dprkwatch::plugin::run(dprkwatch::plugin::read_arguments(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << "dprkwatch-plugin-host: " << error.what() << "\n";
    return 1;
  }
}
