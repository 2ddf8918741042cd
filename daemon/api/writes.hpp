#pragma once
// Who may change something through the interface. A page of another site that a person looks at can make the browser
// send requests to loopback too, so being on this machine is not enough. Private to api.

#include <optional>

#include "http/server.hpp"

namespace dprkwatch::api {

// The answer that refuses a request that writes; nothing for one that may. Where a token is asked for, it must be
// shown; else the peer must be on loopback, and Host must be too (a name that somebody else made to mean 127.0.0.1 is
// refused). In any case Content-Type must be application/json, which no form can
// send (but of DELETE, which has no body), and Origin and Sec-Fetch-Site,
// which browsers set, must not tell of another site.
[[nodiscard]] std::optional<http::ServerResponse> refuse_write(const http::ServerRequest& request, bool needs_token,
                                                               bool shows_token);

}  // namespace dprkwatch::api
