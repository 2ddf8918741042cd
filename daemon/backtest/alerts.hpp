#pragma once
// Alerts on states and of rules. Private to backtest.

#include <cstddef>
#include <map>
#include <vector>

#include "backtest/backtest.hpp"

namespace dprkwatch::backtest {

// A rule that held for the first time on a story.
struct Hit {
  std::size_t rule = 0;
  Finding finding;
};

// One alert for each rise (trend::Standing) of an actor's series against all its targets, with what was said
// in the week before; and one for each hit. By day, those of states first.
[[nodiscard]] std::vector<Alert> alerts_of(const std::map<trend::Pair, std::vector<trend::Standing>>& courses,
                                           const std::vector<Finding>& threats, const std::vector<Hit>& hits,
                                           const std::vector<config::Rule>& rules);

}  // namespace dprkwatch::backtest
