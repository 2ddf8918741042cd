#pragma once
// The conformance kit behind `dprkwatch plugin check`: what every analyzer must stand, whatever it is for. And the
// measurements of `dprkwatch plugin bench`.

#include <functional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "plugin/plugin.hpp"
#include "result/result.hpp"

namespace dprkwatch::plugin {

struct Check {
  std::string name;  // "a text of 10 MB"
  bool passed = false;
  std::string detail;  // what went wrong and what to do, or what was measured
};

// Starts the plugin and asks what it is; `plugin.id` may be empty. Modes isolated and command: in a child that ends
// with the call.
[[nodiscard]] Result<PluginInfo> probe(const config::Plugin& plugin, const Paths& paths);

// Runs all checks, in the mode of `plugin`, and tells `report` of each as it is done. Analyzers that need what others
// find get relevance and rhetoric before them. Takes seconds. False when one failed.
[[nodiscard]] bool check_conformance(const config::Plugin& plugin, const Paths& paths,
                                     const std::function<void(const Check&)>& report);

struct Speed {
  double median_us = 0;   // one article of 3 KB at a time, alone
  double slowest_us = 0;  // 99th percentile of these
  double per_second = 0;  // many at a time, one set of instances a worker
  std::size_t workers = 0;
};

[[nodiscard]] Result<Speed> measure(const config::Plugin& plugin, const Paths& paths, std::size_t workers);

}  // namespace dprkwatch::plugin
