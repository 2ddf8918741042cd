#pragma once
// Subscription lists in OPML 2.0 (http://opml.org/spec2.opml).

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "result/result.hpp"

namespace dprkwatch::config {

// The outlines with an xmlUrl, in document order. Names are made unique by a number. Fails when it is not well-formed, has
// no such outline, or declares entities.
[[nodiscard]] Result<std::vector<Feed>> read_opml(std::string_view bytes, const std::string& path);

}  // namespace dprkwatch::config
