#pragma once
// Silences, and single alerts, deliveries and receivers with their history. Private to api.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>

#include "api/api.hpp"
#include "api/request.hpp"

namespace dprkwatch::api {

// GET alerts/ID, alerts/ID/why, articles/ID/why-not, deliveries/ID, receivers, silences; nothing when the name is none
// of these. [the reader's thread]
[[nodiscard]] std::optional<Result<http::ServerResponse>> alerting_resource(const Sources& sources,
                                                                            const config::Config& config,
                                                                            const std::string& name,
                                                                            Parameters& parameters);

// Why a request that changes something is refused; nothing when it may. With a token the router has checked it. Without
// one it must come from this machine, name this server by a loopback name (no page of another name can stand between:
// DNS rebinding), come from no other origin, and its body must be declared as JSON, which no form of a strange page can
// do.
[[nodiscard]] std::optional<std::string> refused_write(const http::ServerRequest& request, bool has_token);

// POST silences, DELETE silences/ID, by the daemon's own writer. 201 with the silence, 204, or a mistake. [loop thread]
[[nodiscard]] boost::asio::awaitable<http::ServerResponse> write_silence(const Sources& sources,
                                                                         const http::ServerRequest& request,
                                                                         std::string name);

}  // namespace dprkwatch::api
