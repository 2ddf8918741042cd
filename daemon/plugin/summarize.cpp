#include <algorithm>
#include <boost/json.hpp>

#include "plugin/host.hpp"

namespace dprkwatch::plugin {
namespace {

double deescalation_of(const Annotation& annotation) {
  boost::json::error_code error;
  const auto details = boost::json::parse(annotation.details_json, error);
  if (error || !details.is_object()) return 0;
  const auto* value = details.as_object().if_contains("deescalation");
  return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
}

Relevance relevance_of(std::string_view label) {
  if (label == "none") return Relevance::kNone;
  if (label == "passing") return Relevance::kPassing;
  return Relevance::kAbout;
}

}  // namespace

const char* name_of(Relevance relevance) noexcept {
  switch (relevance) {
    case Relevance::kNone:
      return "none";
    case Relevance::kPassing:
      return "passing";
    case Relevance::kAbout:
      return "about";
  }
  return "about";
}

const char* name_of(Voice voice) noexcept {
  switch (voice) {
    case Voice::kUnknown:
      return "";
    case Voice::kOwn:
      return "own";
    case Voice::kQuote:
      return "quote";
    case Voice::kReported:
      return "reported";
  }
  return "";
}

void summarize(Analysis& analysis) {
  for (const Annotation& annotation : analysis.annotations) {
    if (annotation.kind == "relevance") {
      analysis.relevance = relevance_of(annotation.label);
      analysis.relevance_probability = annotation.probability.value_or(1.0);
    } else if (annotation.kind == "escalation") {
      analysis.escalation = std::max(analysis.escalation, std::clamp(annotation.score, 0.0, 100.0));
      if (annotation.label.size() == 1) analysis.level = std::clamp(annotation.label[0] - '0', analysis.level, 3);
    } else if (annotation.kind == "deescalation") {
      analysis.deescalation = std::max(analysis.deescalation, std::clamp(annotation.score, 0.0, 100.0));
    } else if (annotation.kind == "dyad") {
      analysis.dyads.push_back({annotation.actor, annotation.target, std::clamp(annotation.score, 0.0, 100.0),
                                std::clamp(deescalation_of(annotation), 0.0, 100.0)});
    }
  }
  std::stable_sort(analysis.dyads.begin(), analysis.dyads.end(),
                   [](const Dyad& a, const Dyad& b) { return a.escalation > b.escalation; });
}

}  // namespace dprkwatch::plugin
