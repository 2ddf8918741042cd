// PagerDuty Events API v2 (developer.pagerduty.com/docs/send-alert-event). summary at most 1,024 characters, dedup_key
// 255. The alert's id is the dedup key: an update joins its incident, a resolution ends it.
#include <boost/json.hpp>

#include "deliver/receivers/receivers.hpp"

namespace dprkwatch::deliver {

http::Request pagerduty_request(const config::Receiver& receiver, const Message& message) {
  namespace json = boost::json;
  const bool resolved = message.type == "alert.resolved";
  json::object body;
  body["routing_key"] = receiver.secret;
  body["event_action"] = resolved ? "resolve" : "trigger";
  body["dedup_key"] = message.alert_id;
  if (!resolved) {
    json::object details{{"rule", message.rule},
                         {"state", message.state},
                         {"escalation", message.escalation},
                         {"baseline", message.baseline},
                         {"title", one_line(message.title)},
                         {"quote", one_line(message.quote)},
                         {"speaker", one_line(message.speaker)}};
    json::object payload{{"summary", cut(show(message).headline + " | " + one_line(message.title), 1024)},
                         {"source", message.feed.empty() ? "dprkwatch" : one_line(message.feed)},
                         {"severity", message.severity},  // info, warning, critical are its words too
                         {"timestamp", message.timestamp},
                         {"component", message.dyad},
                         {"class", message.rule},
                         {"custom_details", std::move(details)}};
    body["payload"] = std::move(payload);
    body["client"] = "dprkwatch";
    if (const std::string link = safe_link(message.url); !link.empty()) {
      body["links"] = json::array{json::object{{"href", link}, {"text", "The article"}}};
    }
  }
  http::Request request;
  request.url = receiver.url.empty() ? "https://events.pagerduty.com/v2/enqueue" : receiver.url;
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = json::serialize(body);
  return request;
}

}  // namespace dprkwatch::deliver
