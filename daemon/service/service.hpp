#pragma once
// The whole daemon: builds the steps, connects them, starts, reloads, drains and stops them. Read service.cpp from top
// to bottom and you have read the program.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "log/log.hpp"
#include "plugin/plugin.hpp"
#include "result/result.hpp"

namespace dprkwatch::service {

// What the daemon stands on; all outlive it.
struct Environment {
  const Clock& clock;
  log::Logger& log;
  plugin::Paths paths;
  std::string version;
};

// What a run came to, for `--once` and tests.
struct Totals {
  std::uint64_t polls = 0;
  std::uint64_t failed_polls = 0;
  std::uint64_t analysed = 0;
  std::uint64_t alerts = 0;
  std::optional<Error> unfinished;  // a required plugin stayed down: why
};

class Service {
 public:
  Service(config::Config config, Environment environment);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service();

  // Opens the store, loads the plugins, listens. All mistakes at once; after a failure the service can only be
  // destroyed.
  [[nodiscard]] tl::expected<void, std::vector<Error>> start();

  // Where the API listens, "127.0.0.1:8380"; empty without one. After start.
  [[nodiscard]] std::string address() const;

  // Runs until stop. Handles SIGTERM and SIGINT (stop) and SIGHUP (reload from the configuration's file) itself when
  // `signals` is set.
  void run(bool signals);

  // Polls every feed once, analyses and delivers, then returns.
  void run_once();

  // [any thread] Takes over a new configuration between two steps. A bad one is refused with its mistakes in the log,
  // and the old one stays. store.url and api.listen need a restart, and say so.
  void reload(config::Config config);

  // [any thread] Stops polling, finishes what is in hand, and lets run return within 5 seconds.
  void stop();

  // After run or run_once.
  [[nodiscard]] Totals totals() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dprkwatch::service
