#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>

#include "cli/config_file.hpp"
#include "cli/feed_verbs.hpp"
#include "config/edit.hpp"
#include "text/text.hpp"

namespace dprkwatch::cli {
namespace {

struct AddArguments {
  std::string config_file;
  config::Feed feed;
  std::string interval;
};

// As the configuration reads it, which has the last word.
Result<std::optional<Duration>> read_interval(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto duration = config::read_duration(text);
  if (!duration) return fail(ErrorCode::kInvalidConfig, "expected a time such as 30s, 15m or 2h", "--interval");
  return duration;
}

Result<std::string> add_to(std::string_view text, const config::Config& config, const config::Feed& feed) {
  for (const config::Feed& known : config.feeds) {
    if (known.name == feed.name) {
      return fail(ErrorCode::kInvalidInput, "there is a feed `" + feed.name + "` already: " + known.url, config.file);
    }
    if (known.url == feed.url) {
      return fail(ErrorCode::kInvalidInput, "the feed `" + known.name + "` has that address already", config.file);
    }
  }
  return config::add_feeds(text, config.file, {feed});
}

int add(const AddArguments& arguments) {
  config::Feed feed = arguments.feed;
  auto interval = read_interval(arguments.interval);
  if (!interval) {
    print_errors({interval.error()});
    return kUsage;
  }
  feed.interval = *interval;
  const int status = edit_config_file(arguments.config_file, [&](std::string_view text, const config::Config& config) {
    return add_to(text, config, feed);
  });
  if (status == kDone) {
    std::cout << "added " << text::printable(feed.name) << " to " << arguments.config_file << "; " << how_to_reload()
              << "\n";
  }
  return status;
}

Result<std::string> remove_from(std::string_view text, const config::Config& config, const std::string& name) {
  auto edited = config::remove_feed(text, config.file, name);
  if (edited || edited.error().code != ErrorCode::kNotFound) return edited;
  const bool is_known = std::ranges::find(config.feeds, name, &config::Feed::name) != config.feeds.end();
  if (!is_known) return fail(ErrorCode::kNotFound, "there is no feed `" + name + "`", config.file);
  return fail(ErrorCode::kNotFound, "the feed `" + name + "` comes from one of the files of `opml:`; take it out there",
              config.file);
}

int remove(const std::string& config_file, const std::string& name) {
  const int status = edit_config_file(config_file, [&](std::string_view text, const config::Config& config) {
    return remove_from(text, config, name);
  });
  if (status == kDone) {
    std::cout << "removed " << text::printable(name) << " from " << config_file << "; its articles stay in the store; "
              << how_to_reload() << "\n";
  }
  return status;
}

}  // namespace

void add_feed_add(CLI::App& feed, Action& action) {
  auto arguments = std::make_shared<AddArguments>();
  CLI::App* verb = feed.add_subcommand("add", "Add a feed to a configuration");
  verb->add_option("NAME", arguments->feed.name, "What rules, logs and alerts call it")->required();
  verb->add_option("URL", arguments->feed.url, "Where the document is")->required();
  verb->add_option("--config", arguments->config_file, "Configuration file (YAML)")->required()->type_name("FILE");
  verb->add_option("--interval", arguments->interval, "How often it is polled, whatever its rhythm")->type_name("TIME");
  verb->add_option("--language", arguments->feed.language, "Language of entries that do not say theirs");
  verb->add_option("--source", arguments->feed.source, "The outlet");
  verb->add_option("--site", arguments->feed.site, "The outlet's page for people")->type_name("URL");
  verb->add_option("--category", arguments->feed.category,
                   "Category; repeated for one inside the other, outermost first")
      ->allow_extra_args(false);
  verb->footer(
      "Writes the feed at the end of `feeds:`; comments and all else in the file stay as they are. The result is "
      "checked\n"
      "before it replaces the file.\n"
      "Example:\n"
      "  dprkwatch feed add --config dprkwatch.yaml --interval 10m 38north https://www.38north.org/feed/");
  verb->callback([arguments, &action] { action = [arguments] { return add(*arguments); }; });
}

void add_feed_remove(CLI::App& feed, Action& action) {
  auto config_file = std::make_shared<std::string>();
  auto name = std::make_shared<std::string>();
  CLI::App* verb = feed.add_subcommand("remove", "Take a feed out of a configuration");
  verb->add_option("NAME", *name, "The feed's name")->required();
  verb->add_option("--config", *config_file, "Configuration file (YAML)")->required()->type_name("FILE");
  verb->footer(
      "Takes the feed's own lines out of the file; all else stays as it is. Refused while a rule names the feed.\n"
      "Example:\n"
      "  dprkwatch feed remove --config dprkwatch.yaml 38north");
  verb->callback([=, &action] { action = [=] { return remove(*config_file, *name); }; });
}

}  // namespace dprkwatch::cli
