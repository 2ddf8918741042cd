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
           reader.mistake(node, "`token_file`: expected one line of at least 16 characters (make one with: openssl rand -hex 32)");
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

const Table<Range>& range_table() {
  static const Table<Range> table{
      {{"min", Type::kNumber, "", "At least."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Range& range) {
         range.min = reader.number(node, key);
       }},
      {{"max", Type::kNumber, "", "At most."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Range& range) {
         range.max = reader.number(node, key);
       }},
  };
  return table;
}

std::vector<KeyInfo> range_keys() { return infos(range_table()); }

void read_range(Reader& reader, const YAML::Node& node, const KeyInfo& key, double highest, Range& range) {
  read_object(reader, node, key.name, range_table(), range);
  for (const auto& bound : {range.min, range.max}) {
    if (bound && (*bound < 0 || *bound > highest)) {
      reader.mistake(node, std::string("`") + key.name + "`: expected bounds from 0 to " +
                               std::to_string(static_cast<int>(highest)));
      return;
    }
  }
  if (range.min && range.max && *range.min > *range.max) {
    reader.mistake(node, std::string("`") + key.name + "`: min is greater than max, so nothing can fit");
  }
}

bool is_side(std::string_view side) {
  constexpr std::array<std::string_view, 9> kSides{"DPRK", "USA", "ROK", "JPN", "CHN", "RUS", "UN", "OTHER", "*"};
  return std::find(kSides.begin(), kSides.end(), side) != kSides.end();
}

// One of the key's choices, or a list of them.
void read_choices(Reader& reader, const YAML::Node& node, const KeyInfo& key, std::vector<std::string>& chosen) {
  const auto check = [&](const YAML::Node& item) {
    if (const auto index = reader.choice(item, key)) chosen.emplace_back(key.choices[*index]);
  };
  if (node.IsSequence()) {
    reader.list(node, "labels", check);
  } else {
    check(node);
  }
}

const Table<RevisionCondition>& revision_table() {
  static const Table<RevisionCondition> table{
      {{"kind", Type::kStrings, "", "What happened to it; default: any.", false, 0, 0, {"edited", "removed", "restored"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, RevisionCondition& revision) {
         read_choices(reader, node, key, revision.kind);
       }},
      {{"rise", Type::kNumber, "", "Points of escalation that it has now more than before, at least.", false, -100, 100},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, RevisionCondition& revision) {
         revision.rise = reader.number(node, key);
       }},
  };
  return table;
}

std::vector<KeyInfo> revision_keys() {
  return infos(revision_table());
}

void read_condition(Reader& reader, const YAML::Node& node, Condition& condition);

void read_conditions(Reader& reader, const YAML::Node& node, std::vector<Condition>& conditions) {
  const auto one = [&](const YAML::Node& item) { read_condition(reader, item, conditions.emplace_back()); };
  if (node.IsMap()) {
    one(node);
  } else {
    reader.list(node, "conditions", one);
  }
}

const Table<Condition>& condition_table() {
  static const Table<Condition> table{
      {{"relevance", Type::kStrings, "", "Any of about, passing.", false, 0, 0, {"about", "passing", "none"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         read_choices(reader, node, key, condition.relevance);
       }},
      {{"escalation", Type::kObject, "", "Bounds on the escalation, 0 to 100.", false, 0, 0, {}, &range_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         read_range(reader, node, key, 100, condition.escalation);
       }},
      {{"deescalation", Type::kObject, "", "Bounds on the de-escalation, 0 to 100.", false, 0, 0, {}, &range_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         read_range(reader, node, key, 100, condition.deescalation);
       }},
      {{"level", Type::kObject, "", "Bounds on the highest sentence level, 0 to 3.", false, 0, 0, {}, &range_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         read_range(reader, node, key, 3, condition.level);
       }},
      {{"dyad", Type::kStrings, "", "Any of these directed pairs, such as DPRK->USA or *->DPRK; scores are then its own."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         condition.dyad = reader.strings(node, key);
         for (const std::string& dyad : condition.dyad) {
           const auto arrow = dyad.find("->");
           if (arrow == std::string::npos || !is_side(dyad.substr(0, arrow)) || !is_side(dyad.substr(arrow + 2))) {
             reader.mistake(node, "`dyad`: `" + dyad +
                                      "`: expected ACTOR->TARGET of DPRK USA ROK JPN CHN RUS UN OTHER or *");
           }
         }
       }},
      {{"feed", Type::kStrings, "", "Any of these feeds, by name."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         condition.feed = reader.strings(node, key);
       }},
      {{"language", Type::kStrings, "", "Any of these languages (en, ko, ja, zh, ru)."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         condition.language = reader.strings(node, key);
       }},
      {{"revision", Type::kObject, "",
        "The article was edited, removed or restored after it was published; each revision alerts once.", false, 0, 0, {},
        &revision_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Condition& condition) {
         read_object(reader, node, "revision", revision_table(), condition.revision.emplace());
       }},
      {{"source", Type::kStrings, "", "Any of these outlets: `source` of a feed, or its name."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         condition.source = reader.strings(node, key);
       }},
      {{"state", Type::kStrings, "", "The trend of the strongest pair is any of these.", false, 0, 0,
        {"calm", "elevated", "escalating", "crisis"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         read_choices(reader, node, key, condition.state);
       }},
      {{"text", Type::kStrings, "", "Any of these words or phrases stands in title or text, without case."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         condition.text = reader.strings(node, key);
       }},
      {{"speaker", Type::kStrings, "",
        "Any of these is part of a statement's speaker, without case. The same statement must fit voice, conditional, level "
        "and dyad, when given."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         condition.speaker = reader.strings(node, key);
       }},
      {{"voice", Type::kStrings, "", "A statement's voice is any of these.", false, 0, 0, {"own", "quote", "reported"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         read_choices(reader, node, key, condition.voice);
       }},
      {{"conditional", Type::kChoice, "", "Whether a statement hangs on a condition (\"if\").", false, 0, 0,
        {"true", "false"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Condition& condition) {
         if (const auto index = reader.choice(node, key)) condition.conditional = *index == 0;
       }},
      {{"all_of", Type::kCondition, "", "Conditions that must all hold."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Condition& condition) {
         read_conditions(reader, node, condition.all_of);
       }},
      {{"any_of", Type::kCondition, "", "Conditions of which one must hold."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Condition& condition) {
         read_conditions(reader, node, condition.any_of);
       }},
      {{"not", Type::kCondition, "", "Conditions of which none may hold."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Condition& condition) {
         read_conditions(reader, node, condition.none_of);
       }},
  };
  return table;
}

void read_condition(Reader& reader, const YAML::Node& node, Condition& condition) {
  read_object(reader, node, "a condition", condition_table(), condition);
}

std::vector<KeyInfo> condition_keys() { return infos(condition_table()); }

void read_labels(Reader& reader, const YAML::Node& node, Rule& rule) {
  if (!node.IsMap()) {
    reader.mistake(node, "`labels`: expected a map of names and values");
    return;
  }
  for (const auto& entry : node) {
    const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
    if (!is_label_name(name) || !entry.second.IsScalar() || entry.second.Scalar().size() > 256) {
      reader.mistake(entry.first, "`labels`: expected a name of letters, digits and _, and a value of at most 256 bytes");
    } else if (is_own_label(name)) {
      reader.mistake(entry.first, "`labels`: `" + name + "` is the daemon's own");
    } else {
      rule.labels.emplace_back(name, entry.second.Scalar());
    }
  }
}

const Table<Rule>& rule_table() {
  static const Table<Rule> table{
      {{"name", Type::kString, "", "Unique; alerts carry it.", true},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         assign(rule.name, reader.string(node, key));
       }},
      {{"when", Type::kObject, "", "When it alerts; all that is given must hold.", true, 0, 0, {}, &condition_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Rule& rule) {
         read_condition(reader, node, rule.when);
       }},
      {{"severity", Type::kChoice, "warning", "How much it matters.", false, 0, 0, {"info", "warning", "critical"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         constexpr std::array kSeverities{Severity::kInfo, Severity::kWarning, Severity::kCritical};
         if (const auto index = reader.choice(node, key)) rule.severity = kSeverities.at(*index);
       }},
      {{"receivers", Type::kStrings, "", "Who is told, by name; required unless `route` names receivers."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         rule.receivers = reader.strings(node, key);
         if (node.IsSequence() && node.size() == 0) reader.mistake(node, "`receivers`: expected at least one");
       }},
      {{"labels", Type::kFree, "{}", "Labels added to the alert's own, for routes and silences."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Rule& rule) { read_labels(reader, node, rule); }},
      {{"message", Type::kString, "", "The alert's line, with {fields} in braces (docs/alerting.md); default: the daemon's own."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         assign(rule.message, reader.string(node, key));
         if (const auto wrong = wrong_field(rule.message)) {
           reader.mistake(node, "`message`: there is no field {" + *wrong + "}; known: " + known_fields());
         }
       }},
      {{"min_stories", Type::kInteger, "1", "How many stories must meet the condition, within the time of `within`.", false, 1,
        1000},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         if (const auto value = reader.integer(node, key)) rule.min_stories = static_cast<int>(*value);
       }},
      {{"within", Type::kDuration, "24h", "The time that min_stories looks back.", false, kMinute, 365 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         assign(rule.within, reader.duration(node, key));
       }},
      {{"resolve_after", Type::kDuration, "24h", "How long after the story's last article the alert ends.", false, kSecond,
        365 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Rule& rule) {
         assign(rule.resolve_after, reader.duration(node, key));
       }},
  };
  return table;
}

// What it must be depends on the type: see check_receiver.
void take_secret(Reader& reader, const YAML::Node& node, const KeyInfo& key, std::string text, Receiver& receiver) {
  if (!receiver.secret.empty()) {
    reader.mistake(node, "a receiver takes one of `secret_file` and `secret_env`");
    return;
  }
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  if (text.empty()) reader.mistake(node, std::string("`") + key.name + "`: the secret is empty");
  receiver.secret = std::move(text);
}

const Table<Receiver>& receiver_table() {
  static const Table<Receiver> table{
      {{"name", Type::kString, "", "Unique; rules name it.", true},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         assign(receiver.name, reader.string(node, key));
       }},
      {{"type", Type::kChoice, "webhook", "What it is.", false, 0, 0,
        {"webhook", "log", "cloudevents", "slack", "discord", "teams", "mattermost", "ntfy", "telegram", "pagerduty",
         "alertmanager", "email", "exec"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         // The order of ReceiverType.
         if (const auto index = reader.choice(node, key)) receiver.type = static_cast<ReceiverType>(*index);
       }},
      {{"channel", Type::kString, "", "Ntfy: the topic; telegram: the chat's id; slack with a token: the channel's id."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         assign(receiver.channel, reader.string(node, key));
       }},
      {{"url", Type::kString, "",
        "Where alerts are posted, http:// or https://; ntfy, telegram, pagerduty and a Slack bot have their service's own. "
        "Email: smtp:// (STARTTLS is required off loopback) or smtps://."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         const bool mail = node.IsScalar() && node.Scalar().starts_with("smtp");
         assign(receiver.url, mail ? reader.string(node, key) : reader.url(node, key));
       }},
      {{"from", Type::kString, "", "Email: the sender's address."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         assign(receiver.from, reader.string(node, key));
       }},
      {{"to", Type::kStrings, "", "Email: whom it goes to."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         receiver.to = reader.strings(node, key);
       }},
      {{"user", Type::kString, "", "Email: the login, with its password in secret_file or secret_env."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         assign(receiver.user, reader.string(node, key));
       }},
      {{"command", Type::kStrings, "", "Exec: the program and its arguments; no shell. The alert's JSON is its input."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         receiver.command = reader.strings(node, key);
         for (std::string& word : receiver.command) {
           if (word.starts_with("./") || word.starts_with("../")) word = reader.path(word);
         }
       }},
      {{"send_resolved", Type::kChoice, "", "Whether it hears that an alert is over; default by type (docs/alerting.md).", false,
        0, 0, {"true", "false"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         if (const auto index = reader.choice(node, key)) receiver.send_resolved = *index == 0;
       }},
      {{"send_updates", Type::kChoice, "", "Whether it hears that a story grew; default by type (docs/alerting.md).", false, 0,
        0, {"true", "false"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         if (const auto index = reader.choice(node, key)) receiver.send_updates = *index == 0;
       }},
      {{"secret_file", Type::kString, "",
        "Webhook: a file with the signing key, whsec_ and base64 of 24 to 64 bytes; several, one a line, while it changes. "
        "Telegram, ntfy and a Slack bot: the token. PagerDuty: the routing key. Email: the password."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         const auto path = reader.string(node, key);
         if (!path) return;
         auto text = read_small_file(reader.path(*path));
         if (text) {
           take_secret(reader, node, key, std::move(*text), receiver);
         } else {
           reader.mistake(node, "`secret_file`: cannot read " + reader.path(*path));
         }
       }},
      {{"secret_env", Type::kString, "", "The same from an environment variable."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         const auto name = reader.string(node, key);
         if (!name) return;
         auto text = reader.environment()(*name);
         if (text) {
           take_secret(reader, node, key, std::move(*text), receiver);
         } else {
           reader.mistake(node, "`secret_env`: the environment has no variable " + *name);
         }
       }},
      {{"path", Type::kString, "", "Log: the file that JSON lines are appended to; - is standard output."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         if (const auto path = reader.string(node, key)) receiver.path = *path == "-" ? *path : reader.path(*path);
       }},
      {{"retry_schedule", Type::kDurations, "[0s, 5s, 5m, 30m, 2h, 5h, 10h, 14h, 20h, 24h]",
        "Waits before the first attempt, the second, and so on; after the last one the delivery is a dead letter.", false, 0,
        30 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         if (auto waits = reader.durations(node, key); !waits.empty()) receiver.retry_schedule = std::move(waits);
       }},
      {{"timeout", Type::kDuration, "15s", "Longest time for one attempt.", false, 100 * kMillisecond, 5 * kMinute},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         assign(receiver.timeout, reader.duration(node, key));
       }},
      {{"concurrency", Type::kInteger, "4", "Attempts under way at once.", false, 1, 256},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         if (const auto value = reader.integer(node, key)) receiver.concurrency = static_cast<int>(*value);
       }},
      {{"order", Type::kChoice, "free",
        "Free: a retry waits aside while later ones go on. Strict: one at a time, each only when those before it were taken "
        "or given up on.", false, 0, 0, {"free", "strict"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         if (const auto index = reader.choice(node, key)) receiver.order = static_cast<DeliveryOrder>(*index);
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
      {{"format", Type::kChoice, "auto", "Text (coloured on a terminal) or JSON lines.", false, 0, 0,
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
void read_list(Reader& reader, const YAML::Node& node, const char* owner, const Table<T>& table, std::vector<T>& objects,
               std::vector<YAML::Node>& positions) {
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
      {{"websub", Type::kObject, "", "Pushes instead of polls, from feeds that name a hub.", false, 0, 0, {},
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
      {{"plugins", Type::kObjects, "[{id: relevance}, {id: rhetoric}]", "The analyzers.", false, 0, 0, {},
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
      {{"route", Type::kObject, "", "How alerts find their receivers, and when: a tree as Alertmanager has it.", false, 0, 0, {},
        &route_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_route(reader, node, document.config.route);
       }},
      {{"time_intervals", Type::kObjects, "[]", "Named times for routes.", false, 0, 0, {}, &times_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_times(reader, node, document.config.times);
       }},
      {{"inhibit_rules", Type::kObjects, "[]", "Alerts that hold back others while they fire.", false, 0, 0, {},
        &inhibition_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Document& document) {
         read_inhibitions(reader, node, document.config.inhibitions);
       }},
      {{"self_alerts", Type::kObject, "",
        "Alerts on the daemon's own troubles: a failing or disabled receiver, a dead letter, a stopped feed.", false, 0, 0, {},
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

std::vector<KeyInfo> top_keys() { return infos(document_table()); }

void read_config(Reader& reader, const YAML::Node& document, Config& config, Positions& positions) {
  Document target{config, positions};
  read_object(reader, document, "the configuration", document_table(), target);
}

}  // namespace dprkwatch::config
