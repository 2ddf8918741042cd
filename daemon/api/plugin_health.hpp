#pragma once
// How the plugins are doing, for the API and for /metrics. Private to api.

#include <prometheus/metric_family.h>

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "plugin/health.hpp"

namespace dprkwatch::api {

// Articles in quarantine, by the id of the plugin that failed on them.
using QuarantineCounts = std::vector<std::pair<std::string, std::int64_t>>;

[[nodiscard]] boost::json::object view(const plugin::Health& health, const QuarantineCounts& quarantined);

[[nodiscard]] std::vector<prometheus::MetricFamily> families(const std::vector<plugin::Health>& plugins,
                                                             const QuarantineCounts& quarantined);

}  // namespace dprkwatch::api
