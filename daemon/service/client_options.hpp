#pragma once
// How the HTTP client is set up: the daemon and the verbs that fetch as it does share this. Private to service.

#include <string>

#include "config/config.hpp"
#include "http/client.hpp"

namespace dprkwatch::service {

[[nodiscard]] http::ClientOptions client_options(const config::Config& config, const std::string& version,
                                                 http::AddressGuard guard);

}  // namespace dprkwatch::service
