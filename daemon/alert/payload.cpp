#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "alert/alert.hpp"
#include "text/text.hpp"

namespace dprkwatch::alert {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxEvidence = 5;
constexpr std::size_t kMaxSentenceBytes = 1000;

struct Evidence {
  std::string text;
  std::string speaker;
  double contribution = 0;
};

double rounded(double value) {
  return std::round(value * 10) / 10;
}

// The sentences that made the score, strongest first.
std::vector<Evidence> evidence_of(const Subject& subject) {
  std::vector<Evidence> found;
  for (const plugin::Annotation& annotation : subject.analysis.annotations) {
    if (annotation.kind != "statement") continue;
    for (const plugin::Span& span : annotation.spans) {
      if (span.contribution <= 0) continue;
      const std::string& field = span.field == plugin::Field::kTitle ? subject.article.title : subject.article.text;
      found.push_back({field.substr(span.begin, span.end - span.begin),
                       annotation.speaker.empty() ? annotation.actor : annotation.speaker, span.contribution});
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Evidence& a, const Evidence& b) { return a.contribution > b.contribution; });
  return found;
}

std::string dyad_name(const plugin::Analysis& analysis) {
  return analysis.dyads.empty() ? std::string() : analysis.dyads.front().actor + "->" + analysis.dyads.front().target;
}

json::object article_json(const store::Article& article) {
  json::object object;
  object["title"] = text::shorten(article.title, kMaxSentenceBytes);
  object["url"] = text::prefix(article.url, 2048);
  object["feed"] = article.feed_name;
  object["published"] = article.published ? json::value(to_rfc3339(*article.published)) : json::value(nullptr);
  object["language"] = article.language;
  return object;
}

json::object revision_json(const store::Revision& revision) {
  json::object object{{"kind", store::name_of(revision.kind)},
                      {"number", revision.number},
                      {"at", to_rfc3339(revision.at)},
                      {"detail", revision.detail}};
  object["escalation_before"] = revision.escalation ? json::value(rounded(*revision.escalation)) : json::value(nullptr);
  return object;
}

}  // namespace

std::string summarize(const Subject& subject) {
  const plugin::Analysis& analysis = subject.analysis;
  std::string line = dyad_name(analysis);
  if (!line.empty()) line += " ";
  if (const auto& revision = subject.article.revision) {
    line += std::string(store::name_of(revision->kind)) + " after publication (" + revision->detail + "), ";
    if (revision->escalation) line += "before " + std::to_string(std::lround(*revision->escalation)) + ", ";
  }
  line += "escalation " + std::to_string(std::lround(analysis.escalation)) + " (usual " +
          std::to_string(std::lround(subject.trend.baseline)) + ", " + trend::name_of(subject.trend.state) + ")";
  const auto evidence = evidence_of(subject);
  if (!evidence.empty()) {
    line += ": ";
    if (!evidence.front().speaker.empty()) line += evidence.front().speaker + ": ";
    line += "\u201c" + text::shorten(evidence.front().text, 160) + "\u201d";
  }
  line += " | " + text::shorten(subject.article.title, 120) + " | " + subject.article.feed_name;
  return text::printable(line);
}

Labels labels_of(const config::Rule& rule, const Subject& subject) {
  const plugin::Analysis& analysis = subject.analysis;
  Labels labels{{"rule", rule.name},
                {"severity", config::name_of(rule.severity)},
                {"state", trend::name_of(subject.trend.state)},
                {"feed", subject.article.feed_name},
                {"source", subject.source},
                {"language", subject.article.language},
                {"story", subject.story},
                {"level", std::to_string(analysis.level)}};
  if (!analysis.dyads.empty()) {
    labels["dyad"] = dyad_name(analysis);
    labels["actor"] = analysis.dyads.front().actor;
    labels["target"] = analysis.dyads.front().target;
  }
  for (const auto& [name, value] : rule.labels) labels[name] = value;
  return labels;
}

std::string message_of(const config::Rule& rule, const Subject& subject) {
  if (rule.message.empty()) return {};
  Labels fields = labels_of(rule, subject);
  fields["title"] = text::shorten(subject.article.title, 200);
  fields["url"] = text::prefix(subject.article.url, 1024);
  fields["escalation"] = std::to_string(std::lround(subject.analysis.escalation));
  fields["deescalation"] = std::to_string(std::lround(subject.analysis.deescalation));
  fields["baseline"] = std::to_string(std::lround(subject.trend.baseline));
  const auto evidence = evidence_of(subject);
  if (!evidence.empty()) {
    fields["quote"] = text::shorten(evidence.front().text, 200);
    fields["speaker"] = evidence.front().speaker;
  }
  // What a field holds is not looked at again: a title can name no field.
  std::string line;
  for (std::size_t at = 0; at < rule.message.size();) {
    const auto open = std::min(rule.message.find('{', at), rule.message.size());
    const auto close = rule.message.find('}', open);
    line.append(rule.message, at, open - at);
    if (open == rule.message.size() || close == std::string::npos) break;
    line += value_of(fields, rule.message.substr(open + 1, close - open - 1));
    at = close + 1;
  }
  return text::printable(line);
}

std::string data_json(const config::Rule& rule, const Subject& subject, std::size_t max_bytes) {
  const plugin::Analysis& analysis = subject.analysis;
  json::object data;
  data["alert_id"] = alert_id(rule.name, occasion_of(rule, subject));
  data["rule"] = rule.name;
  data["severity"] = config::name_of(rule.severity);
  const std::string message = message_of(rule, subject);
  data["summary"] = message.empty() ? summarize(subject) : message;
  if (!message.empty()) data["message"] = message;
  data["dyad"] = dyad_name(analysis);
  data["escalation"] = rounded(analysis.escalation);
  data["baseline"] = rounded(subject.trend.baseline);
  data["state"] = trend::name_of(subject.trend.state);
  data["article"] = article_json(subject.article);
  if (subject.article.revision) data["revision"] = revision_json(*subject.article.revision);
  data["story"] = json::object{{"id", subject.story}, {"size", 1}};
  data["links"] = json::object{};
  auto evidence = evidence_of(subject);
  bool cut = evidence.size() > kMaxEvidence;
  if (cut) evidence.resize(kMaxEvidence);
  for (;;) {
    json::array list;
    for (const Evidence& item : evidence) {
      list.push_back(json::object{{"text", text::shorten(item.text, kMaxSentenceBytes)},
                                  {"speaker", item.speaker},
                                  {"contribution", rounded(item.contribution)}});
    }
    data["evidence"] = std::move(list);
    if (cut) data["evidence_cut"] = true;
    std::string text = json::serialize(data);
    if (text.size() <= max_bytes || evidence.empty()) return text;
    evidence.pop_back();
    cut = true;
  }
}

}  // namespace dprkwatch::alert
