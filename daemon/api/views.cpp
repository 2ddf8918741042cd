#include "api/views.hpp"

#include <cmath>
#include <string>
#include <utility>

#include "article/revision.hpp"
#include "trend/trend.hpp"
#include "watch/completeness.hpp"
#include "websub/websub.hpp"

namespace dprkwatch::api {
namespace {

namespace json = boost::json;

json::value time_or_null(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

double rounded(double value) {
  return std::round(value * 100) / 100;
}

// What the store keeps as JSON was written by the daemon; should it be damaged, it is shown as absent.
json::value stored_json(const std::string& text) {
  json::error_code error;
  json::value value = json::parse(text, error);
  return error ? json::value(nullptr) : value;
}

std::string day_name(std::chrono::sys_days day) {
  return to_rfc3339(day).substr(0, 10);
}

json::object gap_json(const store::Gap& gap) {
  return {{"from", to_rfc3339(gap.begin)}, {"to", to_rfc3339(gap.end)}, {"entries", gap.entries}};
}

// Nothing when they are the same.
json::array changes_json(const std::string& before, const std::string& after) {
  json::array changes;
  if (before == after) return changes;
  for (const article::WordChange& change : article::diff_by_words(before, after)) {
    const char* kind = change.kind == article::WordChange::Kind::kSame      ? "same"
                       : change.kind == article::WordChange::Kind::kRemoved ? "removed"
                                                                            : "added";
    changes.push_back(json::object{{"kind", kind}, {"text", change.text}});
  }
  return changes;
}

}  // namespace

json::object view(const store::ArticleRow& row, bool whole) {
  json::object object{{"id", static_cast<std::int64_t>(row.article.id)},
                      {"title", row.article.title},
                      {"url", row.article.url},
                      {"feed", row.article.feed_name},
                      {"language", row.article.language},
                      {"published", time_or_null(row.article.published)},
                      {"fetched", to_rfc3339(row.article.fetched)},
                      {"state", row.state}};
  if (!row.reason.empty()) object["reason"] = row.reason;
  if (whole) object["text"] = row.article.text;
  if (!row.outcome) return object;
  const store::ArticleOutcome& outcome = *row.outcome;
  object["relevance"] =
      json::object{{"label", outcome.relevance}, {"probability", rounded(outcome.relevance_probability)}};
  object["escalation"] = rounded(outcome.escalation);
  object["deescalation"] = rounded(outcome.deescalation);
  object["level"] = outcome.level;
  object["story"] = outcome.story;
  object["analysed"] = to_rfc3339(outcome.analysed);
  if (whole) {
    object["annotations"] = stored_json(outcome.annotations_json);
    object["versions"] = stored_json(outcome.versions_json);
  }
  return object;
}

json::object view(const store::AlertRow& row) {
  json::object object{{"id", row.alert.id},           {"created", to_rfc3339(row.alert.created)},
                      {"rule", row.alert.rule},       {"severity", row.alert.severity},
                      {"summary", row.alert.summary}, {"article_id", static_cast<std::int64_t>(row.alert.article)}};
  if (row.alert.article == store::ArticleId{0}) object["article_id"] = nullptr;
  object["status"] = row.resolved ? "resolved" : "firing";
  object["updated"] = to_rfc3339(row.updated);
  object["articles"] = row.articles;
  object["acknowledged_by"] = row.acked_by.empty() ? json::value(nullptr) : json::value(row.acked_by);
  object["labels"] = stored_json(row.alert.labels_json);
  object["data"] = stored_json(row.alert.data_json);
  return object;
}

json::object view(const store::DeliveryRow& row) {
  json::object object{{"id", static_cast<std::int64_t>(row.delivery.id)},
                      {"alert_id", row.delivery.alert_id},
                      {"receiver", row.delivery.receiver},
                      {"webhook_id", row.delivery.webhook_id},
                      {"sequence", row.delivery.sequence},
                      {"state", store::name_of(row.state)},
                      {"attempts", row.delivery.attempts}};
  object["next_attempt"] = row.state == store::DeliveryState::kPending
                               ? json::value(to_rfc3339(row.delivery.next_attempt))
                               : json::value(nullptr);
  object["last_attempt"] = time_or_null(row.last_attempt);
  object["last_status"] = row.last_status;
  object["last_answer"] = row.last_answer;
  return object;
}

json::object view(const store::StoryRow& row) {
  return {{"id", row.story},
          {"title", row.title},
          {"size", row.size},
          {"escalation", rounded(row.escalation)},
          {"first", to_rfc3339(row.first)},
          {"last", to_rfc3339(row.last)}};
}

json::object view(const store::FeedState& feed, const std::vector<store::Gap>& gaps, Time now) {
  json::object object{{"id", static_cast<std::int64_t>(feed.id)}, {"name", feed.name}, {"url", feed.url}};
  object["last_poll"] = time_or_null(feed.last_poll);
  object["last_success"] = time_or_null(feed.last_success);
  object["next_poll"] = time_or_null(feed.next_poll);
  object["why"] = feed.poll_why.empty() ? json::value(nullptr) : json::value(feed.poll_why);
  object["interval_seconds"] = static_cast<double>(feed.poll_interval.count()) / 1000;
  object["failures"] = feed.failures;
  object["error"] = feed.last_error.empty() ? json::value(nullptr) : json::value(feed.last_error);
  object["moved_to"] = feed.moved_url.empty() ? json::value(nullptr) : json::value(feed.moved_url);
  object["newest_entry"] = time_or_null(feed.newest_entry);
  object["silent_since"] = time_or_null(watch::silent_since(feed.entry_gap, feed.newest_entry, now));
  json::array blind;
  for (const store::Gap& gap : gaps) {
    if (gap.feed == feed.id) blind.push_back(gap_json(gap));
  }
  object["blind"] = std::move(blind);
  return object;
}

json::object view(const store::Revision& revision, const std::string& title, const std::string& text) {
  json::object object{{"number", revision.number},
                      {"kind", store::name_of(revision.kind)},
                      {"at", to_rfc3339(revision.at)},
                      {"detail", revision.detail},
                      {"title_before", revision.title}};
  object["escalation_before"] = revision.escalation ? json::value(rounded(*revision.escalation)) : json::value(nullptr);
  object["title_changes"] = changes_json(revision.title, title);
  object["text_changes"] = changes_json(revision.text, text);
  return object;
}

json::array view(const std::vector<store::Gap>& gaps, const std::vector<store::FeedState>& feeds) {
  json::array list;
  for (const store::Gap& gap : gaps) {
    json::object object = gap_json(gap);
    for (const store::FeedState& feed : feeds) {
      if (feed.id == gap.feed) object["feed"] = feed.name;
    }
    list.push_back(std::move(object));
  }
  return list;
}

json::object view(const store::Subscription& subscription, Time now) {
  json::object object{{"state", websub::name_of(subscription, now)},
                      {"hub", subscription.hub},
                      {"topic", subscription.topic},
                      {"relied_on", websub::is_pushing(subscription, now)}};
  object["lease_end"] = time_or_null(subscription.lease_end);
  object["last_push"] = time_or_null(subscription.last_push);
  object["error"] = subscription.last_error.empty() ? json::value(nullptr) : json::value(subscription.last_error);
  return object;
}

json::object view(const store::Quarantined& row) {
  json::object object{{"id", static_cast<std::int64_t>(row.id)}, {"title", row.title}, {"feed", row.feed_name}};
  object["plugin"] = row.plugin.empty() ? json::value(nullptr) : json::value(row.plugin);
  object["reason"] = row.reason;
  object["since"] = time_or_null(row.since);
  return object;
}

json::object view(const store::Counts& counts) {
  return {{"feeds", counts.feeds},
          {"articles", counts.articles},
          {"waiting", counts.pending},
          {"quarantined", counts.quarantined},
          {"alerts", counts.alerts},
          {"deliveries_owed", counts.owed},
          {"dead_letters", counts.dead_letters}};
}

json::object view(const std::vector<store::SeriesRow>& rows, std::chrono::sys_days from) {
  json::array dyads;
  for (std::size_t begin = 0; begin < rows.size();) {
    std::size_t end = begin;
    while (end < rows.size() && rows[end].actor == rows[begin].actor && rows[end].target == rows[begin].target) ++end;
    json::array days;
    for (std::size_t i = begin; i < end; ++i) {
      const store::SeriesDay& day = rows[i].day;
      if (day.day < from) continue;
      std::vector<double> past;
      for (std::size_t k = begin; k < i; ++k) {
        if (rows[k].day.day >= day.day - trend::kPast) past.push_back(rows[k].day.escalation_max);
      }
      const trend::Reading reading = trend::judge(day.escalation_max, std::move(past));
      days.push_back(json::object{{"day", day_name(day.day)},
                                  {"articles", day.articles},
                                  {"escalation", rounded(day.escalation_max)},
                                  {"deescalation", rounded(day.deescalation_max)},
                                  {"baseline", rounded(reading.baseline)},
                                  {"state", trend::name_of(reading.state)}});
    }
    if (!days.empty()) {
      dyads.push_back(json::object{{"actor", rows[begin].actor}, {"target", rows[begin].target}, {"days", days}});
    }
    begin = end;
  }
  return {{"dyads", std::move(dyads)}};
}

}  // namespace dprkwatch::api
