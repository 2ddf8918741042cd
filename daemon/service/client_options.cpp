#include "service/client_options.hpp"

#include <utility>

namespace dprkwatch::service {

std::string user_agent_of(const config::Fetch& fetch, const std::string& version) {
  if (!fetch.user_agent.empty()) return fetch.user_agent;
  return "dprkwatch/" + version + (fetch.contact.empty() ? " (feed monitor)" : " (+" + fetch.contact + ")");
}

http::ClientOptions client_options(const config::Config& config, const std::string& version, http::AddressGuard guard) {
  http::ClientOptions options;
  options.guard = std::move(guard);
  options.user_agent = user_agent_of(config.fetch, version);
  options.max_per_host = config.fetch.max_per_host;
  options.max_total = config.fetch.max_in_flight + 32L;
  return options;
}

http::ClientOptions delivery_options(const config::Config& config, const std::string& version,
                                     http::AddressGuard guard) {
  http::ClientOptions options = client_options(config, version, std::move(guard));
  options.max_per_host = 0;
  options.max_total = 0;
  return options;
}

}  // namespace dprkwatch::service
