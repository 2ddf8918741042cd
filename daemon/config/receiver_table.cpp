#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "config/table.hpp"
#include "config/yaml_json.hpp"

namespace dprkwatch::config {
namespace {

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

}  // namespace

const Table<Receiver>& receiver_table() {
  static const Table<Receiver> table{
      {{"name", Type::kString, "", "Unique; rules name it.", true},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         assign(receiver.name, reader.string(node, key));
       }},
      {{"type",
        Type::kChoice,
        "webhook",
        "What it is.",
        false,
        0,
        0,
        {"webhook", "log", "cloudevents", "slack", "discord", "teams", "mattermost", "ntfy", "telegram", "pagerduty",
         "alertmanager", "email", "exec"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         // The order of ReceiverType.
         if (const auto index = reader.choice(node, key)) receiver.type = static_cast<ReceiverType>(*index);
       }},
      {{"channel", Type::kString, "",
        "Ntfy: the topic; telegram: the chat's id; slack with a token: the channel's id."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         assign(receiver.channel, reader.string(node, key));
       }},
      {{"url", Type::kString, "",
        "Where alerts are posted, http:// or https://; ntfy, telegram, pagerduty and a Slack bot have their service's "
        "own. "
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
      {{"send_resolved",
        Type::kChoice,
        "",
        "Whether it hears that an alert is over; default by type (docs/alerting.md).",
        false,
        0,
        0,
        {"true", "false"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         if (const auto index = reader.choice(node, key)) receiver.send_resolved = *index == 0;
       }},
      {{"send_updates",
        Type::kChoice,
        "",
        "Whether it hears that a story grew; default by type (docs/alerting.md).",
        false,
        0,
        0,
        {"true", "false"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         if (const auto index = reader.choice(node, key)) receiver.send_updates = *index == 0;
       }},
      {{"secret_file", Type::kString, "",
        "Webhook: a file with the signing key, whsec_ and base64 of 24 to 64 bytes; several, one a line, while it "
        "changes. "
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
        "Waits before the first attempt, the second, and so on; after the last one the delivery is a dead letter.",
        false, 0, 30 * kDay},
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
      {{"order",
        Type::kChoice,
        "free",
        "Free: a retry waits aside while later ones go on. Strict: one at a time, each only when those before it were "
        "taken "
        "or given up on.",
        false,
        0,
        0,
        {"free", "strict"}},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Receiver& receiver) {
         if (const auto index = reader.choice(node, key)) receiver.order = static_cast<DeliveryOrder>(*index);
       }},
  };
  return table;
}

}  // namespace dprkwatch::config
