#include "config/yaml_json.hpp"

#include <boost/json.hpp>
#include <fstream>

namespace dprkwatch::config {
namespace {

namespace json = boost::json;

json::value scalar(const YAML::Node& node) {
  // "!" is the tag of a quoted scalar.
  if (node.Tag() != "!") {
    bool truth = false;
    if (YAML::convert<bool>::decode(node, truth)) return truth;
    json::error_code error;
    auto number = json::parse(node.Scalar(), error);
    if (!error && number.is_number()) return number;
  }
  return json::string(node.Scalar());
}

// Depth was bounded when the file was parsed.
json::value convert(const YAML::Node& node) {
  if (node.IsMap()) {
    json::object object;
    for (const auto& entry : node) object[entry.first.Scalar()] = convert(entry.second);
    return object;
  }
  if (node.IsSequence()) {
    json::array array;
    for (const auto& item : node) array.push_back(convert(item));
    return array;
  }
  return node.IsScalar() ? scalar(node) : json::value(nullptr);
}

}  // namespace

std::string yaml_to_json(const YAML::Node& node) { return json::serialize(convert(node)); }

std::optional<std::string> read_small_file(const std::string& path) {
  constexpr std::size_t kMaxBytes = 64 * 1024;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string bytes(kMaxBytes + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (file.bad() || file.gcount() > static_cast<std::streamsize>(kMaxBytes)) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

}  // namespace dprkwatch::config
