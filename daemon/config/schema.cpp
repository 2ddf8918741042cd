#include <boost/json.hpp>
#include <limits>

#include "config/config.hpp"
#include "config/tables.hpp"

namespace dprkwatch::config {
namespace {

namespace json = boost::json;

json::object object_of(const std::vector<KeyInfo>& keys);

json::value type_of(const KeyInfo& key) {
  const bool low = key.min != std::numeric_limits<double>::lowest();
  const bool high = key.max != std::numeric_limits<double>::max();
  const auto text = [](const char* pattern) { return json::object{{"type", "string"}, {"pattern", pattern}}; };
  constexpr const char* kDuration = "^[0-9.]+(ms|s|m|h|d)$";
  switch (key.type) {
    case Type::kString:
      return json::object{{"type", "string"}, {"minLength", 1}};
    case Type::kUrl:
      return text("^https?://");
    case Type::kDuration:
      return text(kDuration);
    case Type::kDurations:
      return json::object{{"type", "array"}, {"items", text(kDuration)}, {"minItems", 1}};
    case Type::kSize:
      return json::object{{"type", json::array{"string", "integer"}}, {"pattern", "^[0-9.]+(KiB|MiB|GiB)?$"}};
    case Type::kInteger:
    case Type::kNumber: {
      json::object number{{"type", key.type == Type::kInteger ? "integer" : "number"}};
      if (low) number["minimum"] = key.min;
      if (high) number["maximum"] = key.max;
      return number;
    }
    case Type::kBoolean:
      return json::object{{"type", "boolean"}};
    case Type::kChoice:
      return json::object{{"enum", json::array(key.choices.begin(), key.choices.end())}};
    case Type::kStrings: {
      json::object item{{"type", "string"}};
      if (!key.choices.empty()) item = {{"enum", json::array(key.choices.begin(), key.choices.end())}};
      return json::object{{"oneOf", json::array{item, json::object{{"type", "array"}, {"items", item}}}}};
    }
    case Type::kObject:
      return object_of(key.keys());
    case Type::kObjects:
      return json::object{{"type", "array"}, {"items", object_of(key.keys())}};
    case Type::kCondition: {
      // Conditions nest: the schema says so by reference to itself.
      const json::object nested{{"$ref", "#/$defs/condition"}};
      return json::object{{"oneOf", json::array{nested, json::object{{"type", "array"}, {"items", nested}}}}};
    }
    case Type::kRoutes:
      return json::object{{"type", "array"}, {"items", json::object{{"$ref", "#/$defs/route"}}}};
    case Type::kFree:
      return json::object{{"type", "object"}};
  }
  return nullptr;
}

json::object object_of(const std::vector<KeyInfo>& keys) {
  json::object properties;
  json::array required;
  for (const KeyInfo& key : keys) {
    json::object property = type_of(key).as_object();
    property["description"] = key.help;
    if (*key.fallback != '\0') property["x-default"] = key.fallback;
    properties[key.name] = std::move(property);
    if (key.required) required.emplace_back(key.name);
  }
  json::object object{{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
  if (!required.empty()) object["required"] = std::move(required);
  return object;
}

const KeyInfo* find(const std::vector<KeyInfo>& keys, std::string_view name) {
  for (const KeyInfo& key : keys) {
    if (name == key.name) return &key;
  }
  return nullptr;
}

// Two blanks a level, so that a change shows as a line in a diff.
void print(const json::value& value, std::string& out, std::size_t depth) {
  const std::string indent(2 * (depth + 1), ' ');
  const std::string closing = "\n" + std::string(2 * depth, ' ');
  if (value.is_object() && !value.as_object().empty()) {
    out += "{";
    const char* separator = "\n";
    for (const auto& [key, inner] : value.as_object()) {
      out += separator + indent + json::serialize(json::string(key)) + ": ";
      print(inner, out, depth + 1);
      separator = ",\n";
    }
    out += closing + "}";
  } else {
    out += json::serialize(value);
  }
}

void list_keys(const std::vector<KeyInfo>& keys, const std::string& prefix, std::string& out) {
  for (const KeyInfo& key : keys) {
    const std::string name = prefix + key.name;
    const std::string fallback = key.required            ? "required"
                                 : *key.fallback == '\0' ? ""
                                                         : "`" + std::string(key.fallback) + "`";
    out += "| `" + name + "` | " + fallback + " | " + key.help;
    if (!key.choices.empty()) {
      out += " One of";
      for (const char* choice : key.choices) out += std::string(" `") + choice + "`";
      out += ".";
    }
    out += " |\n";
    if (key.keys != nullptr) list_keys(key.keys(), name + (key.type == Type::kObjects ? "[]." : "."), out);
  }
}

}  // namespace

std::string json_schema() {
  json::object schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                      {"title", "dprkwatch configuration"}};
  const auto keys = top_keys();
  for (auto& [key, value] : object_of(keys)) schema[key] = value;
  const auto rule = find(keys, "rules")->keys();
  schema["$defs"] = json::object{{"condition", object_of(find(rule, "when")->keys())},
                                 {"route", object_of(find(keys, "route")->keys())}};
  std::string out;
  print(schema, out, 0);
  return out + "\n";
}

std::string markdown_reference() {
  std::string out = "| key | default | what |\n|---|---|---|\n";
  list_keys(top_keys(), "", out);
  return out;
}

}  // namespace dprkwatch::config
