#pragma once
// How the HTTP client is set up: the daemon and the verbs that fetch as it does share this. Private to service.

#include <string>

#include "config/config.hpp"
#include "http/client.hpp"

namespace dprkwatch::service {

// What servers see: as configured, else the program, its version and the contact.
[[nodiscard]] std::string user_agent_of(const config::Fetch& fetch, const std::string& version);

[[nodiscard]] http::ClientOptions client_options(const config::Config& config, const std::string& version,
                                                 http::AddressGuard guard);

// Of the client that delivers: each receiver bounds its own attempts.
[[nodiscard]] http::ClientOptions delivery_options(const config::Config& config, const std::string& version,
                                                   http::AddressGuard guard);

}  // namespace dprkwatch::service
