#include "alert/dispatch.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace dprkwatch::alert {
namespace {

const config::Receiver* receiver_of(const config::Config& config, const std::string& name) {
  for (const config::Receiver& receiver : config.receivers) {
    if (receiver.name == name) return &receiver;
  }
  return nullptr;
}

config::Severity severity_of(std::string_view name) {
  if (name == "critical") return config::Severity::kCritical;
  return name == "info" ? config::Severity::kInfo : config::Severity::kWarning;
}

std::vector<std::string> receivers_of_rule(const config::Config& config, const std::string& rule) {
  for (const config::Rule& known : config.rules) {
    if (known.name == rule) return known.receivers;
  }
  return {};
}

// Who is told of the daemon's own trouble: not the receiver that is in trouble.
std::vector<std::string> own_receivers(const config::Config& config, const Labels& labels) {
  const std::string trouble = value_of(labels, "receiver");
  std::vector<std::string> found = config.self_alerts.receivers;
  std::erase(found, trouble);
  if (!found.empty()) return found;
  for (const config::Receiver& receiver : config.receivers) {
    if (receiver.name != trouble) found.push_back(receiver.name);
  }
  return found;
}

// What all groups of one flush share.
struct Circumstances {
  const config::Config& config;
  std::vector<store::Silence> silences;
  std::vector<Firing> firing;  // only when something may be inhibited
  Time now;
};

Result<Circumstances> look_around(store::Transaction& store, const config::Config& config, Time now) {
  Circumstances around{config, {}, {}, now};
  auto silences = store.silences(now);
  if (!silences) return tl::unexpected(std::move(silences.error()));
  around.silences = std::move(*silences);
  if (config.inhibitions.empty()) return around;
  auto firing = store.firing_alerts();
  if (!firing) return tl::unexpected(std::move(firing.error()));
  for (const store::AlertRecord& record : *firing) {
    around.firing.push_back({record.alert.id, labels_from_json(record.alert.labels_json)});
  }
  return around;
}

Member member_of(const store::AlertRecord& record, const Circumstances& around) {
  Member member;
  member.id = record.alert.id;
  member.firing = !record.resolved;
  member.severity = severity_of(record.alert.severity);
  member.articles = record.articles;
  member.acked = record.acked.has_value();
  const Labels labels = labels_from_json(record.alert.labels_json);
  if (const auto by = inhibited(around.config.inhibitions, labels, around.firing)) {
    member.held = "held back by " + *by;
  } else if (const store::Silence* silence = silenced(around.silences, labels, around.now)) {
    member.held = "silenced by " + silence->id + " until " + to_rfc3339(silence->ends);
  }
  return member;
}

Occasion occasion_of(const store::Group& group, const config::Receiver& receiver, const Circumstances& around) {
  Occasion occasion;
  occasion.messages = group.messages;
  occasion.told = told_from_text(group.told);
  occasion.last_sent = group.last_sent;
  occasion.last_flush = group.last_flush;
  occasion.created = group.created;
  occasion.group_interval = config::kGroupInterval;
  occasion.repeat_interval = config::kRepeatInterval;
  occasion.send_resolved = config::wants_resolved(receiver);
  occasion.send_updates = config::wants_updates(receiver);
  if (group.route == kOwnRoute) return occasion;
  const config::Route& route = route_at(around.config.route, group.route);
  occasion.group_wait = route.group_wait;
  occasion.group_interval = route.group_interval;
  occasion.repeat_interval = route.repeat_interval;
  occasion.muted = muted(route, around.config.times, around.now).value_or(std::string());
  return occasion;
}

Result<void> tell(store::Transaction& store, const config::Receiver& receiver, const store::Group& group,
                  const Decision& decision, const std::vector<store::AlertRecord>& members, Time now) {
  std::vector<const store::AlertRecord*> shown;
  for (const std::string& id : decision.shown) {
    for (const store::AlertRecord& record : members) {
      if (record.alert.id == id) shown.push_back(&record);
    }
  }
  const auto sequence = store.next_sequence(receiver.name);
  if (!sequence) return tl::unexpected(sequence.error());
  store::NewDelivery delivery;
  delivery.alert_id = shown.front()->alert.id;
  delivery.receiver = receiver.name;
  delivery.sequence = *sequence;
  delivery.webhook_id = "msg_" + digest_of({"message", delivery.alert_id, receiver.name, std::to_string(*sequence)});
  delivery.body = body_of(decision.type, shown, group.labels, *sequence, now);
  delivery.kind = decision.type;
  delivery.group = group.key;
  delivery.first_attempt = now + (receiver.retry_schedule.empty() ? Duration::zero() : receiver.retry_schedule.front());
  return store.enqueue(delivery);
}

// True when a message was written.
Result<bool> flush_one(store::Transaction& store, store::Group group, const Circumstances& around) {
  const config::Receiver* receiver = receiver_of(around.config, group.receiver);
  if (receiver == nullptr) {
    if (auto done = store.drop_group(group.key); !done) return tl::unexpected(std::move(done.error()));
    return false;
  }
  auto records = store.group_members(group.key);
  if (!records) return tl::unexpected(std::move(records.error()));
  std::vector<Member> members;
  for (const store::AlertRecord& record : *records) members.push_back(member_of(record, around));
  const Decision decision = decide(occasion_of(group, *receiver, around), members, around.now);
  group.note = decision.why;
  group.next_flush = decision.next;
  group.last_flush = around.now;
  Result<void> done;
  if (decision.act == Act::kSend) {
    done = tell(store, *receiver, group, decision, *records, around.now);
    ++group.messages;
    group.told = to_text(decision.told);
    group.last_sent = around.now;
    if (done) done = store.prune_group(group.key);
  }
  const bool over = decision.act == Act::kEnd || (decision.act == Act::kSend && !decision.next);
  if (done) done = over ? store.drop_group(group.key) : store.save_group(group);
  if (!done) return tl::unexpected(std::move(done.error()));
  return decision.act == Act::kSend;
}

// The alert's groups are looked at by the next flush.
Result<void> stir(store::Transaction& store, const std::string& alert, Time now) {
  auto groups = store.groups_of(alert);
  if (!groups) return tl::unexpected(std::move(groups.error()));
  for (store::Group& group : *groups) {
    group.next_flush = now;
    if (auto done = store.save_group(group); !done) return done;
  }
  return {};
}

}  // namespace

std::string digest_of(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (const std::string_view part : parts) {
    if (!key.empty()) key += '\0';
    key += part;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(key.data(), key.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::string hex;
  for (std::size_t i = 0; i < 12; ++i) {
    std::array<char, 3> byte{};
    std::snprintf(byte.data(), byte.size(), "%02x", digest.at(i));
    hex += byte.data();
  }
  return hex;
}

std::vector<Destination> destinations(const config::Config& config, const Labels& labels,
                                      const std::vector<std::string>& rule_receivers) {
  std::vector<Destination> found;
  if (value_of(labels, "rule").starts_with(kOwnRule)) {
    const Labels group{{"rule", value_of(labels, "rule")}, {"story", value_of(labels, "story")}};
    for (const std::string& receiver : own_receivers(config, labels)) {
      found.push_back({std::string(kOwnRoute), group, receiver});
    }
    return found;
  }
  for (const config::Route* route : routes_of(config.route, labels)) {
    for (const std::string& receiver : route->receivers.empty() ? rule_receivers : route->receivers) {
      found.push_back({route->path, group_labels(*route, labels), receiver});
    }
  }
  return found;
}

Result<void> enter(store::Transaction& store, const config::Config& config, const store::AlertRecord& record,
                   Time now) {
  const Labels labels = labels_from_json(record.alert.labels_json);
  for (const Destination& to : destinations(config, labels, receivers_of_rule(config, record.alert.rule))) {
    const std::string group_json = to_json(to.group);
    const std::string key = digest_of({"group", to.route, group_json, to.receiver});
    auto known = store.group(key);
    if (!known) return tl::unexpected(std::move(known.error()));
    store::Group group;
    if (*known) {
      group = std::move(**known);
    } else {
      group.key = key;
      group.receiver = to.receiver;
      group.route = to.route;
      group.labels = group_json;
      group.created = now;
    }
    group.next_flush = now;
    Result<void> done = store.save_group(group);
    if (done) done = store.join_group(key, record.alert.id);
    if (!done) return done;
  }
  return {};
}

Result<std::vector<std::string>> flush(store::Transaction& store, const config::Config& config, Time now,
                                       std::size_t limit) {
  std::vector<std::string> owed;
  auto groups = store.groups_due(now, limit);
  if (!groups) return tl::unexpected(std::move(groups.error()));
  if (groups->empty()) return owed;
  const auto around = look_around(store, config, now);
  if (!around) return tl::unexpected(around.error());
  for (store::Group& group : *groups) {
    std::string receiver = group.receiver;
    const auto sent = flush_one(store, std::move(group), *around);
    if (!sent) return tl::unexpected(sent.error());
    if (*sent) owed.push_back(std::move(receiver));
  }
  std::sort(owed.begin(), owed.end());
  owed.erase(std::unique(owed.begin(), owed.end()), owed.end());
  return owed;
}

Result<void> resolve_due(store::Transaction& store, Time now, std::size_t limit) {
  auto over = store.alerts_to_resolve(now, limit);
  if (!over) return tl::unexpected(std::move(over.error()));
  for (store::AlertRecord& record : *over) {
    record.resolved = true;
    record.resolved_at = now;
    Result<void> done = store.save_alert(record);
    if (done) done = stir(store, record.alert.id, now);
    if (!done) return done;
  }
  return {};
}

Result<bool> acknowledge(store::Transaction& store, const std::string& id, const std::string& by,
                         const std::string& comment, Time now) {
  auto found = store.alert(id);
  if (!found) return tl::unexpected(std::move(found.error()));
  if (!*found || (*found)->resolved) return false;
  store::AlertRecord& record = **found;
  record.acked = now;
  record.acked_by = by;
  record.acked_comment = comment;
  if (auto done = store.save_alert(record); !done) return tl::unexpected(std::move(done.error()));
  return true;
}

Result<std::optional<Time>> next_work(store::Transaction& store) {
  auto flush = store.next_flush();
  if (!flush) return flush;
  auto resolve = store.next_resolve();
  if (!resolve) return resolve;
  if (!*flush) return *resolve;
  if (!*resolve) return *flush;
  return std::min(**flush, **resolve);
}

}  // namespace dprkwatch::alert
