#pragma once
// The keys of the routing tree, of times, of inhibition and of the daemon's own alerts. Private to config.

#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/reader.hpp"

namespace dprkwatch::config {

[[nodiscard]] std::vector<KeyInfo> route_keys();
[[nodiscard]] std::vector<KeyInfo> times_keys();
[[nodiscard]] std::vector<KeyInfo> inhibition_keys();
[[nodiscard]] std::vector<KeyInfo> self_alerts_keys();

void read_route(Reader& reader, const YAML::Node& node, Route& route);
void read_times(Reader& reader, const YAML::Node& node, std::vector<NamedTimes>& times);
void read_inhibitions(Reader& reader, const YAML::Node& node, std::vector<Inhibition>& inhibitions);
void read_self_alerts(Reader& reader, const YAML::Node& node, SelfAlerts& self);

// Names that the tree and the daemon's own alerts use and nothing has; and rules that nobody would be told of.
void check_alerting(Reader& reader, const YAML::Node& document, const Config& config,
                    const std::vector<std::string>& receivers, const std::vector<YAML::Node>& rules);

// A label's name for people to use as a key: letters, digits and _.
[[nodiscard]] bool is_label_name(const std::string& name);
// Whether the daemon itself sets it.
[[nodiscard]] bool is_own_label(const std::string& name);

// Of a rule's message: the first {field} that there is none of; and all that there are.
[[nodiscard]] std::optional<std::string> wrong_field(const std::string& message);
[[nodiscard]] std::string known_fields();

}  // namespace dprkwatch::config
