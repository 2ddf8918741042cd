#include <CLI/CLI.hpp>
#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>
#include <memory>

#include "cli/feed_verbs.hpp"
#include "cli/feed_words.hpp"
#include "cli/table.hpp"
#include "service/feed_health.hpp"
#include "text/text.hpp"

namespace dprkwatch::cli {
namespace {

namespace json = boost::json;

struct Arguments {
  std::string config_file;
  bool json = false;
};

json::value time_or_null(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}
json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

void print_json(const std::vector<service::FeedHealth>& feeds) {
  json::array items;
  for (const service::FeedHealth& feed : feeds) {
    json::object object{{"name", feed.name},
                        {"url", feed.url},
                        {"state", feed.state},
                        {"failures", feed.failures},
                        {"interval_ms", feed.interval.count()},
                        {"entries_a_day", feed.entries_a_day}};
    object["moved_to"] = text_or_null(feed.moved_url);
    object["last_poll"] = time_or_null(feed.last_poll);
    object["last_success"] = time_or_null(feed.last_success);
    object["next_poll"] = time_or_null(feed.next_poll);
    object["why"] = text_or_null(feed.why);
    object["error"] = text_or_null(feed.error);
    object["newest_entry"] = time_or_null(feed.newest_entry);
    items.push_back(std::move(object));
  }
  std::cout << json::serialize(json::object{{"items", std::move(items)}}) << "\n";
}

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", value);
  return text.data();
}

// What is wrong, or where it went.
std::string note_of(const service::FeedHealth& feed) {
  if (!feed.error.empty()) return feed.error;
  return feed.moved_url.empty() ? std::string() : "moved to " + feed.moved_url;
}

// How long ago, or until; people read that faster than times.
void print_for_people(const std::vector<service::FeedHealth>& feeds, Time now, std::size_t width) {
  std::vector<Row> rows{{"name", "state", "success", "next poll", "why", "every", "a day", "failed"}};
  for (const service::FeedHealth& feed : feeds) {
    const auto ago = [&](const std::optional<Time>& time) {
      return time ? say_duration(std::chrono::floor<std::chrono::seconds>(now - *time)) + " ago" : std::string("never");
    };
    std::string next = feed.state == "new" ? "at once" : "never";
    if (feed.next_poll) {
      next = *feed.next_poll <= now
                 ? "due"
                 : "in " + say_duration(std::chrono::ceil<std::chrono::seconds>(*feed.next_poll - now));
    }
    rows.push_back({text::printable(feed.name), feed.state, ago(feed.last_success), next, feed.why,
                    feed.interval > Duration::zero() ? say_duration(feed.interval) : "", number(feed.entries_a_day),
                    std::to_string(feed.failures)});
    if (const std::string note = note_of(feed); !note.empty()) rows.push_back({text::printable(note)});
  }
  print_columns(std::cout, rows, width);
}

void print_for_programs(const std::vector<service::FeedHealth>& feeds) {
  std::vector<Row> rows{{"name", "state", "last success", "next poll", "why", "interval", "a day", "failures", "note"}};
  for (const service::FeedHealth& feed : feeds) {
    const auto when = [](const std::optional<Time>& time) { return time ? to_rfc3339(*time) : std::string("-"); };
    const auto or_dash = [](const std::string& text) { return text.empty() ? std::string("-") : text; };
    rows.push_back({feed.name, feed.state, when(feed.last_success), when(feed.next_poll), or_dash(feed.why),
                    say_duration(feed.interval), number(feed.entries_a_day), std::to_string(feed.failures),
                    or_dash(note_of(feed))});
  }
  print_fields(std::cout, rows);
}

int list(const Arguments& arguments) {
  const auto config = config::load_file(arguments.config_file, environment_variable);
  if (!config) {
    print_errors(config.error());
    return kUsage;
  }
  const SystemClock clock;
  const auto feeds = service::feed_health(*config, clock);
  if (!feeds) {
    print_errors({feeds.error()});
    return kFailed;
  }
  if (arguments.json) {
    print_json(*feeds);
  } else if (const std::size_t width = terminal_width(); width > 0) {
    print_for_people(*feeds, clock.now(), width);
  } else {
    print_for_programs(*feeds);
  }
  return kDone;
}

}  // namespace

void add_feed_list(CLI::App& feed, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* verb = feed.add_subcommand("list", "Show how the feeds of a configuration fare");
  verb->add_option("--config", arguments->config_file, "Configuration file (YAML)")->required()->type_name("FILE");
  verb->add_flag("--json", arguments->json, "One JSON object");
  verb->footer(
      "Reads the store, beside a running daemon or without one. On a terminal columns, in a pipe tabs and whole "
      "times.\n"
      "States: new (not polled yet), good, moving (good, sent elsewhere for good), failing, gone (HTTP 410).\n"
      "Examples:\n"
      "  dprkwatch feed list --config dprkwatch.yaml\n"
      "  dprkwatch feed list --config dprkwatch.yaml | awk -F'\\t' '$2 == \"failing\"'");
  verb->callback([arguments, &action] { action = [arguments] { return list(*arguments); }; });
}

}  // namespace dprkwatch::cli
