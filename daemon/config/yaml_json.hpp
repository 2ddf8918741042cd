#pragma once
// Small conversions of the reader. Private to config.

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>

namespace dprkwatch::config {

// A YAML map as JSON text: plain scalars that read as numbers, booleans or null become those, quoted ones stay strings.
[[nodiscard]] std::string yaml_to_json(const YAML::Node& node);

// A file of at most 64 KiB, such as a secret's.
[[nodiscard]] std::optional<std::string> read_small_file(const std::string& path);

}  // namespace dprkwatch::config
