#pragma once
// A supervised analyzer in a process of its own: modes isolated and command. Private to plugin.
//
// It is started when it is made, and again after each death: at once the first time, then with growing pauses. An
// article during which it died is asked again, alone; with the third death it fails with kPlugin, unless the plugin
// itself is found to be broken (breaker.hpp): then articles fail with kUnavailable until a trial goes well.

#include <memory>

#include "plugin/analyzer.hpp"
#include "plugin/breaker.hpp"
#include "plugin/child.hpp"
#include "plugin/stop_flag.hpp"
#include "plugin/vitals.hpp"

namespace dprkwatch::plugin {

// What the remote analyzers of one plugin stand on; outlives them.
struct Supervision {
  const Library& library;
  const Paths& paths;
  Spawner& spawner;
  StopFlag& stop;
  Breaker& breaker;
  Vitals& vitals;
  LogSink log;
};

// Starts it. Fails when it can not start or refuses its configuration. [any thread]
[[nodiscard]] Result<std::unique_ptr<Analyzer>> make_remote(Supervision supervision);

}  // namespace dprkwatch::plugin
