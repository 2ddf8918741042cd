#include "api/plugin_health.hpp"

#include <algorithm>
#include <cmath>

namespace dprkwatch::api {
namespace {

namespace json = boost::json;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

std::int64_t count_of(const QuarantineCounts& quarantined, const std::string& plugin) {
  const auto found =
      std::find_if(quarantined.begin(), quarantined.end(), [&](const auto& entry) { return entry.first == plugin; });
  return found == quarantined.end() ? 0 : found->second;
}

// One sample; its type follows from the family.
void add(MetricFamily& family, double value, std::vector<ClientMetric::Label> labels) {
  ClientMetric metric;
  metric.label = std::move(labels);
  if (family.type == MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  family.metric.push_back(std::move(metric));
}

const char* need_of(const plugin::Health& health) {
  return health.required ? "required" : "optional";
}

}  // namespace

json::object view(const plugin::Health& health, const QuarantineCounts& quarantined) {
  json::object gauges;
  for (const auto& [name, value] : health.gauges) gauges[name] = value;
  json::object object{
      {"id", health.info.id},
      {"version", health.info.version},
      {"summary", health.info.summary},
      {"provides", json::array(health.info.provides.begin(), health.info.provides.end())},
      {"needs", json::array(health.info.needs.begin(), health.info.needs.end())},
      {"mode", config::name_of(health.mode)},
      {"need", need_of(health)},
      {"state", plugin::name_of(health.state)},
      {"calls", health.calls},
      {"failures", health.failures},
      {"restarts", health.deaths},
      {"quarantined", count_of(quarantined, health.info.id)},
      {"metrics", std::move(gauges)},
  };
  // Microseconds, to three digits: calls in process take less than one.
  object["seconds_per_call"] =
      health.calls == 0 ? json::value(nullptr)
                        : json::value(std::round(seconds(health.busy) / static_cast<double>(health.calls) * 1e9) / 1e9);
  object["last_failure"] = health.last_failure.empty() ? json::value(nullptr) : json::value(health.last_failure);
  return object;
}

std::vector<MetricFamily> families(const std::vector<plugin::Health>& plugins, const QuarantineCounts& quarantined) {
  MetricFamily info{"dprkwatch_plugin_info", "The plugins in use; always 1.", MetricType::Gauge, {}};
  MetricFamily state{"dprkwatch_plugin_state",
                     "1 for the state that the plugin is in: up, restarting, or down (the breaker is open).",
                     MetricType::Gauge,
                     {}};
  MetricFamily calls{"dprkwatch_plugin_calls_total",
                     "Articles a plugin was asked about since it was loaded.",
                     MetricType::Counter,
                     {}};
  MetricFamily failures{
      "dprkwatch_plugin_failures_total", "Articles that it gave no findings for.", MetricType::Counter, {}};
  MetricFamily restarts{
      "dprkwatch_plugin_restarts_total", "Deaths of its processes; each is started again.", MetricType::Counter, {}};
  MetricFamily busy{
      "dprkwatch_plugin_busy_seconds_total", "Time spent in calls, over all workers.", MetricType::Counter, {}};
  MetricFamily kept{"dprkwatch_plugin_quarantined", "Articles in quarantine because of it.", MetricType::Gauge, {}};
  MetricFamily own{"dprkwatch_plugin_metric", "What the plugin itself reports.", MetricType::Gauge, {}};
  for (const plugin::Health& plugin : plugins) {
    const ClientMetric::Label id{"plugin", plugin.info.id};
    add(info, 1,
        {id, {"version", plugin.info.version}, {"mode", config::name_of(plugin.mode)}, {"need", need_of(plugin)}});
    for (const auto each : {plugin::State::kUp, plugin::State::kRestarting, plugin::State::kDown}) {
      add(state, plugin.state == each ? 1 : 0, {id, {"state", plugin::name_of(each)}});
    }
    add(calls, static_cast<double>(plugin.calls), {id});
    add(failures, static_cast<double>(plugin.failures), {id});
    add(restarts, static_cast<double>(plugin.deaths), {id});
    add(busy, seconds(plugin.busy), {id});
    add(kept, static_cast<double>(count_of(quarantined, plugin.info.id)), {id});
    for (const auto& [name, value] : plugin.gauges) add(own, value, {id, {"name", name}});
  }
  return {std::move(info),     std::move(state), std::move(calls), std::move(failures),
          std::move(restarts), std::move(busy),  std::move(kept),  std::move(own)};
}

}  // namespace dprkwatch::api
