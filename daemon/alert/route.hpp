#pragma once
// Where an alert goes and what holds it: labels, matchers, the routing tree, times, silences, inhibition. Semantics as
// Prometheus Alertmanager documents them (prometheus.io/docs/alerting/latest/configuration). Pure functions of what
// they are given.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "store/alerting.hpp"

namespace dprkwatch::alert {

// What routes, silences and inhibitions see of an alert.
using Labels = std::map<std::string, std::string>;

[[nodiscard]] std::string to_json(const Labels& labels);
[[nodiscard]] Labels labels_from_json(std::string_view text);  // empty for what is no object of strings
[[nodiscard]] std::string value_of(const Labels& labels, const std::string& name);  // "" where there is none

// A label that is absent is the empty text; expressions fit the whole value. An expression that takes too many steps on
// a value does not fit.
[[nodiscard]] bool fits(const config::Matcher& matcher, const Labels& labels);
[[nodiscard]] bool fit_all(const std::vector<config::Matcher>& matchers, const Labels& labels);

// The routes that take the alert: in each node the first child that fits, and with `continue` those after it; the node
// itself when no child does. At least one, since the root takes all.
[[nodiscard]] std::vector<const config::Route*> routes_of(const config::Route& root, const Labels& labels);
// The route of that path, or the root.
[[nodiscard]] const config::Route& route_at(const config::Route& root, std::string_view path);

// Those labels that the route groups by.
[[nodiscard]] Labels group_labels(const config::Route& route, const Labels& labels);

// Whether the time lies in the interval, by the calendar of the interval's zone.
[[nodiscard]] bool contains(const config::TimeInterval& interval, Time time);

// Why the route sends nothing at `now`: "muted by NAME", "not in NAME"; nothing when it does.
[[nodiscard]] std::optional<std::string> muted(const config::Route& route, const std::vector<config::NamedTimes>& times,
                                               Time now);

// The first silence that is in force at `now` and fits, else null. One whose matchers can not be read fits nothing.
[[nodiscard]] const store::Silence* silenced(const std::vector<store::Silence>& silences, const Labels& labels,
                                             Time now);

// An alert that fires, for inhibition.
struct Firing {
  std::string id;
  Labels labels;
};
// The id of a firing alert that holds this one back. An alert that fits both sides of a rule is not held back by one
// that does too, itself among them.
[[nodiscard]] std::optional<std::string> inhibited(const std::vector<config::Inhibition>& inhibitions,
                                                   const Labels& labels, const std::vector<Firing>& firing);

}  // namespace dprkwatch::alert
