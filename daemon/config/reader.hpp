#pragma once
// Reads values out of YAML and collects every mistake with its position. Private to config.

#include <yaml-cpp/yaml.h>

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "result/result.hpp"

namespace dprkwatch::config {

// What a key may hold: drives the reader's checks, the JSON Schema and the reference.
enum class Type {
  kString,
  kUrl,       // http or https
  kDuration,  // 200ms, 30s, 5m, 2h, 1d
  kSize,      // 65536, 64KiB, 16MiB
  kInteger,
  kNumber,
  kBoolean,
  kChoice,    // one of `choices`
  kStrings,   // a string or a list of them
  kDurations,
  kObject,    // a map with the keys of `keys`
  kObjects,   // a list of such maps
  kCondition, // a condition, or a list of them (they nest)
  kRoutes,    // a list of routes (they nest)
  kFree,      // any map; the plugin's own
};

struct KeyInfo {
  const char* name;
  Type type;
  const char* fallback;  // as YAML; "" where there is none
  const char* help;      // one sentence
  bool required = false;
  double min = std::numeric_limits<double>::lowest();  // of a number; of a duration in milliseconds
  double max = std::numeric_limits<double>::max();
  std::vector<const char*> choices = {};
  std::vector<KeyInfo> (*keys)() = nullptr;  // of an object
};

class Reader {
 public:
  Reader(std::string path, const Environment& environment);

  // Records a mistake at a node's position.
  void mistake(const YAML::Node& node, std::string message);
  void mistake(const YAML::Mark& mark, std::string message);

  // Each gives nothing after recording a mistake that names what was expected.
  std::optional<std::string> string(const YAML::Node& node, const KeyInfo& key);
  std::optional<std::string> url(const YAML::Node& node, const KeyInfo& key);
  std::optional<Duration> duration(const YAML::Node& node, const KeyInfo& key);
  std::optional<std::size_t> size(const YAML::Node& node, const KeyInfo& key);
  std::optional<std::int64_t> integer(const YAML::Node& node, const KeyInfo& key);
  std::optional<double> number(const YAML::Node& node, const KeyInfo& key);
  std::optional<bool> boolean(const YAML::Node& node, const KeyInfo& key);
  std::optional<std::size_t> choice(const YAML::Node& node, const KeyInfo& key);
  std::vector<std::string> strings(const YAML::Node& node, const KeyInfo& key);
  std::vector<Duration> durations(const YAML::Node& node, const KeyInfo& key);

  // Whether the node is a map; for each of its keys that `known` has, calls `value` with the key's place in `known` and the
  // node. Unknown, repeated and missing keys are mistakes. `owner`: "a rule", for messages.
  template <class Value>
  void map(const YAML::Node& node, const char* owner, const std::vector<KeyInfo>& known, Value value) {
    if (!check_map(node, owner, known)) return;
    for (const auto& entry : node) {
      const auto index = index_of(entry.first, known);
      if (index && !entry.second.IsNull()) value(*index, entry.second);
    }
  }
  // Calls `item` for each item of a list.
  template <class Item>
  void list(const YAML::Node& node, const char* owner, Item item) {
    if (!node.IsSequence()) {
      mistake(node, std::string("expected a list of ") + owner);
      return;
    }
    for (const auto& entry : node) item(entry);
  }

  // A path of the file, made absolute from the file's folder.
  [[nodiscard]] std::string path(const std::string& relative) const;
  [[nodiscard]] std::string where(const YAML::Node& node) const { return where(node.Mark()); }
  [[nodiscard]] std::string where(const YAML::Mark& mark) const;
  [[nodiscard]] const Environment& environment() const { return environment_; }
  [[nodiscard]] std::vector<Error> take_mistakes();

 private:
  bool check_map(const YAML::Node& node, const char* owner, const std::vector<KeyInfo>& known);
  static std::optional<std::size_t> index_of(const YAML::Node& key, const std::vector<KeyInfo>& known);
  std::optional<Duration> one_duration(const YAML::Node& node, const KeyInfo& key);

  struct Mistake {
    int line;
    int column;
    Error error;
  };
  std::string path_;
  const Environment& environment_;
  std::vector<Mistake> mistakes_;
};

// The known name nearest to `given` by edit distance, when it is near enough to be what was meant; else "".
[[nodiscard]] std::string nearest(std::string_view given, const std::vector<std::string>& known);

// Parses one YAML document within bounds on depth and on nodes after aliases are unfolded. Mistakes go to the reader.
[[nodiscard]] std::optional<YAML::Node> parse_yaml(std::string_view yaml, Reader& reader);

}  // namespace dprkwatch::config
