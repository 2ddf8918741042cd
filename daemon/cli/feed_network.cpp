#include <CLI/CLI.hpp>

#include "cli/feed_verbs.hpp"
#include "http/address_guard.hpp"

namespace dprkwatch::cli {

void add_network_options(CLI::App& verb, NetworkOptions& options) {
  verb.add_option("--config", options.config_file, "Configuration whose network.allow and fetch are used")
      ->type_name("FILE");
  verb.add_option("--allow", options.allow,
                  "Private or loopback address that may be called, as in network.allow; may be repeated")
      ->type_name("ADDR")
      ->allow_extra_args(false);
}

tl::expected<config::Config, std::vector<Error>> config_of(const NetworkOptions& options) {
  config::Config config;
  if (!options.config_file.empty()) {
    auto loaded = config::load_file(options.config_file, environment_variable);
    if (!loaded) return loaded;
    config = std::move(*loaded);
  }
  for (const std::string& address : options.allow) {
    if (auto network = http::parse_network(address); !network) {
      network.error().where = "--allow";
      return tl::unexpected(std::vector<Error>{std::move(network.error())});
    }
    config.network.allow.push_back(address);
  }
  return config;
}

}  // namespace dprkwatch::cli
