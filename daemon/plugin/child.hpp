#pragma once
// One child process that speaks over a socket, and the thread that starts children. Private to plugin.

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "result/result.hpp"

namespace dprkwatch::plugin {

using Deadline = std::chrono::steady_clock::time_point;

// Starts children on a thread of its own: a child asks the kernel to be killed when the thread that started it ends
// (PR_SET_PDEATHSIG), so that thread must live as long as the daemon wants the child, and workers may not.
class Spawner {
 public:
  Spawner();
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;
  ~Spawner();

  // Runs `job` on that thread and waits for it. [any thread]
  void run(const std::function<void()>& job);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A process in its own group, with one socket as its standard input and output and a pipe as its standard error.
// Not thread-safe.
class Child {
 public:
  // `argv[0]` is a path. The child begins with no descriptor but 0, 1, 2 and with default signals.
  [[nodiscard]] static Result<std::unique_ptr<Child>> start(Spawner& spawner, const std::vector<std::string>& argv);

  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  // Ends its input, waits a moment, then kills the whole group and reaps it.
  ~Child();

  // What came of one turn of waiting.
  enum class Turn { kProgress, kTimeout, kClosed };

  // Writes what fits of `out` (and drops it from there), appends what it said to `in` (at most `room` bytes) and to
  // `errors`; waits for the first of these until `deadline`. kClosed: it closed its output, or is gone.
  [[nodiscard]] Turn turn(std::string& out, std::string& in, std::string& errors, std::size_t room, Deadline deadline);

  // Appends what is left on its standard error, without waiting.
  void read_errors(std::string& errors);
  // Whether it has ended. Does not wait.
  [[nodiscard]] bool has_ended() const;
  // SIGKILL to the whole group, then waits for the child. "signal 9 (Killed)", "exit status 3". Safe to repeat.
  std::string kill();
  // As kill, but lets a process that is ending by itself say how: waits up to `grace` for that.
  std::string bury(std::chrono::milliseconds grace);

  [[nodiscard]] int process() const noexcept { return process_; }

 private:
  Child(int process, int socket, int errors);
  bool read_into(int fd, std::string& to, std::size_t room);

  int process_;
  int socket_;
  int errors_;
  std::unique_ptr<char[]> block_;
  bool reaped_ = false;
  std::string end_;
};

}  // namespace dprkwatch::plugin
