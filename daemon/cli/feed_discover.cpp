#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "cli/feed_verbs.hpp"
#include "service/discovery.hpp"
#include "text/text.hpp"

namespace dprkwatch::cli {
namespace {

namespace json = boost::json;

struct Arguments {
  std::string url;
  NetworkOptions network;
  bool json = false;
};

void print_json(const service::Discovery& found) {
  json::array feeds;
  for (const service::FoundFeed& feed : found.feeds) {
    json::object object{{"url", feed.url},           {"format", feed.format},   {"title", feed.title},
                        {"language", feed.language}, {"entries", feed.entries}, {"warnings", feed.warnings},
                        {"found_by", feed.found_by}};
    object["newest"] = feed.newest ? json::value(to_rfc3339(*feed.newest)) : json::value(nullptr);
    feeds.push_back(std::move(object));
  }
  json::array misses;
  for (const service::MissedFeed& miss : found.misses) {
    misses.push_back(json::object{{"url", miss.url}, {"reason", miss.reason}});
  }
  std::cout << json::serialize(json::object{{"url", found.url}, {"feeds", feeds}, {"no_feeds", misses}}) << "\n";
}

void print_for_people(const service::Discovery& found) {
  for (const service::FoundFeed& feed : found.feeds) {
    std::cout << text::printable(feed.url) << "\n  " << feed.format << ", " << feed.entries
              << (feed.entries == 1 ? " entry" : " entries");
    if (feed.newest) std::cout << ", newest " << to_rfc3339(*feed.newest);
    if (feed.warnings > 0) std::cout << ", " << feed.warnings << (feed.warnings == 1 ? " warning" : " warnings");
    std::cout << ": " << (feed.title.empty() ? "(no title)" : text::printable(feed.title)) << "\n";
  }
}

int discover(const Arguments& arguments) {
  const auto config = config_of(arguments.network);
  if (!config) {
    print_errors(config.error());
    return kUsage;
  }
  const auto found = service::discover_feeds(arguments.url, *config, DPRKWATCH_VERSION);
  if (!found) {
    print_errors({found.error()});
    return kFailed;
  }
  if (arguments.json) {
    print_json(*found);
  } else {
    print_for_people(*found);
  }
  if (!found->feeds.empty()) return kDone;
  std::cerr << text::printable(found->url) << ": no feed was found; tried:\n";
  for (const service::MissedFeed& miss : found->misses) {
    std::cerr << "  " << text::printable(miss.url) << ": " << text::printable(miss.reason) << "\n";
  }
  return kFailed;
}

}  // namespace

void add_feed_discover(CLI::App& feed, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* verb = feed.add_subcommand("discover", "Find the feeds of a site");
  verb->add_option("URL", arguments->url, "A page of the site, or the feed itself")->required();
  verb->add_flag("--json", arguments->json, "One JSON object");
  add_network_options(*verb, arguments->network);
  verb->footer(
      "Looks at what the page and its server declare, then at links that are named like feeds, then at the usual "
      "paths.\n"
      "Each feed shown has been fetched and read. Exit status 1 when there is none.\n"
      "Examples:\n"
      "  dprkwatch feed discover https://www.38north.org/\n"
      "  dprkwatch feed discover --json --config dprkwatch.yaml http://127.0.0.1:9000/");
  verb->callback([arguments, &action] { action = [arguments] { return discover(*arguments); }; });
}

}  // namespace dprkwatch::cli
