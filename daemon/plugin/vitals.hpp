#pragma once
// What is counted of one plugin while it runs, over all chains of a host. Private to plugin. [any thread]

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "plugin/health.hpp"

namespace dprkwatch::plugin {

class Vitals {
 public:
  void count_calls(std::size_t calls, std::chrono::nanoseconds busy) noexcept;
  void count_failure(std::string_view why);
  void count_death(std::string_view why);
  // A gauge of the plugin's own. Names other than [a-z_][a-z0-9_]* of at most 64 bytes, values that are not finite, and
  // gauges after the 64th are passed over.
  void set_gauge(std::string_view name, double value);

  // Fills the counters and gauges.
  void read(Health& health) const;

 private:
  std::atomic<std::uint64_t> calls_{0};
  std::atomic<std::uint64_t> failures_{0};
  std::atomic<std::uint64_t> deaths_{0};
  std::atomic<std::int64_t> busy_ns_{0};
  mutable std::mutex mutex_;  // guards the rest
  std::string last_failure_;
  std::map<std::string, double, std::less<>> gauges_;
};

}  // namespace dprkwatch::plugin
