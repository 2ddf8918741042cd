#include "process/spawn.hpp"

#include <signal.h>
#include <unistd.h>

#include <string_view>

namespace dprkwatch::process {

SpawnPlan::SpawnPlan(int input, int output, int errors) {
  posix_spawn_file_actions_init(&actions_);
  posix_spawnattr_init(&attributes_);
  posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes_, &none);
  posix_spawnattr_setsigdefault(&attributes_, &all);
  posix_spawnattr_setpgroup(&attributes_, 0);
  posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

SpawnPlan::~SpawnPlan() {
  posix_spawn_file_actions_destroy(&actions_);
  posix_spawnattr_destroy(&attributes_);
}

int SpawnPlan::run(const std::vector<std::string>& argv, std::vector<std::string> more, pid_t& process) {
  std::vector<char*> arguments;
  arguments.reserve(argv.size() + 1);
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view name = std::string_view(*entry).substr(0, std::string_view(*entry).find('='));
    if (name == "PATH" || name == "LANG" || name == "TZ" || name.starts_with("LC_")) environment.push_back(*entry);
  }
  for (std::string& entry : more) environment.push_back(entry.data());
  environment.push_back(nullptr);
  return posix_spawnp(&process, argv.front().c_str(), &actions_, &attributes_, arguments.data(), environment.data());
}

}  // namespace dprkwatch::process
