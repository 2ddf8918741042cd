#pragma once
// Time is passed in, so that tests drive it.

#include <chrono>
#include <string>

namespace dprkwatch {

// Wall-clock time in milliseconds since the Unix epoch, UTC. What the store keeps and users see.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  // [any thread]
  [[nodiscard]] virtual Time now() const = 0;
};

// The machine's clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override;
};

// RFC 3339 in UTC: "2019-12-08T03:04:05Z", with ".123" when there are milliseconds.
[[nodiscard]] std::string to_rfc3339(Time time);

}  // namespace dprkwatch
