#include "config/tables.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "config/alerting_tables.hpp"
#include "config/table.hpp"
#include "config/yaml_json.hpp"
#include "http/address_guard.hpp"

namespace dprkwatch::config {
namespace {

const Table<Store>& store_table() {
  static const Table<Store> table{
      {{"url", Type::kString, "sqlite:./dprkwatch.db", "Where everything is kept: sqlite:PATH."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Store& store) {
         const auto url = reader.string(node, key);
         if (!url) return;
         constexpr std::string_view kScheme = "sqlite:";
         if (!url->starts_with(kScheme) || url->size() == kScheme.size()) {
           reader.mistake(node, "`url`: expected sqlite: and the path of a file");
           return;
         }
         store.url = std::string(kScheme) + reader.path(url->substr(kScheme.size()));
       }},
  };
  return table;
}

constexpr std::size_t kMinTokenBytes = 16;

const Table<Api>& api_table() {
  static const Table<Api> table{
      {{"listen", Type::kString, "127.0.0.1:8380", "Address and port of the HTTP interface; \"off\" for none."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Api& api) {
         const auto text = reader.string(node, key);
         if (!text) return;
         if (*text == "off") {
           api.listen.clear();
           return;
         }
         // Port 0 is for tests: the kernel chooses.
         const bool any_port = text->ends_with(":0");
         const auto address = http::parse_network(any_port ? text->substr(0, text->size() - 2) + ":1" : *text);
         if (!address || !address->port || address->prefix != 128) {
           reader.mistake(node, "`listen`: expected an address with a port, such as 127.0.0.1:8380, or off");
           return;
         }
         api.listen = *text;
       }},
      {{"token_file", Type::kString, "",
        "A file with the token that requests must show (Authorization: Bearer TOKEN); required off loopback."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Api& api) {
         const auto path = reader.string(node, key);
         if (!path) return;
         auto token = read_small_file(reader.path(*path));
         if (!token) {
           reader.mistake(node, "`token_file`: cannot read " + reader.path(*path));
           return;
         }
         token->erase(token->find_last_not_of(" \t\r\n") + 1);
         if (token->size() < kMinTokenBytes || token->find_first_of(" \t\r\n") != std::string::npos) {
           reader.mistake(
               node, "`token_file`: expected one line of at least 16 characters (make one with: openssl rand -hex 32)");
           return;
         }
         api.token = std::move(*token);
       }},
  };
  return table;
}

const Table<Network>& network_table() {
  static const Table<Network> table{
      {{"allow", Type::kStrings, "[]",
        "Private or loopback addresses that may be called: address or CIDR, with or without a port."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Network& network) {
         network.allow = reader.strings(node, key);
         for (const std::string& text : network.allow) {
           if (const auto parsed = http::parse_network(text); !parsed) {
             reader.mistake(node, "`allow`: `" + text + "`: " + parsed.error().message);
           }
         }
       }},
  };
  return table;
}

const Table<WebSub>& websub_table() {
  static const Table<WebSub> table{
      {{"callback_url", Type::kUrl, "",
        "The public URL under which hubs reach api.listen; without it no hub is asked. /websub/... is added."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, WebSub& websub) {
         assign(websub.callback_url, reader.url(node, key));
         if (websub.callback_url.find_first_of("?#") != std::string::npos) {
           reader.mistake(node, "`callback_url`: expected a URL without query and fragment");
         }
       }},
      {{"interval", Type::kDuration, "1h", "How often a feed is polled while its hub pushes.", false,
        200 * kMillisecond, 30 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, WebSub& websub) {
         assign(websub.interval, reader.duration(node, key));
       }},
      {{"lease", Type::kDuration, "10d", "How long a subscription is asked for; it is renewed before its end.", false,
        kSecond, 365 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, WebSub& websub) {
         assign(websub.lease, reader.duration(node, key));
       }},
      {{"retry", Type::kDuration, "1m",
        "How soon a request that the hub did not verify is made again; doubles each time, up to a day.", false,
        100 * kMillisecond, kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, WebSub& websub) {
         assign(websub.retry, reader.duration(node, key));
       }},
  };
  return table;
}

const Table<Plugin>& plugin_table() {
  static const Table<Plugin> table{
      {{"id", Type::kString, "", "The plugin's own name.", true},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Plugin& plugin) {
         assign(plugin.id, reader.string(node, key));
       }},
      {{"mode", Type::kChoice, "in_process", "How it runs.", false, 0, 0, {"in_process", "isolated", "command"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Plugin& plugin) {
         constexpr std::array kModes{PluginMode::kInProcess, PluginMode::kIsolated, PluginMode::kCommand};
         if (const auto index = reader.choice(node, key)) plugin.mode = kModes.at(*index);
       }},
      {{"path", Type::kString, "", "Its shared object; default: ID.so of the installation."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Plugin& plugin) {
         if (const auto path = reader.string(node, key)) plugin.path = reader.path(*path);
       }},
      {{"command", Type::kStrings, "", "Mode command: the program and its arguments."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Plugin& plugin) {
         plugin.command = reader.strings(node, key);
         // As `path`: beside the configuration, not where the daemon happens to run.
         for (std::string& word : plugin.command) {
           if (word.starts_with("./") || word.starts_with("../")) word = reader.path(word);
         }
       }},
      {{"config", Type::kFree, "{}", "The plugin's own configuration."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Plugin& plugin) {
         if (!node.IsMap()) {
           reader.mistake(node, "`config`: expected a map of keys and values");
           return;
         }
         plugin.config_json = yaml_to_json(node);
       }},
      {{"need",
        Type::kChoice,
        "required",
        "Whether an article waits while the plugin is down, or goes on without it.",
        false,
        0,
        0,
        {"required", "optional"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Plugin& plugin) {
         if (const auto index = reader.choice(node, key)) plugin.required = *index == 0;
       }},
      {{"timeout", Type::kDuration, "10s", "Modes isolated and command: longest time for one article.", false,
        10 * kMillisecond, 10 * kMinute},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Plugin& plugin) {
         assign(plugin.timeout, reader.duration(node, key));
       }},
      {{"memory", Type::kSize, "1GiB", "Modes isolated and command: address space of its process.", false,
        32.0 * 1024 * 1024, 1024.0 * 1024 * 1024 * 1024},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Plugin& plugin) {
         assign(plugin.memory_bytes, reader.size(node, key));
       }},
      {{"max_in_flight", Type::kInteger, "32",
        "Modes isolated and command: articles sent before the first is answered.", false, 1, 1024},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Plugin& plugin) {
         if (const auto count = reader.integer(node, key)) plugin.max_in_flight = static_cast<std::size_t>(*count);
       }},
      {{"sandbox",
        Type::kChoice,
        "strict",
        "Mode command: strict leaves it no network, and no files but the system's programs and its own folder.",
        false,
        0,
        0,
        {"strict", "none"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Plugin& plugin) {
         if (const auto index = reader.choice(node, key)) plugin.sandbox = *index == 0;
       }},
  };
  return table;
}

const Table<Log>& log_table() {
  static const Table<Log> table{
      {{"level", Type::kChoice, "info", "The least that is written.", false, 0, 0, {"debug", "info", "warn", "error"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Log& log) {
         constexpr std::array kLevels{LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn, LogLevel::kError};
         if (const auto index = reader.choice(node, key)) log.level = kLevels.at(*index);
       }},
      {{"format",
        Type::kChoice,
        "auto",
        "Text (coloured on a terminal) or JSON lines.",
        false,
        0,
        0,
        {"auto", "text", "json"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Log& log) {
         constexpr std::array kFormats{LogFormat::kAuto, LogFormat::kText, LogFormat::kJson};
         if (const auto index = reader.choice(node, key)) log.format = kFormats.at(*index);
       }},
  };
  return table;
}

const Table<Limits>& limits_table() {
  static const Table<Limits> table{
      {{"workers", Type::kInteger, "0", "Threads that parse and analyse; 0 for one a core.", false, 0, 256},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Limits& limits) {
         if (const auto value = reader.integer(node, key)) limits.workers = static_cast<int>(*value);
       }},
      {{"max_outbox", Type::kInteger, "100000", "Deliveries owed above which polling pauses.", false, 1, 1e9},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Limits& limits) {
         assign(limits.max_outbox, reader.integer(node, key));
       }},
  };
  return table;
}

struct Document {
  Config& config;
  Positions& positions;
};

template <class T>
void read_list(Reader& reader, const YAML::Node& node, const char* owner, const Table<T>& table,
               std::vector<T>& objects, std::vector<YAML::Node>& positions) {
  reader.list(node, owner, [&](const YAML::Node& item) {
    read_object(reader, item, owner, table, objects.emplace_back());
    positions.push_back(item);
  });
}

template <auto Keys>
std::vector<KeyInfo> keys_of() {
  return infos(Keys());
}

const Table<Document>& document_table() {
  static const Table<Document> table{
      {{"store", Type::kObject, "", "Where everything is kept.", false, 0, 0, {}, &keys_of<store_table>},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_object(reader, node, "store", store_table(), document.config.store);
       }},
      {{"api", Type::kObject, "", "The HTTP interface.", false, 0, 0, {}, &keys_of<api_table>},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_object(reader, node, "api", api_table(), document.config.api);
       }},
      {{"network", Type::kObject, "", "Which addresses may be called.", false, 0, 0, {}, &keys_of<network_table>},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_object(reader, node, "network", network_table(), document.config.network);
       }},
      {{"fetch", Type::kObject, "", "How feeds are polled.", false, 0, 0, {}, &keys_of<fetch_table>},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_object(reader, node, "fetch", fetch_table(), document.config.fetch);
       }},
      {{"websub",
        Type::kObject,
        "",
        "Pushes instead of polls, from feeds that name a hub.",
        false,
        0,
        0,
        {},
        &keys_of<websub_table>},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_object(reader, node, "websub", websub_table(), document.config.websub);
       }},
      {{"feeds", Type::kObjects, "", "The feeds to watch.", false, 0, 0, {}, &keys_of<feed_table>},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_list(reader, node, "a feed", feed_table(), document.config.feeds, document.positions.feeds);
       }},
      {{"opml", Type::kStrings, "[]", "OPML files whose feeds are watched too."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Document& document) {
         for (const std::string& file : reader.strings(node, key)) {
           document.positions.opml.push_back(reader.path(file));
           document.positions.opml_nodes.push_back(node);
         }
       }},
      {{"plugins",
        Type::kObjects,
        "[{id: relevance}, {id: rhetoric}]",
        "The analyzers.",
        false,
        0,
        0,
        {},
        &keys_of<plugin_table>},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_list(reader, node, "a plugin", plugin_table(), document.config.plugins, document.positions.plugins);
       }},
      {{"rules", Type::kObjects, "[]", "When to alert.", false, 0, 0, {}, &keys_of<rule_table>},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_list(reader, node, "a rule", rule_table(), document.config.rules, document.positions.rules);
       }},
      {{"receivers", Type::kObjects, "[]", "Where alerts go.", false, 0, 0, {}, &keys_of<receiver_table>},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_list(reader, node, "a receiver", receiver_table(), document.config.receivers,
                   document.positions.receivers);
       }},
      {{"route",
        Type::kObject,
        "",
        "How alerts find their receivers, and when: a tree as Alertmanager has it.",
        false,
        0,
        0,
        {},
        &route_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_route(reader, node, document.config.route);
       }},
      {{"time_intervals", Type::kObjects, "[]", "Named times for routes.", false, 0, 0, {}, &times_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_times(reader, node, document.config.times);
       }},
      {{"inhibit_rules",
        Type::kObjects,
        "[]",
        "Alerts that hold back others while they fire.",
        false,
        0,
        0,
        {},
        &inhibition_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_inhibitions(reader, node, document.config.inhibitions);
       }},
      {{"self_alerts",
        Type::kObject,
        "",
        "Alerts on the daemon's own troubles: a failing or disabled receiver, a dead letter, a stopped feed.",
        false,
        0,
        0,
        {},
        &self_alerts_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_self_alerts(reader, node, document.config.self_alerts);
       }},
      {{"log", Type::kObject, "", "The daemon's own log, on standard error.", false, 0, 0, {}, &keys_of<log_table>},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_object(reader, node, "log", log_table(), document.config.log);
       }},
      {{"limits", Type::kObject, "", "Bounds on what the daemon uses.", false, 0, 0, {}, &keys_of<limits_table>},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_object(reader, node, "limits", limits_table(), document.config.limits);
       }},
  };
  return table;
}

}  // namespace

std::vector<KeyInfo> top_keys() {
  return infos(document_table());
}

void read_config(Reader& reader, const YAML::Node& document, Config& config, Positions& positions) {
  Document target{config, positions};
  read_object(reader, document, "the configuration", document_table(), target);
}

}  // namespace dprkwatch::config
