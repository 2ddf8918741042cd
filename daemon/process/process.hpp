#pragma once
// Runs a command to its end: input to its standard input, what it prints back. No shell.

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "result/result.hpp"

namespace dprkwatch::process {

struct Command {
  std::vector<std::string> arguments;        // the first is the program: a path, or a name looked up in PATH
  std::string input;                         // for its standard input
  std::size_t max_bytes = 16 * 1024 * 1024;  // of its standard output
  std::chrono::milliseconds timeout = std::chrono::seconds(30);  // in all
};

// The commands under way. All calls on the thread of the loop that the coroutines run on.
class Commands {
 public:
  Commands();
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;
  // No run may be under way: call cancel_all and run the loop until they have returned.
  ~Commands();

  // What the command printed, when it ended with status 0. It runs in a process group of its own, with an environment
  // of PATH, HOME, LANG, LC_* and TZ only, and is killed with its group when it takes too long or prints too much.
  // Errors: kUnavailable (cannot start; another status, with the last line of its standard error), kTimeout, kTooLarge,
  // kStopped.
  [[nodiscard]] boost::asio::awaitable<Result<std::string>> run(Command command);

  // Ends every run with kStopped.
  void cancel_all();

 private:
  class Run;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace dprkwatch::process
