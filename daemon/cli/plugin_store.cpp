// The verbs of `plugin` that change what a daemon's store holds: reanalyze and quarantine. A daemon that runs on the
// store sees the change within a second.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <thread>

#include "cli/verbs.hpp"
#include "clock/clock.hpp"
#include "config/config.hpp"
#include "store/beside.hpp"
#include "store/reader.hpp"
#include "text/text.hpp"

namespace dprkwatch::cli {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kLook{200};  // how often progress is looked at
constexpr std::size_t kPage = 500;

struct Options {
  std::string config;
  bool as_json = false;
  std::string since;
  bool wait = true;
  std::vector<std::int64_t> ids;
  bool all = false;
  std::string plugin;
};

// The store of a configuration; nothing, and its mistakes on standard error.
std::optional<std::string> store_of(const std::string& file) {
  auto config = config::load_file(file, environment_variable);
  if (config) return config->store.url;
  print_errors(config.error());
  return std::nullopt;
}

int failed(const Error& error) {
  print_errors({error});
  return kFailed;
}

// "2019-12-08", "2019-12-08T03:04:05Z", or how long ago: "36h", "7d".
std::optional<Time> time_of(const std::string& text, Time now) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (error == std::errc() && count >= 0 && count < 100'000 && (rest == "h" || rest == "d")) {
    return now - std::chrono::hours(rest == "h" ? count : count * 24);
  }
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  char tail = 0;
  const int read =
      std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d%c", &year, &month, &day, &hour, &minute, &second, &tail);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  const bool is_date = read == 3 && text.size() == 10;
  const bool is_time = read == 7 && tail == 'Z' && text.size() == 20;
  if (!(is_date || is_time) || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

// Waits until the daemon has done what was marked; shows how far it is on a terminal.
int follow(const std::string& url, std::int64_t total) {
  const bool shown = isatty(STDERR_FILENO) == 1;
  std::int64_t left = total;
  while (left > 0 && store::is_in_use(url)) {
    const auto look = [&](store::Transaction& transaction) -> Result<void> {
      auto counted = transaction.count_marked();
      if (!counted) return tl::unexpected(std::move(counted.error()));
      left = *counted;
      return {};
    };
    if (auto looked = store::run_beside(url, look); !looked) return failed(looked.error());
    if (shown)
      std::cerr << "\r" << std::max<std::int64_t>(0, total - left) << " of " << total << " analysed anew" << std::flush;
    if (left > 0) std::this_thread::sleep_for(kLook);
  }
  if (shown) std::cerr << "\n";
  if (left == 0) return kDone;
  return failed(
      {ErrorCode::kUnavailable,
       "the daemon has stopped; " + std::to_string(left) + " articles stay marked and are analysed when it runs",
       {}});
}

int reanalyze(const Options& options) {
  const auto url = store_of(options.config);
  if (!url) return kUsage;
  const auto since = time_of(options.since, SystemClock().now());
  if (!since) {
    print_errors({{ErrorCode::kInvalidConfig,
                   "--since: expected a date (2019-12-08), a time (2019-12-08T03:04:05Z), or how long ago (36h, 7d)",
                   {}}});
    return kUsage;
  }
  std::int64_t marked = 0;
  const auto mark = [&](store::Transaction& transaction) -> Result<void> {
    auto done = transaction.mark_since(*since);
    if (!done) return tl::unexpected(std::move(done.error()));
    marked = *done;
    return {};
  };
  if (auto done = store::run_beside(*url, mark); !done) return failed(done.error());
  const bool runs = store::is_in_use(*url);
  const int status = runs && options.wait ? follow(*url, marked) : kDone;
  if (options.as_json) {
    std::cout << json::serialize(json::object{
                     {"marked", marked}, {"daemon", runs}, {"done", runs && options.wait && status == kDone}})
              << "\n";
  } else if (runs && options.wait) {
    if (status == kDone) std::cout << marked << " articles analysed anew\n";
  } else {
    std::cout << marked << " articles marked; the daemon analyses them " << (runs ? "now" : "when it runs") << "\n";
  }
  return status;
}

int list_quarantine(const Options& options) {
  const auto url = store_of(options.config);
  if (!url) return kUsage;
  auto reader = store::Reader::open(*url);
  if (!reader) return failed(reader.error());
  json::array all;
  for (store::Page page{0, kPage};;) {
    const auto rows = (*reader)->quarantined(page);
    if (!rows) return failed(rows.error());
    for (const store::Quarantined& row : *rows) {
      const auto id = static_cast<std::int64_t>(row.id);
      page.before = id;
      const std::string since = row.since ? to_rfc3339(*row.since) : "";
      if (options.as_json) {
        all.push_back(json::object{{"id", id},
                                   {"feed", row.feed_name},
                                   {"title", row.title},
                                   {"plugin", row.plugin},
                                   {"reason", row.reason},
                                   {"since", since}});
        continue;
      }
      std::cout << id << "  " << since << "  " << text::printable(row.feed_name) << ": " << text::printable(row.title)
                << "\n    " << text::printable(row.reason) << "\n";
    }
    if (rows->size() < kPage) break;
  }
  if (options.as_json) std::cout << json::serialize(all) << "\n";
  return kDone;
}

int retry(const Options& options) {
  const auto url = store_of(options.config);
  if (!url) return kUsage;
  if (options.ids.empty() != options.all) {
    print_errors(
        {{ErrorCode::kInvalidConfig, "expected the numbers of articles (plugin quarantine list), or --all", {}}});
    return kUsage;
  }
  std::int64_t released = 0;
  std::vector<std::int64_t> unknown;
  const auto release = [&](store::Transaction& transaction) -> Result<void> {
    std::vector<std::optional<store::ArticleId>> which;
    for (const std::int64_t id : options.ids) which.emplace_back(store::ArticleId{id});
    if (options.all) which.emplace_back(std::nullopt);
    for (const auto& one : which) {
      auto done = transaction.release_articles(one, options.plugin);
      if (!done) return tl::unexpected(std::move(done.error()));
      released += *done;
      if (*done == 0 && one) unknown.push_back(static_cast<std::int64_t>(*one));
    }
    return {};
  };
  if (auto done = store::run_beside(*url, release); !done) return failed(done.error());
  if (options.as_json) {
    std::cout << json::serialize(json::object{{"retried", released}}) << "\n";
  } else {
    std::cout << released << " articles wait for analysis again\n";
  }
  for (const std::int64_t id : unknown) {
    print_errors({{ErrorCode::kNotFound, "article " + std::to_string(id) + " is not in quarantine", {}}});
  }
  return unknown.empty() ? kDone : kFailed;
}

void add_common(CLI::App* verb, Options& options) {
  verb->add_option("--config", options.config, "Configuration file (YAML)")->required()->type_name("FILE");
  verb->add_flag("--json", options.as_json, "Print JSON");
}

}  // namespace

void add_plugin_store(CLI::App& plugin, Action& action) {
  auto options = std::make_shared<Options>();
  CLI::App* again = plugin.add_subcommand("reanalyze", "Have the daemon analyse stored articles anew");
  add_common(again, *options);
  again->add_option("--since", options->since, "Published since: 2019-12-08, 2019-12-08T03:04:05Z, 36h, 7d")
      ->required();
  again->add_flag("!--no-wait", options->wait, "Mark them and return");
  again->footer(
      "Annotations and series are replaced; no alert is raised or repeated. New articles go first, and the daemon "
      "serves\n"
      "on. Without a daemon the articles stay marked until one runs.\n"
      "Example: dprkwatch plugin reanalyze --config dprkwatch.yaml --since 7d");
  again->callback([=, &action] { action = [=] { return reanalyze(*options); }; });

  CLI::App* quarantine = plugin.add_subcommand("quarantine", "Articles that an analyzer failed on");
  quarantine->require_subcommand(1);
  CLI::App* list_verb = quarantine->add_subcommand("list", "List them with the reason, newest first");
  add_common(list_verb, *options);
  list_verb->callback([=, &action] { action = [=] { return list_quarantine(*options); }; });
  CLI::App* retry_verb = quarantine->add_subcommand("retry", "Have the daemon analyse them again");
  add_common(retry_verb, *options);
  retry_verb->add_option("ID", options->ids, "Numbers of articles");
  retry_verb->add_flag("--all", options->all, "All of them");
  retry_verb->add_option("--plugin", options->plugin, "Of these, the ones that this plugin failed on");
  retry_verb->footer("Example: dprkwatch plugin quarantine retry --config dprkwatch.yaml --all --plugin keywords");
  retry_verb->callback([=, &action] { action = [=] { return retry(*options); }; });
}

}  // namespace dprkwatch::cli
