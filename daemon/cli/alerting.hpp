#pragma once
// What the verbs on alerts, deliveries, receivers and silences share. They work on the store of the configuration, with
// the daemon running or not: reads on a connection of their own, each write one short transaction beside the daemon's
// (store::Store::open_beside). Private to cli.

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <string>

#include "config/config.hpp"
#include "store/reader.hpp"
#include "store/store.hpp"

namespace CLI {
class App;
}

namespace dprkwatch::cli {

// Adds --config and, with `json`, --json to a verb.
struct Common {
  std::string config;
  bool json = false;
};
void add_common(CLI::App& verb, Common& common, bool with_json = true);

// Loads the configuration and calls `work`; prints mistakes. The exit status.
[[nodiscard]] int with_config(const Common& common, const std::function<int(const config::Config&)>& work);
// The same with the store open for reading, or for one job.
[[nodiscard]] int with_reader(const Common& common,
                              const std::function<int(const config::Config&, store::Reader&)>& work);
[[nodiscard]] int with_store(const Common& common,
                             const std::function<int(const config::Config&, store::Store&)>& work);

// Prints the error; the exit status.
[[nodiscard]] int failed(const Error& error);

// One JSON document on a line, or the text for people: a string without control characters.
void print(const Common& common, const boost::json::value& json, const std::string& text);

// Who the user is, for author and acknowledgement: the login name.
[[nodiscard]] std::string user_name();

}  // namespace dprkwatch::cli
