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
  std::vector<std::string> environment;                          // "NAME=value", beside what every command gets
  std::size_t max_memory = 0;                                    // bytes of address space; 0: no limit
  bool cut_output = false;  // what is beyond max_bytes is dropped, instead of killing it
};

// How a command ended.
struct Ended {
  int status = 0;       // exit status; 128 and the signal's number when one killed it
  std::string printed;  // standard output
  std::string said;     // standard error, 64 KiB of it
};

// The commands under way. All calls on the thread of the loop that the coroutines run on.
class Commands {
 public:
  // From then on this process ignores SIGPIPE.
  Commands();
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;
  // No run may be under way: call cancel_all and run the loop until they have returned.
  ~Commands();

  // Runs the command in a process group of its own, with an environment of PATH, HOME, LANG, LC_* and TZ and what is
  // given, and kills it with its group when it takes too long or prints too much. Errors: kUnavailable (cannot start),
  // kTimeout, kTooLarge, kStopped.
  [[nodiscard]] boost::asio::awaitable<Result<Ended>> finish(Command command);

  // What the command printed, when it ended with status 0; another status is kUnavailable, with the last line of its
  // standard error.
  [[nodiscard]] boost::asio::awaitable<Result<std::string>> run(Command command);

  // Ends every run with kStopped.
  void cancel_all();

 private:
  class Run;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace dprkwatch::process
