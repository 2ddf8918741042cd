#include "alert/why.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "alert/dispatch.hpp"
#include "alert/manage.hpp"

namespace dprkwatch::alert {
namespace {

namespace json = boost::json;

std::string joined(const std::vector<std::string>& list, const char* between) {
  std::string text;
  for (const std::string& item : list) text += (text.empty() ? "" : between) + item;
  return text;
}

std::string probability(double value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

// Where the alert stands with those that it goes to.
void standing(const std::vector<store::Group>& groups, RuleEnd& end) {
  std::vector<std::string> held;
  for (const store::Group& group : groups) {
    if (group.messages > 0) continue;
    held.push_back(group.receiver + ": " + (group.note.empty() ? "not looked at yet" : group.note));
  }
  if (!groups.empty() && held.size() == groups.size()) {
    end.step = Step::kHeld;
    end.why += "; held for " + joined(held, "; ");
    const std::string& note = groups.front().note;
    end.change = note.starts_with("silenced")    ? "expire that silence"
                 : note.starts_with("held back") ? "an inhibit rule without this pair, or the other alert's end"
                 : note.starts_with("muted")     ? "no mute_time_intervals on the route " + groups.front().route
                 : note.starts_with("not in")    ? "no active_time_intervals on the route " + groups.front().route
                                                 : "a shorter group_wait on the route " + groups.front().route;
    return;
  }
  end.step = Step::kTold;
  if (!held.empty()) end.why += "; held for " + joined(held, "; ");
}

std::string text_of(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

double number_of(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
}

plugin::Voice voice_of(const std::string& name) {
  if (name == "own") return plugin::Voice::kOwn;
  if (name == "quote") return plugin::Voice::kQuote;
  return name == "reported" ? plugin::Voice::kReported : plugin::Voice::kUnknown;
}

plugin::Annotation annotation_of(const json::object& object) {
  plugin::Annotation annotation;
  annotation.analyzer = text_of(object, "analyzer");
  annotation.kind = text_of(object, "kind");
  annotation.label = text_of(object, "label");
  annotation.score = number_of(object, "score");
  annotation.actor = text_of(object, "actor");
  annotation.target = text_of(object, "target");
  annotation.speaker = text_of(object, "speaker");
  annotation.voice = voice_of(text_of(object, "voice"));
  const json::value* conditional = object.if_contains("conditional");
  annotation.conditional = conditional != nullptr && conditional->is_bool() && conditional->as_bool();
  if (const json::value* details = object.if_contains("details")) annotation.details_json = json::serialize(*details);
  return annotation;
}

double deescalation_of(const plugin::Annotation& annotation) {
  boost::system::error_code error;
  const auto details = json::parse(annotation.details_json, error);
  return error || !details.is_object() ? 0 : number_of(details.as_object(), "deescalation");
}

json::object to_json(const RuleEnd& end) {
  return {{"rule", end.rule},
          {"step", name_of(end.step)},
          {"why", end.why},
          {"change", end.change.empty() ? json::value(nullptr) : json::value(end.change)}};
}

Result<std::vector<Past>> look_up(store::Transaction& store, const config::Config& config,
                                  const store::ArticleRow& row) {
  std::vector<Past> pasts;
  for (const config::Rule& rule : config.rules) {
    Past past;
    auto alert = store.alert_of(rule.name, row.outcome ? row.outcome->story : std::string());
    if (!alert) return tl::unexpected(std::move(alert.error()));
    past.alert = std::move(*alert);
    if (past.alert) {
      auto groups = store.groups_of(past.alert->alert.id);
      if (!groups) return tl::unexpected(std::move(groups.error()));
      past.groups = std::move(*groups);
    }
    auto stories = store.count_matches(rule.name);
    if (!stories) return tl::unexpected(std::move(stories.error()));
    past.stories = *stories;
    pasts.push_back(std::move(past));
  }
  return pasts;
}

Result<trend::Reading> reading_of(store::Transaction& store, const plugin::Analysis& analysis,
                                  const store::Article& article) {
  if (analysis.dyads.empty()) return trend::Reading{};
  const auto day = trend::day_of(article.published.value_or(article.fetched));
  return trend::read(store, analysis.dyads.front().actor, analysis.dyads.front().target, day);
}

std::string source_of(const config::Config& config, const std::string& feed) {
  for (const config::Feed& known : config.feeds) {
    if (known.name == feed) return known.source;
  }
  return feed;
}

}  // namespace

const char* name_of(Step step) noexcept {
  switch (step) {
    case Step::kWaiting:
      return "waiting";
    case Step::kQuarantined:
      return "quarantined";
    case Step::kNotRelevant:
      return "relevance";
    case Step::kNoRules:
      return "no rules";
    case Step::kCondition:
      return "condition";
    case Step::kStories:
      return "min_stories";
    case Step::kStory:
      return "story";
    case Step::kHeld:
      return "held";
    case Step::kTold:
      return "told";
  }
  return "condition";
}

RuleEnd judge_rule(const config::Rule& rule, const Subject& subject, const Past& past) {
  RuleEnd end;
  end.rule = rule.name;
  const auto failed = failures(rule.when, subject);
  if (!failed.empty()) {
    std::vector<std::string> whats;
    std::vector<std::string> changes;
    for (const Failure& failure : failed) {
      whats.push_back(failure.what);
      changes.push_back(failure.change);
      end.distance += failure.distance;
    }
    end.why = joined(whats, "; ");
    end.change = joined(changes, "; ");
    return end;
  }
  if (!past.alert) {
    end.step = Step::kStories;
    end.why = std::to_string(past.stories) + " of " + std::to_string(rule.min_stories) + " stories met the condition";
    end.change = "min_stories: " + std::to_string(std::max<std::int64_t>(past.stories, 1));
    if (past.stories < rule.min_stories) return end;
    end.why = "the condition holds now, and did not when the article was analysed";
    end.change = "the configuration of now, before the article came";
    end.step = Step::kCondition;
    return end;
  }
  const store::AlertRecord& alert = *past.alert;
  if (alert.alert.article != subject.article.id) {
    end.step = Step::kStory;
    end.why = "the story was alerted as " + alert.alert.id + " at " + to_rfc3339(alert.alert.created) +
              ", by article " + std::to_string(static_cast<std::int64_t>(alert.alert.article)) + " of " +
              std::to_string(alert.articles);
    end.change = "a text of its own: copies of a story raise one alert";
    return end;
  }
  end.why = "raised " + alert.alert.id + ": " + joined(grounds(rule.when, subject), ", ");
  standing(past.groups, end);
  return end;
}

ArticleEnd judge_article(const config::Config& config, const store::ArticleRow& row, const trend::Reading& reading,
                         const std::vector<Past>& pasts) {
  ArticleEnd end;
  if (row.state == "waiting") {
    end = {Step::kWaiting, "the article waits for its analysis", "wait", {}};
    return end;
  }
  if (row.state == "quarantined") {
    end = {Step::kQuarantined, "the article was put aside: " + row.reason, "mend the analyzer that fails on it", {}};
    return end;
  }
  const plugin::Analysis analysis = recall(row);
  if (analysis.relevance == plugin::Relevance::kNone) {
    end.step = Step::kNotRelevant;
    end.why = "not about the DPRK: relevance none, p=" + probability(analysis.relevance_probability);
    end.change = "an article that names the DPRK as its subject, or another relevance model";
    return end;
  }
  if (config.rules.empty()) {
    end.why = "the configuration has no rules";
    end.change = "a rule that fits";
    return end;
  }
  const Subject subject{row.article, analysis, row.outcome ? row.outcome->story : std::string(), reading,
                        source_of(config, row.article.feed_name)};
  for (std::size_t i = 0; i < config.rules.size(); ++i) {
    end.rules.push_back(judge_rule(config.rules[i], subject, i < pasts.size() ? pasts[i] : Past{}));
  }
  std::stable_sort(end.rules.begin(), end.rules.end(), [](const RuleEnd& a, const RuleEnd& b) {
    return a.step != b.step ? a.step > b.step : a.distance < b.distance;
  });
  const RuleEnd& first = end.rules.front();
  end.step = first.step;
  end.why = "rule " + first.rule + ": " + first.why;
  end.change = first.change.empty() ? std::string() : "rule " + first.rule + ": " + first.change;
  return end;
}

plugin::Analysis recall(const store::ArticleRow& row) {
  plugin::Analysis analysis;
  analysis.relevance = plugin::Relevance::kNone;
  if (!row.outcome) return analysis;
  const store::ArticleOutcome& outcome = *row.outcome;
  if (outcome.relevance == "about") analysis.relevance = plugin::Relevance::kAbout;
  if (outcome.relevance == "passing") analysis.relevance = plugin::Relevance::kPassing;
  analysis.relevance_probability = outcome.relevance_probability;
  analysis.escalation = outcome.escalation;
  analysis.deescalation = outcome.deescalation;
  analysis.level = outcome.level;
  boost::system::error_code error;
  const auto list = json::parse(outcome.annotations_json, error);
  if (error || !list.is_array()) return analysis;
  for (const json::value& item : list.as_array()) {
    if (!item.is_object()) continue;
    analysis.annotations.push_back(annotation_of(item.as_object()));
    const plugin::Annotation& last = analysis.annotations.back();
    if (last.kind == "dyad") analysis.dyads.push_back({last.actor, last.target, last.score, deescalation_of(last)});
  }
  std::stable_sort(analysis.dyads.begin(), analysis.dyads.end(),
                   [](const plugin::Dyad& a, const plugin::Dyad& b) { return a.escalation > b.escalation; });
  return analysis;
}

Result<std::optional<ArticleEnd>> why_not(store::Reader& reader, const config::Config& config, store::ArticleId id) {
  auto row = reader.article(id);
  if (!row) return tl::unexpected(std::move(row.error()));
  if (!*row) return std::optional<ArticleEnd>();
  const auto reading = reading_of(reader.transaction(), recall(**row), (*row)->article);
  if (!reading) return tl::unexpected(reading.error());
  const auto pasts = look_up(reader.transaction(), config, **row);
  if (!pasts) return tl::unexpected(pasts.error());
  return std::optional(judge_article(config, **row, *reading, *pasts));
}

json::object to_json(const ArticleEnd& end) {
  json::array rules;
  for (const RuleEnd& rule : end.rules) rules.push_back(to_json(rule));
  return {{"step", name_of(end.step)},
          {"why", end.why},
          {"change", end.change.empty() ? json::value(nullptr) : json::value(end.change)},
          {"rules", std::move(rules)}};
}

Result<std::optional<json::object>> why(store::Reader& reader, const config::Config& config, const std::string& id) {
  auto record = reader.transaction().alert(id);
  if (!record) return tl::unexpected(std::move(record.error()));
  if (!*record) return std::optional<json::object>();
  auto groups = reader.transaction().groups_of(id);
  if (!groups) return tl::unexpected(std::move(groups.error()));
  json::object object = to_json(**record, *groups);
  object["why"] = (*record)->alert.summary;
  const store::ArticleId article = (*record)->alert.article;
  if (article == store::ArticleId{0}) return std::optional(std::move(object));
  auto end = why_not(reader, config, article);
  if (!end) return tl::unexpected(std::move(end.error()));
  if (!*end) return std::optional(std::move(object));
  for (const RuleEnd& rule : (*end)->rules) {
    if (rule.rule != (*record)->alert.rule) continue;
    object["step"] = name_of(rule.step);
    object["why"] = rule.why;
  }
  return std::optional(std::move(object));
}

}  // namespace dprkwatch::alert
