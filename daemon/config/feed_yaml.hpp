#pragma once
// A feed as YAML, as a person would write it. Private to config.

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace dprkwatch::config {

// "{ name: wire, url: "http://..." }", one line, with the keys that do not have their default.
[[nodiscard]] std::string flow_item(const Feed& feed);

// "name: wire", "url: ...": one line a key.
[[nodiscard]] std::vector<std::string> block_lines(const Feed& feed);

}  // namespace dprkwatch::config
