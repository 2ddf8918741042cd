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

// POST silences, DELETE silences/ID, POST alerts/ID/ack (who may: writes.hpp), by the daemon's own writer. 201 with the
// silence, 204, 200 with the acknowledgement, or a mistake. [loop thread]
[[nodiscard]] boost::asio::awaitable<http::ServerResponse> write_alerting(const Sources& sources,
                                                                          const http::ServerRequest& request,
                                                                          std::string name);

}  // namespace dprkwatch::api
