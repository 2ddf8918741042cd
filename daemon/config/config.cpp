#include "config/config.hpp"

#include <unicode/utf8.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <unordered_set>
#include <utility>

#include "config/alerting_tables.hpp"
#include "config/opml.hpp"
#include "config/reader.hpp"
#include "config/tables.hpp"
#include "signature/signature.hpp"

namespace dprkwatch::config {
namespace {

constexpr std::size_t kMaxFileBytes = 4 * 1024 * 1024;
constexpr std::size_t kMaxOpmlBytes = 64 * 1024 * 1024;  // 100,000 feeds take some 10 MB

bool is_utf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (c < 0) return false;
  }
  return true;
}

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (file.bad()) return std::nullopt;
  return std::move(bytes).str();
}

void add_opml(Reader& reader, Config& config, const Positions& positions) {
  std::unordered_set<std::string> known;
  for (const Feed& feed : config.feeds) known.insert(feed.name);
  for (std::size_t i = 0; i < positions.opml.size(); ++i) {
    const auto bytes = read_file(positions.opml[i]);
    if (!bytes || bytes->size() > kMaxOpmlBytes) {
      reader.mistake(positions.opml_nodes[i], "`opml`: cannot read " + positions.opml[i]);
      continue;
    }
    auto feeds = read_opml(*bytes, positions.opml[i]);
    if (!feeds) {
      reader.mistake(positions.opml_nodes[i], "`opml`: " + describe(feeds.error()));
      continue;
    }
    for (Feed& feed : *feeds) {
      if (known.insert(feed.name).second) config.feeds.push_back(std::move(feed));
    }
  }
}

template <class T>
std::vector<std::string> check_unique(Reader& reader, const std::vector<T>& objects, std::string T::*name,
                                      const std::vector<YAML::Node>& positions, const char* what) {
  std::set<std::string> seen;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const std::string& value = objects[i].*name;
    if (value.empty()) continue;
    if (!seen.insert(value).second)
      reader.mistake(positions[i], std::string("two ") + what + " are called `" + value + "`");
    names.push_back(value);
  }
  return names;
}

void check_names(Reader& reader, const YAML::Node& node, const std::vector<std::string>& wanted,
                 const std::vector<std::string>& known, const char* what) {
  for (const std::string& name : wanted) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string meant = nearest(name, known);
    reader.mistake(node, std::string("there is no ") + what + " `" + name + "`" +
                             (meant.empty() ? "" : "; did you mean `" + meant + "`?"));
  }
}

void check_feeds_of(Reader& reader, const YAML::Node& node, const Condition& condition,
                    const std::vector<std::string>& feeds) {
  check_names(reader, node, condition.feed, feeds, "feed");
  for (const auto* list : {&condition.all_of, &condition.any_of, &condition.none_of}) {
    for (const Condition& inner : *list) check_feeds_of(reader, node, inner, feeds);
  }
}

bool has_own_url(const Receiver& receiver) {
  const ReceiverType type = receiver.type;
  const bool bot = type == ReceiverType::kSlack && !receiver.secret.empty();
  return bot || type == ReceiverType::kNtfy || type == ReceiverType::kTelegram || type == ReceiverType::kPagerDuty;
}

// The messages never show the secret.
void check_secret(Reader& reader, const Receiver& receiver, const std::string& type, const YAML::Node& node) {
  const YAML::Node given = node["secret_file"] ? node["secret_file"] : node["secret_env"];
  const bool needed = receiver.type == ReceiverType::kWebhook || receiver.type == ReceiverType::kTelegram ||
                      receiver.type == ReceiverType::kPagerDuty;
  if (needed && receiver.secret.empty() && !given) {
    reader.mistake(node, "a receiver of type " + type + " needs the key `secret_file` or `secret_env`");
  }
  if (receiver.secret.empty()) return;
  const std::string key = node["secret_file"] ? "`secret_file`: " : "`secret_env`: ";
  if (receiver.type == ReceiverType::kWebhook) {
    const auto decoded = signature::decode_secrets(receiver.secret);
    if (!decoded) reader.mistake(given, key + decoded.error().message);
    return;
  }
  // It becomes part of a URL or a header.
  const auto is_plain = [](char c) { return c > ' ' && c < 0x7f && c != '/' && c != '?' && c != '#'; };
  if (!std::all_of(receiver.secret.begin(), receiver.secret.end(), is_plain)) {
    reader.mistake(given,
                   key + "the token of " + type + " holds a blank, a slash or another character that no token has");
  }
}

void check_email(Reader& reader, const Receiver& receiver, const YAML::Node& node) {
  if (!receiver.url.starts_with("smtp://") && !receiver.url.starts_with("smtps://")) {
    reader.mistake(node, "a receiver of type email needs the key `url`: smtp://HOST:PORT or smtps://HOST:PORT");
  }
  if (receiver.from.empty()) reader.mistake(node, "a receiver of type email needs the key `from`");
  if (receiver.to.empty()) reader.mistake(node, "a receiver of type email needs the key `to`");
  const auto is_address = [](const std::string& text) {
    const auto at = text.find('@');
    const auto plain = [](char c) { return c > ' ' && c < 0x7f && c != '<' && c != '>' && c != ',' && c != '"'; };
    return at != std::string::npos && at > 0 && at + 1 < text.size() && std::all_of(text.begin(), text.end(), plain);
  };
  if (!receiver.from.empty() && !is_address(receiver.from)) reader.mistake(node["from"], "`from`: expected NAME@HOST");
  for (const std::string& address : receiver.to) {
    if (!is_address(address)) reader.mistake(node["to"], "`to`: `" + address + "`: expected NAME@HOST");
  }
  if (receiver.user.empty() != receiver.secret.empty()) {
    reader.mistake(node, "a receiver of type email takes `user` and its password together, or neither");
  }
}

void check_receiver(Reader& reader, const Receiver& receiver, const YAML::Node& node) {
  if (receiver.type == ReceiverType::kLog) {
    if (receiver.path.empty()) reader.mistake(node, "a receiver of type log needs the key `path`");
    return;
  }
  if (receiver.type == ReceiverType::kExec) {
    if (receiver.command.empty()) reader.mistake(node, "a receiver of type exec needs the key `command`");
    return;
  }
  const std::string type = node["type"] && node["type"].IsScalar() ? node["type"].Scalar() : "webhook";
  if (receiver.type == ReceiverType::kEmail) {
    check_email(reader, receiver, node);
    return;
  }
  if (receiver.url.starts_with("smtp")) reader.mistake(node["url"], "`url`: expected http:// or https://");
  if (receiver.url.empty() && !node["url"] && !has_own_url(receiver)) {
    reader.mistake(node, "a receiver of type " + type + " needs the key `url`");
  }
  const bool has_channel = receiver.type == ReceiverType::kNtfy || receiver.type == ReceiverType::kTelegram ||
                           (receiver.type == ReceiverType::kSlack && !receiver.secret.empty());
  if (has_channel && receiver.channel.empty()) {
    reader.mistake(node, "a receiver of type " + type + " needs the key `channel`");
  }
  check_secret(reader, receiver, type, node);
}

bool lies_in(const std::filesystem::path& file, const std::vector<std::string>& folders) {
  return std::ranges::any_of(folders, [&](const std::string& folder) {
    const auto below = file.lexically_normal().lexically_relative(std::filesystem::path(folder).lexically_normal());
    return !below.empty() && *below.begin() != "..";
  });
}

// Where a feed comes from: one of url, exec, file.
void check_source(Reader& reader, Feed& feed, const Fetch& fetch, const YAML::Node& node) {
  const int given = (node["url"] ? 1 : 0) + (node["exec"] ? 1 : 0) + (node["file"] ? 1 : 0);
  if (given != 1) reader.mistake(node, "a feed needs one of the keys `url`, `exec` and `file`");
  if (!feed.details) return;
  const FeedDetails& details = *feed.details;
  if (!details.exec.empty()) feed.url = "exec:" + feed.name;
  if (details.file.empty()) return;
  feed.url = "file:" + details.file;
  if (!lies_in(details.file, fetch.allow_files)) {
    reader.mistake(node["file"], "`file`: " + details.file + " lies in none of the folders of fetch.allow_files");
  }
}

void check_feed(Reader& reader, Feed& feed, const Fetch& fetch, const YAML::Node& node) {
  if (!node.IsMap()) return;
  check_source(reader, feed, fetch, node);
  const bool is_page = feed.type == FeedType::kPage;
  const bool has_links = feed.details && (!feed.details->link_pattern.empty() || !feed.details->link_selector.empty());
  if (is_page && !has_links && !node["links"]) {
    reader.mistake(node, "a feed of type page needs the key `links` with a `pattern` or a `selector`");
  } else if (is_page && !has_links) {
    reader.mistake(node["links"], "`links`: expected a `pattern`, a `selector`, or both");
  }
  if (!is_page && node["links"]) reader.mistake(node["links"], "`links`: only a feed of type page has them");
  if (feed.recheck && !is_page && !feed.full_text) {
    reader.mistake(node["recheck"], "`recheck`: needs `full_text: true` or type page, which fetch the articles' pages");
  }
  if (static_cast<bool>(node["user"]) != static_cast<bool>(node["password_file"])) {
    reader.mistake(node, "`user` and `password_file` go together");
  }
  if (node["user"] && node["token_file"]) {
    reader.mistake(node["token_file"], "a feed takes either `user` and `password_file`, or `token_file`");
  }
}

// Whoever can reach the interface could read everything.
void check_api(Reader& reader, const YAML::Node& node, const Api& api) {
  const bool loopback = api.listen.empty() || api.listen.starts_with("127.") || api.listen.starts_with("[::1]");
  if (!loopback && api.token.empty() && !node["token_file"]) {
    reader.mistake(node, "`api`: listening beyond loopback needs the key `token_file`");
  }
}

// What no key can say alone.
void check_across(Reader& reader, const YAML::Node& document, Config& config, const Positions& positions) {
  for (std::size_t i = 0; i < positions.feeds.size(); ++i) {
    check_feed(reader, config.feeds[i], config.fetch, positions.feeds[i]);
  }
  if (config.feeds.empty() && !document["feeds"] && !document["opml"]) {
    reader.mistake(document, "no feeds: the configuration needs the key `feeds` or `opml`");
  } else if (config.feeds.empty() && positions.feeds.empty() && document["feeds"]) {
    reader.mistake(document["feeds"], "`feeds`: expected at least one feed");
  }
  if (const auto api = document["api"]; api && api.IsMap()) check_api(reader, api, config.api);
  if (!config.websub.callback_url.empty() && config.api.listen.empty()) {
    reader.mistake(document["websub"], "`websub`: hubs call api.listen, which is off");
  }
  check_unique(reader, config.plugins, &Plugin::id, positions.plugins, "plugins");
  check_unique(reader, config.rules, &Rule::name, positions.rules, "rules");
  const auto receivers = check_unique(reader, config.receivers, &Receiver::name, positions.receivers, "receivers");
  std::vector<std::string> feeds;
  for (const Feed& feed : config.feeds) feeds.push_back(feed.name);
  for (std::size_t i = 0; i < config.rules.size(); ++i) {
    const YAML::Node& node = positions.rules[i];
    const auto receivers_node = node["receivers"];
    if (receivers_node) check_names(reader, receivers_node, config.rules[i].receivers, receivers, "receiver");
    check_feeds_of(reader, node, config.rules[i].when, feeds);
  }
  for (std::size_t i = 0; i < config.receivers.size(); ++i) {
    check_receiver(reader, config.receivers[i], positions.receivers[i]);
  }
  check_alerting(reader, document, config, receivers, positions.rules);
}

}  // namespace

std::vector<Duration> Receiver::default_retry_schedule() {
  using namespace std::chrono;
  return {seconds(0), seconds(5), minutes(5), minutes(30), hours(2),
          hours(5),   hours(10),  hours(14),  hours(20),   hours(24)};
}

tl::expected<Config, std::vector<Error>> load_text(std::string_view yaml, const std::string& path,
                                                   const Environment& environment) {
  Reader reader(path, environment);
  Config config;
  config.file = path;
  config.store.url = "sqlite:" + reader.path("dprkwatch.db");
  Positions positions;
  if (!is_utf8(yaml)) {
    reader.mistake(YAML::Mark::null_mark(), "not UTF-8 text");
  } else if (auto document = parse_yaml(yaml, reader)) {
    if (document->IsNull()) {
      reader.mistake(YAML::Mark::null_mark(), "empty: the configuration needs at least the key `feeds`");
    } else {
      read_config(reader, *document, config, positions);
      if (document->IsMap()) {
        check_unique(reader, config.feeds, &Feed::name, positions.feeds, "feeds");
        add_opml(reader, config, positions);
        check_across(reader, *document, config, positions);
      }
    }
  }
  if (auto mistakes = reader.take_mistakes(); !mistakes.empty()) return tl::unexpected(std::move(mistakes));
  for (Feed& feed : config.feeds) {
    if (feed.source.empty()) feed.source = feed.name;
  }
  return config;
}

tl::expected<Config, std::vector<Error>> load_file(const std::string& path, const Environment& environment) {
  const auto refused = [&](const char* message) {
    return tl::unexpected(std::vector<Error>{{ErrorCode::kInvalidConfig, message, path}});
  };
  const auto bytes = read_file(path);
  if (!bytes) return refused("cannot read the configuration file");
  if (bytes->size() > kMaxFileBytes) return refused("larger than 4 MiB; that is no configuration");
  return load_text(*bytes, path, environment);
}

namespace {

// Whether a later message joins or changes the earlier one, or is read by a program.
bool joins(const Receiver& receiver) {
  switch (receiver.type) {
    case ReceiverType::kWebhook:
    case ReceiverType::kLog:
    case ReceiverType::kCloudEvents:
    case ReceiverType::kPagerDuty:
    case ReceiverType::kAlertmanager:
    case ReceiverType::kExec:
      return true;
    case ReceiverType::kSlack:
      return receiver.url.empty();  // a bot answers in the thread
    case ReceiverType::kDiscord:
    case ReceiverType::kTeams:
    case ReceiverType::kMattermost:
    case ReceiverType::kNtfy:
    case ReceiverType::kTelegram:
    case ReceiverType::kEmail:
      return false;
  }
  return false;
}

}  // namespace

bool wants_resolved(const Receiver& receiver) noexcept {
  return receiver.send_resolved.value_or(joins(receiver));
}
bool wants_updates(const Receiver& receiver) noexcept {
  return receiver.send_updates.value_or(joins(receiver));
}

const char* name_of(Severity severity) noexcept {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kCritical:
      return "critical";
  }
  return "warning";
}

const char* name_of(PluginMode mode) noexcept {
  switch (mode) {
    case PluginMode::kInProcess:
      return "in_process";
    case PluginMode::kIsolated:
      return "isolated";
    case PluginMode::kCommand:
      return "command";
  }
  return "in_process";
}

}  // namespace dprkwatch::config
