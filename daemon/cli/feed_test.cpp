#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <memory>

#include "cli/feed_verbs.hpp"
#include "cli/feed_words.hpp"
#include "service/trial.hpp"
#include "text/text.hpp"

namespace dprkwatch::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kShownEntries = 10;

struct Arguments {
  std::string url;
  NetworkOptions network;
  bool json = false;
};

json::object describe_hop(const service::Hop& hop) {
  json::object object{{"url", hop.url}, {"status", hop.status}, {"took_ms", hop.took.count()}};
  object["address"] = hop.address.empty() ? json::value(nullptr) : json::value(hop.address);
  object["to"] = hop.to.empty() ? json::value(nullptr) : json::value(hop.to);
  return object;
}

json::object describe_feed(const service::Trial& trial) {
  json::array entries;
  for (const service::TrialEntry& entry : trial.entries) {
    json::object object{{"title", entry.title}, {"url", entry.url}};
    object["published"] = entry.published ? json::value(to_rfc3339(*entry.published)) : json::value(nullptr);
    entries.push_back(std::move(object));
  }
  json::array warnings;
  for (const feed::Warning& warning : trial.feed->warnings) {
    warnings.push_back(json::object{{"code", warning.code}, {"line", warning.line}, {"message", warning.message}});
  }
  return {{"format", trial.feed->format},
          {"title", trial.title},
          {"entries", std::move(entries)},
          {"warnings", std::move(warnings)}};
}

void print_json(const service::Trial& trial) {
  json::array hops;
  for (const service::Hop& hop : trial.hops) hops.push_back(describe_hop(hop));
  json::object headers;
  for (const auto& [name, value] : trial.headers) headers[name] = value;
  json::object object{{"requests", std::move(hops)},
                      {"moved_for_good", trial.moved_for_good},
                      {"headers", std::move(headers)},
                      {"bytes", trial.bytes},
                      {"encoding", trial.encoding}};
  object["feed"] = trial.feed ? json::value(describe_feed(trial)) : json::value(nullptr);
  object["error"] = trial.error ? json::value(trial.error->message) : json::value(nullptr);
  object["has_validators"] = trial.has_validators;
  object["conditional_status"] = trial.again_status ? json::value(*trial.again_status) : json::value(nullptr);
  object["next_poll"] =
      json::object{{"at", trial.gone ? json::value(nullptr) : json::value(to_rfc3339(trial.next_poll))},
                   {"interval_ms", trial.interval.count()},
                   {"why", trial.why}};
  std::cout << json::serialize(object) << "\n";
}

void print_requests(const service::Trial& trial) {
  for (const service::Hop& hop : trial.hops) {
    std::cout << "request     " << text::printable(hop.url) << "\n";
    if (hop.status == 0) continue;
    std::cout << "answer      " << hop.status << " from " << hop.address << " in " << hop.took.count() << " ms\n";
    if (!hop.to.empty()) std::cout << "redirect    to " << text::printable(hop.to) << "\n";
  }
  if (trial.moved_for_good)
    std::cout << "moved       for good; the daemon asks there directly after three such polls\n";
  for (const auto& [name, value] : trial.headers) {
    std::cout << "header      " << name << ": " << text::printable(value) << "\n";
  }
}

void print_feed(const service::Trial& trial) {
  std::cout << "document    " << trial.bytes << " bytes, " << text::printable(trial.encoding) << "\n"
            << "feed        " << trial.feed->format << ": "
            << (trial.title.empty() ? "(no title)" : text::printable(trial.title)) << "\n";
  for (const feed::Warning& warning : trial.feed->warnings) {
    std::cout << "warning     " << warning.code << (warning.line > 0 ? " in line " + std::to_string(warning.line) : "")
              << ": " << text::printable(warning.message) << "\n";
  }
  const auto dated =
      std::ranges::count_if(trial.entries, [](const auto& entry) { return entry.published.has_value(); });
  std::cout << "entries     " << trial.entries.size() << ", " << dated << " of them dated\n";
  for (std::size_t i = 0; i < std::min(trial.entries.size(), kShownEntries); ++i) {
    const service::TrialEntry& entry = trial.entries[i];
    std::cout << "            " << (entry.published ? to_rfc3339(*entry.published) : "no date             ") << "  "
              << text::printable(entry.title) << "\n";
  }
  if (trial.entries.size() > kShownEntries) {
    std::cout << "            and " << trial.entries.size() - kShownEntries << " more\n";
  }
}

void print_condition(const service::Trial& trial) {
  std::cout << "condition   ";
  if (!trial.again_status) {
    std::cout << "none: the server sends neither ETag nor Last-Modified, so each poll takes the whole document\n";
  } else if (*trial.again_status == 304) {
    std::cout << "304: asked again, the server knows that nothing changed\n";
  } else {
    std::cout << *trial.again_status << ": asked again with its own validators, the server does not answer 304\n";
  }
}

void print_for_people(const service::Trial& trial) {
  print_requests(trial);
  if (trial.feed) {
    print_feed(trial);
    print_condition(trial);
  }
  std::cout << "next poll   ";
  if (trial.gone) {
    std::cout << "never";
  } else {
    std::cout << "after " << say_duration(trial.interval) << ", " << to_rfc3339(trial.next_poll);
  }
  std::cout << " (" << trial.why << ": " << explain_why(trial.why) << ")" << std::endl;
}

// The feed of that name or address in the configuration, with its own settings; else the bare address.
config::Feed feed_of(const std::string& given, const config::Config& config) {
  for (const config::Feed& feed : config.feeds) {
    if (feed.name == given || feed.url == given) return feed;
  }
  config::Feed feed;
  feed.name = given;
  feed.url = given.find("://") == std::string::npos ? "https://" + given : given;
  return feed;
}

int test(const Arguments& arguments) {
  const auto config = config_of(arguments.network);
  if (!config) {
    print_errors(config.error());
    return kUsage;
  }
  const SystemClock clock;
  const auto trial = service::try_feed(feed_of(arguments.url, *config), *config, clock, DPRKWATCH_VERSION);
  if (!trial) {
    print_errors({trial.error()});
    return kUsage;
  }
  if (arguments.json) {
    print_json(*trial);
  } else {
    print_for_people(*trial);
  }
  if (trial->error) print_errors({*trial->error});
  return trial->error ? kFailed : kDone;
}

}  // namespace

void add_feed_test(CLI::App& feed, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* verb = feed.add_subcommand("test", "Poll a feed once as the daemon would, and tell what it met");
  verb->add_option("URL", arguments->url, "The feed's address, or its name in the configuration of --config")
      ->required();
  verb->add_flag("--json", arguments->json, "One JSON object");
  add_network_options(*verb, arguments->network);
  verb->footer(
      "Shows every request, redirect and status, the headers that steer polling, encoding, format, warnings, entries,\n"
      "whether an unchanged document is answered with 304, and when the next poll would be and why. Nothing is "
      "stored.\n"
      "Examples:\n"
      "  dprkwatch feed test https://www.38north.org/feed/\n"
      "  dprkwatch feed test --config dprkwatch.yaml wire");
  verb->callback([arguments, &action] { action = [arguments] { return test(*arguments); }; });
}

}  // namespace dprkwatch::cli
