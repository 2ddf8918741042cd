#include "config/opml.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>

#include "cli/config_file.hpp"
#include "cli/verbs.hpp"
#include "config/edit.hpp"
#include "text/text.hpp"

namespace dprkwatch::cli {
namespace {

constexpr std::size_t kMaxOpmlBytes = 4 * 1024 * 1024;

// Those whose address the configuration does not have. A name that it has for another feed gets a number.
std::vector<config::Feed> new_ones(std::vector<config::Feed> feeds, const config::Config& config) {
  std::set<std::string> urls;
  std::set<std::string> names;
  for (const config::Feed& feed : config.feeds) {
    urls.insert(feed.url);
    names.insert(feed.name);
  }
  std::vector<config::Feed> fresh;
  for (config::Feed& feed : feeds) {
    if (!urls.insert(feed.url).second) continue;
    const std::string name = feed.name;
    for (int number = 2; !names.insert(feed.name).second; ++number) feed.name = name + " " + std::to_string(number);
    feed.source = feed.name == name ? std::string() : name;
    fresh.push_back(std::move(feed));
  }
  return fresh;
}

int import_opml(const std::string& file, const std::string& config_file) {
  const auto bytes = read_input(file, kMaxOpmlBytes);
  if (!bytes) {
    print_errors({bytes.error()});
    return kFailed;
  }
  const auto feeds = config::read_opml(*bytes, file);
  if (!feeds) {
    print_errors({feeds.error()});
    return kFailed;
  }
  std::size_t added = 0;
  const int status = edit_config_file(config_file, [&](std::string_view text, const config::Config& config) {
    const auto fresh = new_ones(*feeds, config);
    added = fresh.size();
    return config::add_feeds(text, config.file, fresh);
  });
  if (status != kDone) return status;
  std::cout << added << " of " << feeds->size() << " feeds were new and are in " << config_file;
  if (added > 0) std::cout << "; " << how_to_reload();
  std::cout << "\n";
  return kDone;
}

int export_opml(const std::string& config_file, const std::string& file) {
  const auto config = config::load_file(config_file, environment_variable);
  if (!config) {
    print_errors(config.error());
    return kUsage;
  }
  const std::string opml = config::write_opml(config->feeds, "dprkwatch: feeds");
  if (file == "-") {
    std::cout << opml << std::flush;
    return std::cout ? kDone : kFailed;
  }
  std::ofstream output(file, std::ios::binary | std::ios::trunc);
  output << opml << std::flush;
  if (!output) {
    print_errors({{ErrorCode::kUnavailable, "cannot write the file", file}});
    return kFailed;
  }
  return kDone;
}

}  // namespace

void add_opml(CLI::App& program, Action& action) {
  struct Options {
    std::string file;
    std::string config_file;
    std::string output = "-";
  };
  auto options = std::make_shared<Options>();
  CLI::App* verb = program.add_subcommand("opml", "Exchange lists of feeds with other programs");
  verb->require_subcommand(1);
  CLI::App* import_verb = verb->add_subcommand("import", "Add the feeds of an OPML file to a configuration");
  import_verb->add_option("FILE", options->file, "OPML 1.0 or 2.0, - for standard input")->required();
  import_verb->add_option("--config", options->config_file, "Configuration file (YAML)")->required()->type_name("FILE");
  import_verb->footer(
      "Adds what is new by its address, with title, page, language, description and the outlines around it as "
      "category.\n"
      "Example: dprkwatch opml import --config dprkwatch.yaml subscriptions.opml");
  import_verb->callback(
      [options, &action] { action = [options] { return import_opml(options->file, options->config_file); }; });
  CLI::App* export_verb = verb->add_subcommand("export", "Write the feeds of a configuration as OPML 2.0");
  export_verb->add_option("--config", options->config_file, "Configuration file (YAML)")->required()->type_name("FILE");
  export_verb->add_option("-o,--output", options->output, "Where to; - is standard output")
      ->type_name("FILE")
      ->capture_default_str();
  export_verb->footer("Example: dprkwatch opml export --config dprkwatch.yaml -o feeds.opml");
  export_verb->callback(
      [options, &action] { action = [options] { return export_opml(options->config_file, options->output); }; });
}

}  // namespace dprkwatch::cli
