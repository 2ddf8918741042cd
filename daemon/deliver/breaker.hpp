#pragma once
// Keeps from an endpoint that is down what is owed to it: after some failures in a row nothing is sent until a while
// has passed, then one delivery tries. A delivery that waits for that uses up none of its attempts.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "clock/clock.hpp"

namespace dprkwatch::deliver {

// One endpoint's. Pure but for its own state; time is passed in. [one thread]
class Breaker {
 public:
  // `longest`: the rest between two tries is never longer, so that a receiver's own schedule is no slower for it.
  explicit Breaker(Duration longest);

  // How many attempts may be under way at `now`, at most `slots`: all, none, or one that tries.
  [[nodiscard]] std::size_t allowed(Time now, std::size_t slots) const;
  // When the next try may start; nothing while all is well.
  [[nodiscard]] std::optional<Time> next_try() const noexcept { return until_; }

  void succeeded();
  // True when this failure closed the way that was open before.
  bool failed(Time now);

 private:
  Duration longest_;
  Duration rest_;
  int failures_ = 0;  // in a row
  std::optional<Time> until_;
};

inline constexpr int kBreakerFailures = 5;  // in a row
inline constexpr Duration kBreakerRest = std::chrono::seconds(30);
inline constexpr Duration kBreakerLongest = std::chrono::minutes(10);

// A number in [0, 1) that depends on the text and the number alone: jitter that tests and restarts can repeat.
[[nodiscard]] double spread_of(std::string_view id, std::int64_t number);

// 16 hex digits that name a text without telling it (an address may be a secret). FNV-1a.
[[nodiscard]] std::string mark_of(std::string_view text);

}  // namespace dprkwatch::deliver
