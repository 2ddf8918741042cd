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
// With a bot's token: chat.postMessage; an update answers in the thread `thread` (the first message's ts), when known.
[[nodiscard]] http::Request slack_bot_request(const config::Receiver& receiver, const Message& message,
                                              const std::string& thread);
// The `ts` of the message in an answer of chat.postMessage, of which the begin is enough; empty when there is none.
[[nodiscard]] std::string slack_thread(std::string_view answer);
// The API says in the body what went wrong: 200 ok, 503 when it may heal, else 422.
[[nodiscard]] int slack_status(const http::Response& response);
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
