// Prometheus Alertmanager, POST /api/v2/alerts (api/v2/openapi.yaml: postableAlerts). Labels name the alert, so that
// Alertmanager takes its messages for one; what changes is in annotations. Another severity is another alert to it.
#include <boost/json.hpp>

#include "deliver/receivers/receivers.hpp"

namespace dprkwatch::deliver {

http::Request alertmanager_request(const config::Receiver& receiver, const Message& message) {
  namespace json = boost::json;
  json::object labels{{"alertname", message.rule},
                      {"alert_id", message.alert_id},
                      {"job", "dprkwatch"},
                      {"severity", message.severity}};
  if (!message.dyad.empty()) labels["dyad"] = message.dyad;
  json::object annotations{{"summary", one_line(message.summary)},
                           {"title", one_line(message.title)},
                           {"quote", one_line(message.quote)},
                           {"speaker", one_line(message.speaker)},
                           {"feed", one_line(message.feed)}};
  json::object alert{{"labels", std::move(labels)}, {"annotations", std::move(annotations)}};
  // A resolution carries its own time as the end, any other message as the start.
  alert[message.type == "alert.resolved" ? "endsAt" : "startsAt"] = message.timestamp;
  if (const std::string link = safe_link(message.url); !link.empty()) alert["generatorURL"] = link;
  http::Request request;
  request.url = receiver.url;
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = json::serialize(json::array{std::move(alert)});
  return request;
}

}  // namespace dprkwatch::deliver
