#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/verbs.hpp"
#include "config/config.hpp"
#include "http/address_guard.hpp"
#include "plugin/plugin.hpp"

namespace dprkwatch::cli {
namespace {

int check(const std::string& file) {
  auto config = config::load_file(file, environment_variable);
  if (!config) {
    print_errors(config.error());
    std::cerr << config.error().size() << (config.error().size() == 1 ? " error\n" : " errors\n");
    return kUsage;
  }
  auto plugins = plugin::load(config->plugins, plugin::default_paths());
  if (!plugins) {
    print_errors(plugins.error());
    return kUsage;
  }
  std::cout << file << ": good (" << config->feeds.size() << " feeds, " << (*plugins)->plugins().size() << " plugins, "
            << config->rules.size() << " rules, " << config->receivers.size() << " receivers)\n";
  return kDone;
}

}  // namespace

void add_check_config(CLI::App& program, Action& action) {
  auto file = std::make_shared<std::string>();
  auto schema = std::make_shared<bool>(false);
  auto reference = std::make_shared<bool>(false);
  CLI::App* verb = program.add_subcommand("check-config", "Check a configuration; name every mistake and its place");
  auto* file_option = verb->add_option("FILE", *file, "Configuration file (YAML)");
  verb->add_flag("--print-schema", *schema, "Print the JSON Schema of the configuration instead")->excludes(file_option);
  verb->add_flag("--print-reference", *reference, "Print the table of all keys instead")->excludes(file_option);
  verb->footer("Example: dprkwatch check-config /etc/dprkwatch/dprkwatch.yaml");
  verb->callback([=, &action] {
    if (!*schema && !*reference && file->empty()) throw CLI::RequiredError("FILE");
    action = [=] {
      if (*schema || *reference) {
        std::cout << (*schema ? config::json_schema() : config::markdown_reference());
        return kDone;
      }
      return check(*file);
    };
  });
}

}  // namespace dprkwatch::cli
