#pragma once
// The verbs under `dprkwatch feed`, one function each, and what they share. Private to cli.

#include <string>
#include <vector>

#include "cli/verbs.hpp"
#include "config/config.hpp"
#include "result/result.hpp"

namespace dprkwatch::cli {

void add_feed_discover(CLI::App& feed, Action& action);
void add_feed_test(CLI::App& feed, Action& action);
void add_feed_list(CLI::App& feed, Action& action);
void add_feed_refresh(CLI::App& feed, Action& action);
void add_feed_add(CLI::App& feed, Action& action);
void add_feed_remove(CLI::App& feed, Action& action);

// Which addresses a verb may call, and with which limits.
struct NetworkOptions {
  std::string config_file;
  std::vector<std::string> allow;
};
void add_network_options(CLI::App& verb, NetworkOptions& options);

// The configuration of --config (else the defaults), with what --allow adds to network.allow.
[[nodiscard]] tl::expected<config::Config, std::vector<Error>> config_of(const NetworkOptions& options);

}  // namespace dprkwatch::cli
