#include "plugin/keeper.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>

namespace dprkwatch::plugin {
namespace {

constexpr int kRounds = 100;  // each ends a generation of processes
constexpr int kNoProgram = 127;

// Ends all descendants. Those whose parent ends become children of this process, and fall in the next round.
void end_descendants() {
  const std::string list = "/proc/self/task/" + std::to_string(getpid()) + "/children";
  for (int round = 0; round < kRounds; ++round) {
    std::ifstream children(list);
    int found = 0;
    for (pid_t child = 0; children >> child; ++found) ::kill(child, SIGKILL);
    if (found == 0) return;
    for (; found > 0; --found) {
      if (waitpid(-1, nullptr, 0) < 0 && errno != EINTR) return;
    }
  }
}

[[noreturn]] void end_as(int status) {
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    signal(number, SIG_DFL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    sigprocmask(SIG_UNBLOCK, &only, nullptr);
    ::kill(getpid(), number);
  }
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : kNoProgram);
}

// What the child is told by its input and output shall not hang on the keeper.
void let_go_of_streams() {
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(null, stream);
  close(null);
}

}  // namespace

void keep(int parent, const std::function<int()>& begin) {
  sigset_t watched;
  sigset_t before;
  sigemptyset(&watched);
  sigaddset(&watched, SIGCHLD);
  sigaddset(&watched, SIGTERM);
  sigprocmask(SIG_BLOCK, &watched, &before);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const pid_t keeper = getpid();
  if (getppid() != parent) _exit(1);
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper) _exit(1);
    sigprocmask(SIG_SETMASK, &before, nullptr);
    _exit(begin());
  }
  if (child < 0) _exit(1);
  let_go_of_streams();
  for (;;) {
    const int number = sigwaitinfo(&watched, nullptr);
    if (number == SIGTERM) {
      end_descendants();
      ::kill(0, SIGKILL);  // the group, and with it this process
    }
    int status = 0;
    for (pid_t ended = waitpid(-1, &status, WNOHANG); ended > 0; ended = waitpid(-1, &status, WNOHANG)) {
      if (ended != child) continue;
      end_descendants();
      end_as(status);
    }
  }
}

}  // namespace dprkwatch::plugin
