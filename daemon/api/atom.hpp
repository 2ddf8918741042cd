#pragma once
// The newest alerts as an Atom feed (RFC 4287). Private to api.

#include <string>
#include <vector>

#include "store/reader.hpp"

namespace dprkwatch::api {

// `now` stands as the time of update when there are no alerts. Text from feeds is escaped, control characters are
// dropped.
[[nodiscard]] std::string atom(const std::vector<store::AlertRow>& alerts, Time now);

}  // namespace dprkwatch::api
