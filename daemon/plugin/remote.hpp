#pragma once
// A supervised analyzer in a process of its own: modes isolated and command. Private to plugin.
//
// It is started when it is made, and again after each death: at once the first time, then with growing pauses. After
// kBreakerDeaths deaths without an answer between them the breaker opens: articles fail with kUnavailable until the
// next trial, which a text of our own must pass first, so that a broken plugin is not blamed on articles. An article
// during which it died is asked again, alone; with the third death it fails with kPlugin.

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "plugin/analyzer.hpp"
#include "plugin/child.hpp"
#include "plugin/wire.hpp"

namespace dprkwatch::plugin {

inline constexpr int kMaxStrikes = 3;
inline constexpr int kBreakerDeaths = 5;

// How often each article killed each analyzer. Shared by all chains of a host, so that it counts over workers.
class Strikes {
 public:
  // Counts one, and gives the count. [any thread]
  int add(const std::string& plugin, const std::string& article);
  void forget(const std::string& plugin, const std::string& article);

 private:
  std::mutex mutex_;  // guards counts_
  std::map<std::pair<std::string, std::string>, int> counts_;
};

// What remote analyzers of a host share. Outlives them.
struct Nursery {
  Spawner spawner;
  Strikes strikes;
};

// Starts it. `library`, `nursery` outlive it. Fails when it can not start or refuses its configuration. [any thread]
[[nodiscard]] Result<std::unique_ptr<Analyzer>> make_remote(const Library& library, const Paths& paths,
                                                            Nursery& nursery, const LogSink& log);

}  // namespace dprkwatch::plugin
