#include "cli/alerting.hpp"

#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/verbs.hpp"
#include "text/text.hpp"

namespace dprkwatch::cli {

void add_common(CLI::App& verb, Common& common, bool with_json) {
  verb.add_option("--config", common.config, "Configuration file (YAML)")->required()->type_name("FILE");
  if (with_json) verb.add_flag("--json", common.json, "JSON");
}

int with_config(const Common& common, const std::function<int(const config::Config&)>& work) {
  const auto config = config::load_file(common.config, environment_variable);
  if (config) return work(*config);
  print_errors(config.error());
  return kUsage;
}

int with_reader(const Common& common, const std::function<int(const config::Config&, store::Reader&)>& work) {
  return with_config(common, [&](const config::Config& config) {
    // Migrates where no daemon runs, and refuses another version's store.
    auto store = store::Store::open_beside(config.store.url);
    if (!store) return failed(store.error());
    auto reader = store::Reader::open(config.store.url);
    return reader ? work(config, **reader) : failed(reader.error());
  });
}

int with_store(const Common& common, const std::function<int(const config::Config&, store::Store&)>& work) {
  return with_config(common, [&](const config::Config& config) {
    auto store = store::Store::open_beside(config.store.url);
    return store ? work(config, **store) : failed(store.error());
  });
}

int failed(const Error& error) {
  print_errors({error});
  return error.code == ErrorCode::kInvalidConfig || error.code == ErrorCode::kInvalidInput ? kUsage : kFailed;
}

void print(const Common& common, const boost::json::value& json, const std::string& text) {
  std::cout << (common.json ? boost::json::serialize(json) : text::printable(text)) << "\n";
}

std::string user_name() {
  const passwd* user = ::getpwuid(::geteuid());
  return user == nullptr ? std::to_string(::geteuid()) : std::string(user->pw_name);
}

}  // namespace dprkwatch::cli
