#pragma once
// The keys of each object of the configuration. Private to config.

#include <vector>

#include "config/reader.hpp"

namespace dprkwatch::config {

// The keys at the top of the file; the others hang below by KeyInfo::keys.
[[nodiscard]] std::vector<KeyInfo> top_keys();

// What the keys say that the plain data does not hold: positions, for checks across keys, and files still to read.
struct Positions {
  std::vector<std::string> opml;                    // files to read feeds from
  std::vector<YAML::Node> opml_nodes;
  std::vector<YAML::Node> feeds;                    // in the order of Config::feeds, and so on
  std::vector<YAML::Node> plugins;
  std::vector<YAML::Node> rules;
  std::vector<YAML::Node> receivers;
};

// Reads the whole document.
void read_config(Reader& reader, const YAML::Node& document, Config& config, Positions& positions);

}  // namespace dprkwatch::config
