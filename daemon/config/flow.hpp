#pragma once
// Where the items of a YAML list in [brackets] stand: yaml-cpp marks where a value begins, not where it ends. Private
// to config.

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace dprkwatch::config {

struct FlowItem {
  std::size_t begin = 0;
  std::size_t end = 0;     // one past its last byte
  bool has_comma = false;  // one follows
  std::size_t comma = 0;
};

struct FlowList {
  std::size_t open = 0;  // of '['
  std::vector<FlowItem> items;
  std::size_t close = 0;  // of ']'
};

// `open`: offset of the '['. Nothing when its ']' is not found. O(n).
[[nodiscard]] std::optional<FlowList> scan_flow_list(std::string_view text, std::size_t open);

}  // namespace dprkwatch::config
