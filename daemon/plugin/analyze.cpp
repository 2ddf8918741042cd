#include "plugin/analyze.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <sstream>

#include "text/text.hpp"

namespace dprkwatch::plugin {
namespace {

namespace json = boost::json;

// Four decimals: enough for a probability, and the same text on every machine.
double rounded(double value) { return std::round(value * 10000) / 10000; }

json::value or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

const std::string& field_of(const Input& input, const Span& span) {
  return span.field == Field::kTitle ? input.title : input.text;
}

json::object span_json(const Input& input, const Span& span) {
  json::object object;
  object["field"] = span.field == Field::kTitle ? "title" : "text";
  object["begin"] = span.begin;
  object["end"] = span.end;
  object["text"] = field_of(input, span).substr(span.begin, span.end - span.begin);
  object["contribution"] = rounded(span.contribution);
  return object;
}

json::object annotation_json(const Input& input, const Annotation& annotation) {
  json::object object;
  object["analyzer"] = annotation.analyzer;
  object["kind"] = annotation.kind;
  object["label"] = or_null(annotation.label);
  object["score"] = rounded(annotation.score);
  if (annotation.probability) object["probability"] = rounded(*annotation.probability);
  object["actor"] = or_null(annotation.actor);
  object["target"] = or_null(annotation.target);
  object["speaker"] = or_null(annotation.speaker);
  object["voice"] = or_null(name_of(annotation.voice));
  object["conditional"] = annotation.conditional;
  json::array spans;
  for (const Span& span : annotation.spans) spans.push_back(span_json(input, span));
  object["spans"] = std::move(spans);
  if (!annotation.details_json.empty()) object["details"] = json::parse(annotation.details_json);
  return object;
}

json::array annotations_array(const Input& input, const Analysis& analysis) {
  json::array array;
  for (const Annotation& annotation : analysis.annotations) array.push_back(annotation_json(input, annotation));
  return array;
}

json::object versions_object(const Analysis& analysis) {
  json::object object;
  for (const auto& [id, version] : analysis.versions) object[id] = version;
  for (const std::string& id : analysis.missing) object[id] = nullptr;
  return object;
}

json::object relevance_object(const Analysis& analysis) {
  return {{"label", name_of(analysis.relevance)}, {"probability", rounded(analysis.relevance_probability)}};
}

const Annotation* find_kind(const Analysis& analysis, std::string_view kind) {
  const auto found = std::find_if(analysis.annotations.begin(), analysis.annotations.end(),
                                  [&](const Annotation& annotation) { return annotation.kind == kind; });
  return found == analysis.annotations.end() ? nullptr : &*found;
}

}  // namespace

std::string to_json(const Input& input, const Analysis& analysis) {
  json::object article;
  article["id"] = or_null(input.id);
  article["title"] = input.title;
  article["text"] = input.text;
  article["language"] = or_null(input.language);
  article["url"] = or_null(input.url);
  article["source"] = or_null(input.source);
  article["published"] = input.published ? json::value(to_rfc3339(*input.published)) : json::value(nullptr);
  json::array dyads;
  for (const Dyad& dyad : analysis.dyads) {
    dyads.push_back(json::object{{"actor", dyad.actor},
                                 {"target", dyad.target},
                                 {"escalation", rounded(dyad.escalation)},
                                 {"deescalation", rounded(dyad.deescalation)}});
  }
  json::object object;
  object["article"] = std::move(article);
  object["relevance"] = relevance_object(analysis);
  object["escalation"] = rounded(analysis.escalation);
  object["deescalation"] = rounded(analysis.deescalation);
  object["level"] = analysis.level;
  object["dyads"] = std::move(dyads);
  object["annotations"] = annotations_array(input, analysis);
  object["versions"] = versions_object(analysis);
  if (!analysis.missing.empty()) object["missing"] = json::array(analysis.missing.begin(), analysis.missing.end());
  return json::serialize(object);
}

std::string to_sentence_json(const std::string& id_json, const Analysis& analysis) {
  json::object object;
  object["id"] = json::parse(id_json);
  const Annotation* statement = find_kind(analysis, "statement");
  const Annotation neutral;
  const Annotation& found = statement == nullptr ? neutral : *statement;
  object["level"] = found.label.size() == 1 ? found.label[0] - '0' : 0;
  object["level_expected"] = rounded(found.score);
  object["conditional"] = found.conditional;
  object["actor"] = found.actor.empty() ? "NONE" : found.actor;
  object["target"] = found.target.empty() ? "NONE" : found.target;
  object["voice"] = found.voice == Voice::kUnknown ? "own" : name_of(found.voice);
  double deescalation = 0;
  if (!found.details_json.empty()) {
    const auto details = json::parse(found.details_json);
    if (const auto* value = details.as_object().if_contains("deescalation")) deescalation = value->to_number<double>();
  }
  object["deescalation"] = rounded(deescalation);
  const Annotation* quad = find_kind(analysis, "quad");
  object["quad"] = quad == nullptr ? json::value(nullptr) : json::parse(quad->details_json);
  object["relevance"] = relevance_object(analysis);
  return json::serialize(object);
}

std::string annotations_json(const Input& input, const Analysis& analysis) {
  return json::serialize(annotations_array(input, analysis));
}

std::string versions_json(const Analysis& analysis) { return json::serialize(versions_object(analysis)); }

}  // namespace dprkwatch::plugin
