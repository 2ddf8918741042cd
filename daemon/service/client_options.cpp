#include "service/client_options.hpp"

#include <utility>

namespace dprkwatch::service {

http::ClientOptions client_options(const config::Config& config, const std::string& version, http::AddressGuard guard) {
  http::ClientOptions options;
  options.guard = std::move(guard);
  options.user_agent =
      config.fetch.user_agent.empty() ? "dprkwatch/" + version + " (feed monitor)" : config.fetch.user_agent;
  options.max_per_host = config.fetch.max_per_host;
  options.max_total = config.fetch.max_in_flight + 32L;
  return options;
}

}  // namespace dprkwatch::service
