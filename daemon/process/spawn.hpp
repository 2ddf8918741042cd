#pragma once
// How a child begins, whoever starts it.

#include <spawn.h>
#include <sys/types.h>

#include <string>
#include <vector>

namespace dprkwatch::process {

// posix_spawn's settings, freed with it: a process group of its own, default signals, and no descriptor but 0, 1 and 2.
class SpawnPlan {
 public:
  // The descriptors that become the child's standard input, output and error. They stay the caller's.
  SpawnPlan(int input, int output, int errors);
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan();

  // Starts the program: a path, or a name looked up in PATH. Of this process's environment, which may hold secrets, it
  // gets PATH, LANG, TZ and LC_*, and then `more` ("NAME=value"). Gives 0 or an errno.
  [[nodiscard]] int run(const std::vector<std::string>& argv, std::vector<std::string> more, pid_t& process);

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

}  // namespace dprkwatch::process
