#include "alert/own.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "alert/dispatch.hpp"
#include "text/text.hpp"
#include "watch/completeness.hpp"

namespace dprkwatch::alert {
namespace {

std::string count_of(std::int64_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

void look_at(const store::ReceiverHealth& health, const config::SelfAlerts& self, Time now,
             std::vector<Trouble>& found) {
  const std::string error = text::printable(text::shorten(health.last_error, 200));
  if (health.disabled) {
    found.push_back({"receiver_disabled",
                     health.name,
                     {},
                     config::Severity::kCritical,
                     "the receiver " + health.name + " is disabled since " + to_rfc3339(*health.disabled) +
                         ": its endpoint answered 410; nothing is sent to it until its url is changed or it is enabled "
                         "by hand (dprkwatch receiver enable)"});
  } else if (health.failing_since && now - *health.failing_since >= self.receiver_failing) {
    found.push_back({"receiver_failing",
                     health.name,
                     {},
                     config::Severity::kCritical,
                     "the receiver " + health.name + " fails since " + to_rfc3339(*health.failing_since) + ": " +
                         count_of(health.failures, "attempt") + " in a row; the last: " + error});
  }
  if (health.dead_letters > 0) {
    found.push_back({"dead_letters",
                     health.name,
                     {},
                     config::Severity::kWarning,
                     count_of(health.dead_letters, "message") + " to the receiver " + health.name +
                         " could not be delivered (dprkwatch delivery list --state dead)" +
                         (error.empty() ? "" : "; the last error: " + error),
                     health.dead_letters});
  }
}

void look_at(const store::FeedState& feed, const config::SelfAlerts& self, Time now, std::vector<Trouble>& found) {
  const std::string error = text::printable(text::shorten(feed.last_error, 200));
  // No next poll after one: the server said that the feed is gone.
  if (feed.last_poll && !feed.next_poll && feed.failures > 0) {
    found.push_back({"feed_stopped",
                     {},
                     feed.name,
                     config::Severity::kWarning,
                     "the feed " + feed.name + " is gone and is polled no more: " + error});
    return;
  }
  if (!feed.last_success) return;
  const auto silent = feed.failures == 0 && self.feed_silent
                          ? watch::silent_since(feed.entry_gap, feed.newest_entry, now)
                          : std::nullopt;
  if (silent) {
    found.push_back({"feed_silent",
                     {},
                     feed.name,
                     config::Severity::kWarning,
                     "the feed " + feed.name + " answers, and has had no news since " + to_rfc3339(*feed.newest_entry) +
                         "; against its own rhythm it is silent since " + to_rfc3339(*silent)});
  }
  if (feed.failures == 0) return;
  if (now - *feed.last_success < self.feed_failing) return;
  found.push_back({"feed_stopped",
                   {},
                   feed.name,
                   config::Severity::kWarning,
                   "the feed " + feed.name + " was last read at " + to_rfc3339(*feed.last_success) + "; " +
                       count_of(feed.failures, "poll") + " failed since: " + error});
}

template <class T>
bool has(const std::vector<T>& list, const std::string& name) {
  return std::any_of(list.begin(), list.end(), [&](const T& item) { return item.name == name; });
}

// The troubles of feeds that are watched: the store knows those of old too. Few are in trouble, and many may be
// watched.
void keep_watched(const config::Config& config, std::vector<Trouble>& feeds) {
  if (feeds.empty()) return;
  std::unordered_set<std::string_view> watched;
  for (const config::Feed& feed : config.feeds) watched.insert(feed.name);
  std::erase_if(feeds, [&](const Trouble& trouble) { return !watched.contains(trouble.feed); });
}

std::string subject_of(const Trouble& trouble) {
  return trouble.receiver.empty() ? "feed:" + trouble.feed : "receiver:" + trouble.receiver;
}

std::string rule_of(const Trouble& trouble) {
  return std::string(kOwnRule) + trouble.kind;
}

std::string data_of(const std::string& id, const Trouble& trouble, const std::string& story) {
  namespace json = boost::json;
  const json::object data{
      {"alert_id", id},
      {"rule", rule_of(trouble)},
      {"severity", config::name_of(trouble.severity)},
      {"summary", trouble.text},
      {"message", trouble.text},
      {"dyad", ""},
      {"escalation", 0},
      {"baseline", 0},
      {"state", ""},
      {"article",
       json::object{
           {"title", trouble.text}, {"url", ""}, {"feed", "dprkwatch"}, {"published", nullptr}, {"language", "en"}}},
      {"evidence", json::array{}},
      {"story", json::object{{"id", story}, {"size", 1}}},
      {"links", json::object{}}};
  return json::serialize(data);
}

Result<Raised> raise_own(store::Transaction& store, const config::Config& config, const Trouble& trouble, Time now) {
  store::AlertRecord record;
  store::NewAlert& alert = record.alert;
  alert.rule = rule_of(trouble);
  // A trouble that comes again is a new alert.
  alert.story = subject_of(trouble) + ":" + std::to_string(now.time_since_epoch().count());
  alert.id = alert_id(alert.rule, alert.story);
  alert.severity = config::name_of(trouble.severity);
  alert.summary = trouble.text;
  alert.data_json = data_of(alert.id, trouble, alert.story);
  alert.created = now;
  Labels labels{{"rule", alert.rule}, {"severity", alert.severity}, {"story", alert.story}};
  if (!trouble.receiver.empty()) labels["receiver"] = trouble.receiver;
  if (!trouble.feed.empty()) labels["feed"] = trouble.feed;
  alert.labels_json = to_json(labels);
  record.updated = now;
  record.articles = trouble.count;
  const auto inserted = store.insert_alert(alert);
  if (!inserted) return tl::unexpected(inserted.error());
  Result<void> done = store.save_alert(record);
  if (done) done = enter(store, config, record, now);
  if (!done) return tl::unexpected(std::move(done.error()));
  return Raised{alert.id, alert.rule, alert.severity, alert.summary, {}, true};
}

bool is_about(const store::AlertRecord& record, const Trouble& trouble) {
  return record.alert.rule == rule_of(trouble) && record.alert.story.starts_with(subject_of(trouble) + ":");
}

// Its trouble goes on, perhaps worse; or it is over.
Result<void> follow(store::Transaction& store, const config::Config& config, store::AlertRecord record,
                    const Trouble* trouble, Time now) {
  if (trouble != nullptr && trouble->count <= record.articles) return {};
  record.updated = now;
  if (trouble != nullptr) {
    record.articles = trouble->count;
    record.alert.summary = trouble->text;
    record.alert.data_json = data_of(record.alert.id, *trouble, record.alert.story);
  } else {
    auto whole = store.alert(record.alert.id);
    if (!whole) return tl::unexpected(std::move(whole.error()));
    if (*whole) record.alert.data_json = (*whole)->alert.data_json;
    record.resolved = true;
    record.resolved_at = now;
  }
  auto done = store.save_alert(record);
  if (done) done = enter(store, config, record, now);
  return done;
}

}  // namespace

std::vector<Trouble> troubles(const config::Config& config, const std::vector<store::ReceiverHealth>& receivers,
                              const std::vector<store::FeedState>& feeds, Time now) {
  std::vector<Trouble> found;
  if (!config.self_alerts.on) return found;
  for (const store::ReceiverHealth& health : receivers) {
    if (has(config.receivers, health.name)) look_at(health, config.self_alerts, now, found);
  }
  std::vector<Trouble> of_feeds;
  for (const store::FeedState& feed : feeds) look_at(feed, config.self_alerts, now, of_feeds);
  keep_watched(config, of_feeds);
  std::move(of_feeds.begin(), of_feeds.end(), std::back_inserter(found));
  return found;
}

Result<std::vector<Raised>> watch_over(store::Transaction& store, const config::Config& config, Time now) {
  auto receivers = store.receivers_health();
  if (!receivers) return tl::unexpected(std::move(receivers.error()));
  auto feeds = store.feeds();
  if (!feeds) return tl::unexpected(std::move(feeds.error()));
  const auto found = troubles(config, *receivers, *feeds, now);
  auto firing = store.firing_alerts();
  if (!firing) return tl::unexpected(std::move(firing.error()));
  std::erase_if(*firing, [](const store::AlertRecord& record) { return !record.alert.rule.starts_with(kOwnRule); });
  for (const store::AlertRecord& record : *firing) {
    const auto same = [&](const Trouble& trouble) { return is_about(record, trouble); };
    const auto trouble = std::find_if(found.begin(), found.end(), same);
    auto done = follow(store, config, record, trouble == found.end() ? nullptr : &*trouble, now);
    if (!done) return tl::unexpected(std::move(done.error()));
  }
  std::vector<Raised> raised;
  for (const Trouble& trouble : found) {
    const auto same = [&](const store::AlertRecord& record) { return is_about(record, trouble); };
    if (std::any_of(firing->begin(), firing->end(), same)) continue;
    auto one = raise_own(store, config, trouble, now);
    if (!one) return tl::unexpected(std::move(one.error()));
    raised.push_back(std::move(*one));
  }
  return raised;
}

}  // namespace dprkwatch::alert
