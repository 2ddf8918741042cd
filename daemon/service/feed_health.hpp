#pragma once
// How each feed fares, as the store has it: beside a running daemon, or without one.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "result/result.hpp"

namespace dprkwatch::service {

struct FeedHealth {
  std::string name;
  std::string url;        // of the configuration
  std::string moved_url;  // where it is polled instead, or says that it went
  std::string state;      // "new" (not polled yet), "good", "failing", "gone" (410), "moving" (good, sent elsewhere)
  std::optional<Time> last_poll;
  std::optional<Time> last_success;
  std::optional<Time> next_poll;  // as planned, without jitter; none when new or gone
  std::string why;                // watch::name_of(Why)
  Duration interval{};            // as planned
  std::int64_t failures = 0;      // in a row
  std::string error;              // of the last poll
  double entries_a_day = 0;       // mean of the last seven days
  std::optional<Time> newest_entry;
};

// The feeds of the configuration in its order. A store that is not there yet makes all of them new.
[[nodiscard]] Result<std::vector<FeedHealth>> feed_health(const config::Config& config, const Clock& clock);

}  // namespace dprkwatch::service
