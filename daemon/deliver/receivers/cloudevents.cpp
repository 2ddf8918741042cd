// CloudEvents 1.0 in structured mode (CloudEvents HTTP binding §3.2). id and source name the event: a repeat has the
// same two.
#include <boost/json.hpp>

#include "deliver/receivers/receivers.hpp"

namespace dprkwatch::deliver {

Result<http::Request> cloudevents_request(const config::Receiver& receiver, std::string_view id,
                                          std::string_view body) {
  namespace json = boost::json;
  boost::system::error_code error;
  json::value parsed = json::parse(json::string_view(body.data(), body.size()), error);
  json::object* object = error ? nullptr : parsed.if_object();
  if (object == nullptr || !object->contains("data") || !object->contains("type") || !object->contains("timestamp") ||
      !object->at("type").is_string()) {
    return fail(ErrorCode::kInvalidInput, "the delivery's body is no JSON object with `type`, `timestamp` and `data`");
  }
  json::object event;
  event["specversion"] = "1.0";
  event["id"] = json::string_view(id.data(), id.size());
  event["source"] = "/dprkwatch";
  event["type"] = "dprkwatch." + std::string(object->at("type").as_string());
  event["time"] = object->at("timestamp");
  event["datacontenttype"] = "application/json";
  event["data"] = std::move(object->at("data"));
  http::Request request;
  request.url = receiver.url;
  request.headers.emplace_back("Content-Type", "application/cloudevents+json; charset=utf-8");
  request.body = json::serialize(event);
  return request;
}

}  // namespace dprkwatch::deliver
