#pragma once
// One function a service: an alert as the request that the service documents, without method, time-outs and signature.
// Pure: the same alert and settings give the same bytes. The source of each form and of its limits stands in its file.

#include <string>
#include <string_view>

#include "config/config.hpp"
#include "deliver/message.hpp"
#include "http/client.hpp"

namespace dprkwatch::deliver {

[[nodiscard]] http::Request slack_request(const config::Receiver& receiver, const Message& message);
[[nodiscard]] http::Request discord_request(const config::Receiver& receiver, const Message& message);
[[nodiscard]] http::Request teams_request(const config::Receiver& receiver, const Message& message);
[[nodiscard]] http::Request mattermost_request(const config::Receiver& receiver, const Message& message);
[[nodiscard]] http::Request ntfy_request(const config::Receiver& receiver, const Message& message);
[[nodiscard]] http::Request telegram_request(const config::Receiver& receiver, const Message& message);
[[nodiscard]] http::Request pagerduty_request(const config::Receiver& receiver, const Message& message);
[[nodiscard]] http::Request alertmanager_request(const config::Receiver& receiver, const Message& message);
// The canonical body's `data` travels whole, as the event's. `id`: the delivery's webhook-id.
[[nodiscard]] Result<http::Request> cloudevents_request(const config::Receiver& receiver, std::string_view id,
                                                        std::string_view body);

}  // namespace dprkwatch::deliver
