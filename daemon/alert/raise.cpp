#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "alert/alert.hpp"
#include "alert/dispatch.hpp"

namespace dprkwatch::alert {
namespace {

constexpr std::size_t kMaxDataBytes =
    19500;                            // of a body of 20,000 (DESIGN §5); type, sequence and status come around it
constexpr std::size_t kFlushes = 64;  // groups looked at in the transaction of one article

std::string source_of(const config::Config& config, const std::string& feed) {
  for (const config::Feed& known : config.feeds) {
    if (known.name == feed) return known.source;
  }
  return feed;
}

store::AlertRecord fresh_alert(const config::Rule& rule, const Subject& subject, Time now) {
  store::AlertRecord record;
  store::NewAlert& alert = record.alert;
  alert.story = occasion_of(rule, subject);
  alert.id = alert_id(rule.name, alert.story);
  alert.rule = rule.name;
  alert.severity = config::name_of(rule.severity);
  alert.article = subject.article.id;
  const std::string message = message_of(rule, subject);
  alert.summary = message.empty() ? summarize(subject) : message;
  alert.data_json = data_json(rule, subject, kMaxDataBytes);
  alert.created = now;
  alert.labels_json = to_json(labels_of(rule, subject));
  alert.resolve_at = now + rule.resolve_after;
  record.updated = now;
  return record;
}

double escalation_in(const std::string& data) {
  boost::system::error_code error;
  const auto value = boost::json::parse(data, error);
  const auto* object = error ? nullptr : value.if_object();
  const auto* score = object == nullptr ? nullptr : object->if_contains("escalation");
  return score != nullptr && score->is_number() ? score->to_number<double>() : 0;
}

// A further article of the story: it counts, a stronger one gives the alert its words, and the end is put off. One that
// was revised has been counted.
void update(store::AlertRecord& record, store::AlertRecord&& latest, double escalation, bool is_revised) {
  if (!is_revised) ++record.articles;
  record.updated = latest.updated;
  record.alert.resolve_at = latest.alert.resolve_at;
  record.alert.severity = latest.alert.severity;  // the rule's may have changed
  record.alert.labels_json = std::move(latest.alert.labels_json);
  if (escalation <= escalation_in(record.alert.data_json)) return;
  record.alert.summary = std::move(latest.alert.summary);
  record.alert.data_json = std::move(latest.alert.data_json);
}

// Whether enough stories have met the rule.
Result<bool> enough_stories(store::Transaction& store, const config::Rule& rule, const std::string& story, Time now) {
  if (rule.min_stories <= 1) return true;
  const auto count = store.note_match(rule.name, story, now, now - rule.within);
  if (!count) return tl::unexpected(count.error());
  return *count >= rule.min_stories;
}

// What the rule makes of the article; nothing when it holds nothing new.
Result<std::optional<Raised>> raise_one(store::Transaction& store, const config::Config& config,
                                        const config::Rule& rule, const Subject& subject, Time now) {
  const std::string occasion = occasion_of(rule, subject);
  auto known = store.alert_of(rule.name, occasion);
  if (!known) return tl::unexpected(std::move(known.error()));
  store::AlertRecord record = fresh_alert(rule, subject, now);
  Result<void> done;
  if (*known) {
    if ((*known)->resolved) return std::nullopt;
    update(**known, std::move(record), subject.analysis.escalation, subject.article.revision.has_value());
    record = std::move(**known);
    done = store.save_alert(record);
  } else {
    const auto enough = enough_stories(store, rule, occasion, now);
    if (!enough) return tl::unexpected(enough.error());
    if (!*enough) return std::nullopt;
    const auto inserted = store.insert_alert(record.alert);
    if (!inserted) return tl::unexpected(inserted.error());
  }
  if (done) done = enter(store, config, record, now);
  if (!done) return tl::unexpected(std::move(done.error()));
  return Raised{record.alert.id, rule.name, record.alert.severity, record.alert.summary, {}, !*known};
}

}  // namespace

std::string alert_id(const std::string& rule, const std::string& story) {
  return "al_" + digest_of({"alert", rule, story});
}

Result<std::vector<Raised>> raise(store::Transaction& store, const config::Config& config, const Subject& subject,
                                  Time now) {
  const Subject known{subject.article, subject.analysis, subject.story, subject.trend,
                      source_of(config, subject.article.feed_name)};
  std::vector<Raised> raised;
  for (const config::Rule& rule : config.rules) {
    if (!holds(rule.when, known)) continue;
    auto one = raise_one(store, config, rule, known, now);
    if (!one) return tl::unexpected(std::move(one.error()));
    if (*one) raised.push_back(std::move(**one));
  }
  if (raised.empty()) return raised;
  // Groups that do not wait are told in this transaction.
  auto owed = flush(store, config, now, kFlushes);
  if (!owed) return tl::unexpected(std::move(owed.error()));
  raised.back().receivers = std::move(*owed);
  return raised;
}

}  // namespace dprkwatch::alert
