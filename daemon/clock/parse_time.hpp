#pragma once

#include <optional>
#include <string>

#include "clock/clock.hpp"

namespace dprkwatch {

// What people write for a time: "2019-12-08", which is its begin, or "2019-12-08T03:04:05Z", both UTC; nothing when it
// is neither, or there is no such day.
[[nodiscard]] std::optional<Time> parse_time(const std::string& text);

}  // namespace dprkwatch
