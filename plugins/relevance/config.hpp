#pragma once
// The `config:` object of the plugin.

#include <optional>
#include <string>
#include <string_view>

namespace dprkwatch::relevance {

struct Config {
  // `about_threshold`, 0.01 to 0.99: the least probability that is called about. Lower finds more and is wrong more
  // often. Default: the model's own.
  std::optional<double> about_threshold;
};

// Nothing, with the reason in `refusal`, when the JSON is no object or holds a key or value that is not known.
[[nodiscard]] std::optional<Config> parse_config(std::string_view config_json, std::string& refusal);

}  // namespace dprkwatch::relevance
