#pragma once
// The configuration as plain data, and how it is read from YAML. Everything has a default but `feeds`.
//
// All errors of a file are reported at once, each with file, line, column, what was expected and the nearest known key.
// Relative paths in a file are relative to the file's own folder. Secrets are read from files or environment variables
// and never printed.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clock/clock.hpp"
#include "config/alerting.hpp"
#include "result/result.hpp"

namespace dprkwatch::config {

struct Store {
  std::string url = "sqlite:./dprkwatch.db";  // sqlite:PATH, made absolute on reading
};

struct Api {
  std::string listen = "127.0.0.1:8380";  // host:port; port 0 lets the kernel choose; empty: no listener
  std::string token;                      // from token_file; asked for unless empty; never printed
};

struct Network {
  // Private or loopback addresses that may be called: CIDR or address, with or without a port
  // ("127.0.0.1:9000", "10.0.0.0/8", "[::1]:80"). Checked as text here; http::AddressGuard gives them meaning.
  std::vector<std::string> allow;
};

// Hosts that are one server to us: what it asks for and what it may be asked holds for all of them together.
struct HostGroup {
  std::string name;
  std::vector<std::string> hosts;  // "example.org": that host; "*.example.org": and all below it
};

struct Fetch {
  Duration interval = std::chrono::minutes(15);    // >= 200ms
  std::optional<Duration> max_interval;  // the longest wait that a feed or its server can bring about; default: 96 intervals
  std::optional<Duration> max_backoff;   // the longest wait that errors alone bring about; default: 24 intervals
  double jitter = 0.1;                       // 0..0.5: share of the interval by which a poll may come early or late
  std::size_t max_bytes = 16 * 1024 * 1024;  // of a document, after decoding
  Duration connect_timeout = std::chrono::seconds(10);
  Duration timeout = std::chrono::seconds(30);
  int max_redirects = 5;
  int max_in_flight = 32;  // polls at once
  int max_per_host = 4;    // connections to one host
  // To one host, spread out. Default: 60, but as many as wanted to a private or loopback address written as such.
  std::optional<int> requests_per_minute;
  std::vector<HostGroup> host_groups;
  std::string user_agent;  // default: "dprkwatch/VERSION (+CONTACT)"
  std::string contact;     // a page where the owners of a server reach the user
  std::string proxy;       // http, https or socks5h; empty: none
  std::vector<std::string> allow_files;  // folders that `file:` feeds may lie in, absolute
};

enum class FeedType {
  kFeed,  // a document in one of the formats of feed::parse
  kPage,  // a web page whose links lead to articles
};

// What few feeds have.
struct FeedDetails {
  std::vector<std::string> exec;    // instead of a URL: a command that prints the document
  std::string file;                 // instead of a URL: a file that holds it, absolute
  std::vector<std::string> filter;  // a command between fetch and parse
  std::vector<std::pair<std::string, std::string>> headers;  // sent with every request
  std::string user;                                          // basic authentication
  std::string password;                                      // from password_file; never printed
  std::string token;                                         // bearer; from token_file; never printed
  // Type page: which of its links lead to articles. Both hold for a link when both are given.
  std::string link_pattern;   // of the absolute URL; * stands for any characters
  std::string link_selector;  // CSS selector of the <a> elements or of what holds them
};

// Pushes instead of polls, from feeds that name a hub. Off without a callback_url.
struct WebSub {
  std::string callback_url;                      // http(s) URL under which hubs reach api.listen; /websub/... is added
  Duration interval = std::chrono::hours(1);     // how often a feed is polled while its hub pushes
  Duration lease = std::chrono::days(10);        // asked for; the hub decides
  Duration retry = std::chrono::minutes(1);      // before a request that came to nothing is made again; doubles, up to a day
};

struct Feed {
  std::string name;  // unique; what rules and people call it
  std::string url;   // "exec:NAME" and "file:PATH" for those without one
  std::optional<Duration> interval;  // else fetch.interval
  std::string language;              // BCP 47, when the feed does not say it right
  std::string source;                // the outlet; default: name
  FeedType type = FeedType::kFeed;
  bool full_text = false;                       // fetch the page of each article
  std::optional<Duration> recheck;              // look at an article's page again for so long after it was published
  std::shared_ptr<const FeedDetails> details;   // null when it has none
  // As lists of feeds (OPML) have them; kept for people.
  std::vector<std::string> category;  // one inside the other, outermost first
  std::vector<std::string> tags;
  std::string site;  // the outlet's page for people
  std::string description;
  bool websub = true;                // whether its hub, if it names one, is asked to push
};

enum class PluginMode { kInProcess, kIsolated, kCommand };

struct Plugin {
  std::string id;
  PluginMode mode = PluginMode::kInProcess;
  std::string path;                  // shared object; default: ID.so of the installation
  std::vector<std::string> command;  // mode command: argument list
  std::string config_json = "{}";    // its `config:` object
  // The rest is for modes isolated and command.
  bool required = true;                         // an article waits while the plugin is down; else it goes on without
  Duration timeout = std::chrono::seconds(10);  // longest time for one article
  std::size_t memory_bytes = std::size_t{1} << 30;  // address space of the child
  std::size_t max_in_flight = 32;                   // articles sent before the first is answered
  bool sandbox = true;  // mode command: no network, no reading or writing outside its own folders
};

// Bounds on a number, both inclusive.
struct Range {
  std::optional<double> min;
  std::optional<double> max;
};

// What was changed after it was published.
struct RevisionCondition {
  std::vector<std::string> kind;  // any of edited, removed, restored; empty: any
  std::optional<double> rise;     // at least so many points of escalation more than before; negative: or as many less
};

// When a rule holds. Every condition that is given must hold (and); `any_of` needs one of its own, `not_` negates.
struct Condition {
  std::vector<std::string> relevance;  // any of about, passing, none
  Range escalation;                    // of the article, 0-100
  Range deescalation;
  Range level;  // 0..3
  // "DPRK->USA"; "*" stands for any side. With a dyad, `escalation` and `deescalation` are those of that dyad.
  std::vector<std::string> dyad;
  std::vector<std::string> feed;      // names
  std::vector<std::string> language;  // BCP 47 primary subtags
  std::optional<RevisionCondition> revision;  // the article is one that was revised
  std::vector<std::string> source;    // outlets
  std::vector<std::string> state;     // of the strongest dyad's trend
  std::vector<std::string> text;      // any of these words or phrases in title or text
  // One statement must fit all of these that are given and, when one is, `level` and `dyad` too.
  std::vector<std::string> speaker;  // part of the name, without case
  std::vector<std::string> voice;    // own, quote, reported
  std::optional<bool> conditional;
  std::vector<Condition> all_of;
  std::vector<Condition> any_of;
  std::vector<Condition> none_of;  // from `not:` (one condition or a list): none of them may hold
};

enum class Severity { kInfo, kWarning, kCritical };

struct Rule {
  std::string name;  // unique
  Condition when;
  Severity severity = Severity::kWarning;
  std::vector<std::string> receivers = {};  // names; may be left to the routes
  std::vector<std::pair<std::string, std::string>> labels = {};  // added to the alert's own
  std::string message = {};  // the summary, with {name} for a field (docs/alerting.md); empty: the daemon's own words
  int min_stories = 1;       // that met the condition
  Duration within = std::chrono::hours(24);  // for min_stories
  Duration resolve_after = std::chrono::hours(24);  // since the story's last article
};

enum class ReceiverType {
  kWebhook,
  kLog,
  kCloudEvents,
  kSlack,
  kDiscord,
  kTeams,
  kMattermost,
  kNtfy,
  kTelegram,
  kPagerDuty,
  kAlertmanager,
  kEmail,
  kExec
};

enum class DeliveryOrder { kFree, kStrict };

struct Receiver {
  std::string name;  // unique
  ReceiverType type = ReceiverType::kWebhook;
  std::string url;     // all but log; ntfy, telegram and pagerduty have a default. Chat services' URLs are secrets
  std::string secret;  // webhook: the keys' text as Standard Webhooks has it ("whsec_" + base64); ntfy, telegram: token;
                       // pagerduty: routing key. From secret_file or secret_env; never printed
  std::string channel;  // ntfy: topic; telegram: chat id; slack with a token: channel id
  std::string path;    // log: file that JSON lines are appended to; "-" is standard output
  std::vector<Duration> retry_schedule = default_retry_schedule();  // waits before attempt 1, 2, ...; then dead letter
  Duration timeout = std::chrono::seconds(15);
  int concurrency = 4;  // attempts at once
  std::string from;                  // email
  std::vector<std::string> to;       // email
  std::string user;                  // email: the login, with `secret` as its password
  std::vector<std::string> command;  // exec: argument list, never given to a shell
  std::optional<bool> send_resolved;  // default by type: see wants_resolved
  std::optional<bool> send_updates;   // that a story grew; default by type
  DeliveryOrder order = DeliveryOrder::kFree;  // strict: one at a time, none before those that came earlier

  [[nodiscard]] static std::vector<Duration> default_retry_schedule();
  bool operator==(const Receiver&) const = default;
};

enum class LogLevel { kDebug, kInfo, kWarn, kError };
enum class LogFormat { kAuto, kText, kJson };  // kAuto: coloured text on a terminal, plain text elsewhere

struct Log {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kAuto;
};

struct Limits {
  int workers = 0;                   // threads that parse and analyse; 0: one a core
  std::int64_t max_outbox = 100000;  // deliveries owed; above it intake pauses
};

struct Config {
  std::string file;  // where it was read from
  Store store;
  Api api;
  Network network;
  Fetch fetch;
  WebSub websub;
  std::vector<Feed> feeds;  // from `feeds:` and from the files of `opml:`
  std::vector<Plugin> plugins;
  std::vector<Rule> rules;
  std::vector<Receiver> receivers;
  Route route;  // the root of the tree
  std::vector<NamedTimes> times;
  std::vector<Inhibition> inhibitions;
  SelfAlerts self_alerts;
  Log log;
  Limits limits;
};

// Reads and checks a whole file. On failure every mistake is in the list, in order of position; Error::where is
// "file:line:column". `environment`: looks up secret_env; std::getenv in the program, a map in tests.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] tl::expected<Config, std::vector<Error>> load_file(const std::string& path,
                                                                 const Environment& environment);

// The same for a text; `path` names it in errors, and its folder is what relative paths start from.
[[nodiscard]] tl::expected<Config, std::vector<Error>> load_text(std::string_view yaml, const std::string& path,
                                                                 const Environment& environment);

// The JSON Schema (2020-12) of the file, made from the same tables that the reader uses.
[[nodiscard]] std::string json_schema();

// A table of all keys, their defaults and meanings, made from the same tables: the body of docs/configuration.md.
[[nodiscard]] std::string markdown_reference();

// Receivers for programs, and services that change a message or end an incident, hear of everything by default; others would
// show a further message.
[[nodiscard]] bool wants_resolved(const Receiver& receiver) noexcept;
[[nodiscard]] bool wants_updates(const Receiver& receiver) noexcept;

[[nodiscard]] const char* name_of(Severity severity) noexcept;  // "info", "warning", "critical"
[[nodiscard]] const char* name_of(PluginMode mode) noexcept;    // "in_process", ...

}  // namespace dprkwatch::config
