#include "api/metrics.hpp"

#include <prometheus/text_serializer.h>

#include <iterator>
#include <utility>

namespace dprkwatch::api {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family(const char* name, const char* help, MetricType type) {
  return {name, help, type, {}};
}

MetricFamily counter(const char* name, const char* help, std::uint64_t value) {
  MetricFamily made = family(name, help, MetricType::Counter);
  ClientMetric metric;
  metric.counter.value = static_cast<double>(value);
  made.metric.push_back(metric);
  return made;
}

MetricFamily gauge(const char* name, const char* help, std::int64_t value) {
  MetricFamily made = family(name, help, MetricType::Gauge);
  ClientMetric metric;
  metric.gauge.value = static_cast<double>(value);
  made.metric.push_back(metric);
  return made;
}

}  // namespace

std::string metrics(const Activity& activity, const store::Counts& counts, const std::string& version,
                    std::vector<prometheus::MetricFamily> more) {
  MetricFamily build = gauge("dprkwatch_build_info", "The running version; always 1.", 1);
  build.metric.front().label.push_back({"version", version});
  std::vector<MetricFamily> all{
      std::move(build),
      counter("dprkwatch_polls_total", "Polls of feeds since the start.", activity.polls),
      counter("dprkwatch_poll_failures_total", "Polls that gave no feed, since the start.", activity.failed_polls),
      counter("dprkwatch_articles_analysed_total", "Articles analysed since the start.", activity.analysed),
      counter("dprkwatch_alerts_total", "Alerts raised since the start.", activity.alerts),
      counter("dprkwatch_websub_pushes_total", "Authentic pushes since the start.", activity.pushes),
      counter("dprkwatch_websub_refused_total", "Pushes that were ignored as not authentic, since the start.",
              activity.refused_pushes),
      gauge("dprkwatch_websub_subscriptions", "Subscriptions to hubs whose lease runs.",
            static_cast<std::int64_t>(activity.live_subscriptions)),
      gauge("dprkwatch_feeds", "Feeds known to the store.", counts.feeds),
      gauge("dprkwatch_articles", "Articles in the store.", counts.articles),
      gauge("dprkwatch_articles_waiting", "Articles that wait for analysis.", counts.pending),
      gauge("dprkwatch_articles_quarantined", "Articles that an analyzer failed on.", counts.quarantined),
      gauge("dprkwatch_alerts_stored", "Alerts in the store.", counts.alerts),
      gauge("dprkwatch_deliveries_owed", "Deliveries that are still to be made.", counts.owed),
      gauge("dprkwatch_dead_letters", "Deliveries that were given up on.", counts.dead_letters),
  };
  std::move(more.begin(), more.end(), std::back_inserter(all));
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace dprkwatch::api
