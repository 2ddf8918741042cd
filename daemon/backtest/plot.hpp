#pragma once
// A pair's course as SVG. Private to backtest.

#include <string>
#include <string_view>
#include <vector>

#include "backtest/backtest.hpp"

namespace dprkwatch::backtest {

// Safe inside an element and a quoted attribute; control characters made visible.
[[nodiscard]] std::string escaped(std::string_view text);

// The week's pressure over its usual, on bands of states, with alerts of the pair's actor and events of the days shown.
[[nodiscard]] std::string plot_svg(const trend::Pair& pair, const std::vector<trend::Standing>& course,
                                   const std::vector<Alert>& alerts, const std::vector<Event>& events);

}  // namespace dprkwatch::backtest
