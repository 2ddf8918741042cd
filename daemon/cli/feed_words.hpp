#pragma once
// How feeds' times and reasons are told to people. Private to cli.

#include <string>
#include <string_view>

#include "clock/clock.hpp"

namespace dprkwatch::cli {

// "200ms", "45s", "15m", "2h 30m", "3d 4h": the two largest units, as the configuration writes them.
[[nodiscard]] std::string say_duration(Duration duration);

// What a reason for the next poll (docs/feeds.md) means; empty for one that is not known.
[[nodiscard]] std::string_view explain_why(std::string_view why);

}  // namespace dprkwatch::cli
