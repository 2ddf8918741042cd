#pragma once
// The daemon's numbers in Prometheus' text format. Private to api.

#include <string>

#include "api/api.hpp"
#include "api/plugin_health.hpp"

namespace dprkwatch::api {

[[nodiscard]] std::string metrics(const Activity& activity, const store::Counts& counts, const std::string& version,
                                  std::vector<prometheus::MetricFamily> more);

}  // namespace dprkwatch::api
