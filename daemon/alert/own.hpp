#pragma once
// Alerts on the daemon's own troubles: a receiver that fails for long or is disabled, dead letters, a feed that
// stopped. They go through other receivers than the one in trouble.

#include <string>
#include <vector>

#include "alert/alert.hpp"

namespace dprkwatch::alert {

struct Trouble {
  std::string kind;      // receiver_failing, receiver_disabled, dead_letters, feed_stopped
  std::string receiver;  // or feed: which it is about
  std::string feed;
  config::Severity severity = config::Severity::kWarning;
  std::string text;        // one line for people
  std::int64_t count = 1;  // that grows when it gets worse
};

// What is wrong at `now`. Only receivers and feeds of the configuration count.
[[nodiscard]] std::vector<Trouble> troubles(const config::Config& config,
                                            const std::vector<store::ReceiverHealth>& receivers,
                                            const std::vector<store::FeedState>& feeds, Time now);

// Raises an alert for each trouble that has none, updates those that got worse, ends those whose trouble is over. Gives
// what is new; messages come with the next flush. [store thread]
[[nodiscard]] Result<std::vector<Raised>> watch_over(store::Transaction& store, const config::Config& config, Time now);

}  // namespace dprkwatch::alert
