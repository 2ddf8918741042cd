#pragma once
// How a plugin is doing, as plain data: what the API, /metrics and the log show.

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "plugin/plugin.hpp"

namespace dprkwatch::plugin {

enum class State {
  kUp,          // answers, or has not been asked yet
  kRestarting,  // died since its last answer, and is started again
  kDown         // the breaker is open: articles wait, or go on without it, until a trial goes well
};
[[nodiscard]] const char* name_of(State state) noexcept;  // "up", "restarting", "down"

struct Health {
  PluginInfo info;
  config::PluginMode mode = config::PluginMode::kInProcess;
  bool required = true;
  State state = State::kUp;
  bool trial_due = false;                              // it is down, and the next article tries it
  std::uint64_t calls = 0;                             // articles it was asked about since it was loaded
  std::uint64_t failures = 0;                          // of them, those that it gave no findings for
  std::uint64_t deaths = 0;                            // of its processes; each is followed by a restart
  std::chrono::nanoseconds busy{};                     // time spent in calls, over all workers
  std::string last_failure;                            // why it died or failed last; empty when it never did
  std::vector<std::pair<std::string, double>> gauges;  // what it reports by `metric`, by rising name
};

}  // namespace dprkwatch::plugin
