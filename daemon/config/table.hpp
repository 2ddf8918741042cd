#pragma once
// How a table of keys reads an object. Private to config.

#include <utility>
#include <vector>

#include "config/reader.hpp"

namespace dprkwatch::config {

// A key and how its value gets into the object that it belongs to.
template <class T>
struct Key {
  KeyInfo info;
  void (*read)(Reader& reader, const YAML::Node& node, const KeyInfo& key, T& object);
};

template <class T>
using Table = std::vector<Key<T>>;

template <class T>
std::vector<KeyInfo> infos(const Table<T>& table) {
  std::vector<KeyInfo> keys;
  for (const Key<T>& key : table) keys.push_back(key.info);
  return keys;
}

template <class T>
void read_object(Reader& reader, const YAML::Node& node, const char* owner, const Table<T>& table, T& object) {
  reader.map(node, owner, infos(table), [&](std::size_t index, const YAML::Node& value) {
    table[index].read(reader, value, table[index].info, object);
  });
}

// Keeps the default when the value was a mistake.
template <class T>
void assign(T& target, std::optional<T> value) {
  if (value) target = std::move(*value);
}

// Milliseconds, the unit of a duration's bounds.
inline constexpr double kMillisecond = 1;
inline constexpr double kSecond = 1000;
inline constexpr double kMinute = 60 * kSecond;
inline constexpr double kHour = 60 * kMinute;
inline constexpr double kDay = 24 * kHour;

// The tables that have a file of their own.
[[nodiscard]] const Table<Fetch>& fetch_table();
[[nodiscard]] const Table<Feed>& feed_table();
[[nodiscard]] const Table<Rule>& rule_table();
[[nodiscard]] const Table<Receiver>& receiver_table();

}  // namespace dprkwatch::config
