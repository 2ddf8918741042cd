#include <algorithm>
#include <string_view>

#include "config/table.hpp"

namespace dprkwatch::config {
namespace {

const Table<HostGroup>& host_group_table() {
  static const Table<HostGroup> table{
      {{"name", Type::kString, "", "What logs call it.", true},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, HostGroup& group) {
         assign(group.name, reader.string(node, key));
       }},
      {{"hosts", Type::kStrings, "", "Names such as example.org, or *.example.org for all below it.", true},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, HostGroup& group) {
         group.hosts = reader.strings(node, key);
         for (std::string& host : group.hosts) {
           std::ranges::transform(host, host.begin(),
                                  [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
           if (host.find('/') != std::string::npos) {
             reader.mistake(node, "`hosts`: `" + host + "`: expected the name of a host, without scheme and path");
           }
         }
       }},
  };
  return table;
}

std::vector<KeyInfo> host_group_keys() {
  return infos(host_group_table());
}

}  // namespace

const Table<Fetch>& fetch_table() {
  static const Table<Fetch> table{
      {{"interval", Type::kDuration, "15m", "How often a feed is polled that says nothing else; the shortest wait.",
        false, 200 * kMillisecond, 30 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         assign(fetch.interval, reader.duration(node, key));
       }},
      {{"max_interval", Type::kDuration, "",
        "The longest wait that a feed's rhythm and wishes, or a server's Retry-After, bring about. Default: 96 times "
        "the "
        "interval, which is 24h for 15m.",
        false, 200 * kMillisecond, 30 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         if (const auto wait = reader.duration(node, key)) fetch.max_interval = *wait;
       }},
      {{"max_backoff", Type::kDuration, "",
        "The longest wait between polls of a feed that fails. Default: 24 times the interval, which is 6h for 15m.",
        false, 200 * kMillisecond, 30 * kDay},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         if (const auto wait = reader.duration(node, key)) fetch.max_backoff = *wait;
       }},
      {{"jitter", Type::kNumber, "0.1", "Share of the interval by which a poll may come early or late.", false, 0, 0.5},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         assign(fetch.jitter, reader.number(node, key));
       }},
      {{"max_bytes", Type::kSize, "16MiB", "The largest document, after decoding.", false, 1024, 256.0 * 1024 * 1024},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         assign(fetch.max_bytes, reader.size(node, key));
       }},
      {{"connect_timeout", Type::kDuration, "10s", "Longest wait for a connection.", false, 100 * kMillisecond,
        5 * kMinute},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         assign(fetch.connect_timeout, reader.duration(node, key));
       }},
      {{"timeout", Type::kDuration, "30s", "Longest time for a whole poll.", false, 100 * kMillisecond, 10 * kMinute},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         assign(fetch.timeout, reader.duration(node, key));
       }},
      {{"max_redirects", Type::kInteger, "5", "Redirects followed in one poll.", false, 0, 20},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         if (const auto value = reader.integer(node, key)) fetch.max_redirects = static_cast<int>(*value);
       }},
      {{"max_in_flight", Type::kInteger, "32", "Polls under way at once.", false, 1, 1024},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         if (const auto value = reader.integer(node, key)) fetch.max_in_flight = static_cast<int>(*value);
       }},
      {{"max_per_host", Type::kInteger, "4", "Polls of one host at once, and connections to it.", false, 1, 64},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         if (const auto value = reader.integer(node, key)) fetch.max_per_host = static_cast<int>(*value);
       }},
      {{"requests_per_minute", Type::kInteger, "",
        "Requests to one host a minute, spread out. Default: 60, and no limit for private and loopback addresses.",
        false, 1, 100'000},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         if (const auto value = reader.integer(node, key)) fetch.requests_per_minute = static_cast<int>(*value);
       }},
      {{"host_groups",
        Type::kObjects,
        "[]",
        "Hosts that are one server: the limit on requests, and the wait that one of them asks for, hold for all.",
        false,
        0,
        0,
        {},
        &host_group_keys},
       [](Reader& reader, const YAML::Node& node, const KeyInfo&, Fetch& fetch) {
         reader.list(node, "host groups", [&](const YAML::Node& item) {
           read_object(reader, item, "a host group", host_group_table(), fetch.host_groups.emplace_back());
         });
       }},
      {{"contact", Type::kUrl, "", "A page where the owners of a server reach you; part of the User-Agent."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         assign(fetch.contact, reader.url(node, key));
       }},
      {{"proxy", Type::kString, "", "A proxy for all feeds: http://, https:// or socks5h://HOST:PORT."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         const auto proxy = reader.string(node, key);
         if (!proxy) return;
         const bool known =
             proxy->starts_with("http://") || proxy->starts_with("https://") || proxy->starts_with("socks5h://");
         if (!known) reader.mistake(node, "`proxy`: expected http://, https:// or socks5h:// and HOST:PORT");
         fetch.proxy = *proxy;
       }},
      {{"allow_files", Type::kStrings, "[]", "Folders that feeds with the key `file` may read from."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         for (const std::string& folder : reader.strings(node, key)) fetch.allow_files.push_back(reader.path(folder));
       }},
      {{"user_agent", Type::kString, "", "What servers see, whole; default: dprkwatch, its version and `contact`."},
       [](Reader& reader, const YAML::Node& node, const KeyInfo& key, Fetch& fetch) {
         assign(fetch.user_agent, reader.string(node, key));
       }},
  };
  return table;
}

}  // namespace dprkwatch::config
