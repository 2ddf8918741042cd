#pragma once
// The daemon's numbers in Prometheus' text format. Private to api.

#include <string>

#include "api/api.hpp"

namespace dprkwatch::api {

[[nodiscard]] std::string metrics(const Activity& activity, const store::Counts& counts, const std::string& version);

}  // namespace dprkwatch::api
