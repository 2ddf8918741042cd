#include "deliver/form.hpp"

#include <utility>

#include "deliver/receivers/receivers.hpp"
#include "signature/signature.hpp"

namespace dprkwatch::deliver {
namespace {

http::Request webhook_request(const config::Receiver& receiver, const store::Delivery& delivery,
                              const std::vector<std::string>& keys, std::int64_t timestamp) {
  http::Request request;
  request.url = receiver.url;
  request.headers.emplace_back("Content-Type", "application/json");
  request.headers.emplace_back("webhook-id", delivery.webhook_id);
  request.headers.emplace_back("webhook-timestamp", std::to_string(timestamp));
  request.headers.emplace_back("webhook-signature",
                               signature::sign_with_each(keys, delivery.webhook_id, timestamp, delivery.body));
  request.body = delivery.body;
  return request;
}

Result<http::Request> service_request(const config::Receiver& receiver, const Message& message) {
  using enum config::ReceiverType;
  switch (receiver.type) {
    case kSlack:
      return slack_request(receiver, message);
    case kDiscord:
      return discord_request(receiver, message);
    case kTeams:
      return teams_request(receiver, message);
    case kMattermost:
      return mattermost_request(receiver, message);
    case kNtfy:
      return ntfy_request(receiver, message);
    case kTelegram:
      return telegram_request(receiver, message);
    case kPagerDuty:
      return pagerduty_request(receiver, message);
    case kAlertmanager:
      return alertmanager_request(receiver, message);
    case kWebhook:
    case kCloudEvents:
    case kLog:
    case kEmail:
    case kExec:
      break;
  }
  return fail(ErrorCode::kInternal, "this type of receiver takes no request made from a message", receiver.name);
}

Result<http::Request> request_of(const config::Receiver& receiver, const store::Delivery& delivery,
                                 const std::vector<std::string>& keys, std::int64_t timestamp) {
  if (receiver.type == config::ReceiverType::kWebhook) return webhook_request(receiver, delivery, keys, timestamp);
  if (receiver.type == config::ReceiverType::kCloudEvents) {
    return cloudevents_request(receiver, delivery.webhook_id, delivery.body);
  }
  const auto message = read_message(delivery.body);
  if (!message) return tl::unexpected(message.error());
  if (receiver.type == config::ReceiverType::kSlack && receiver.url.empty()) {
    return slack_bot_request(receiver, *message, delivery.thread);
  }
  return service_request(receiver, *message);
}

}  // namespace

Result<http::Request> form(const config::Receiver& receiver, const store::Delivery& delivery,
                           const std::vector<std::string>& keys, std::int64_t timestamp) {
  auto request = request_of(receiver, delivery, keys, timestamp);
  if (!request) return request;
  request->method = "POST";
  request->timeout = std::chrono::duration_cast<std::chrono::milliseconds>(receiver.timeout);
  return request;
}

}  // namespace dprkwatch::deliver
