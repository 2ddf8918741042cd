#include "relevance/relevance.hpp"

#include <algorithm>
#include <utility>

#include "relevance/features.hpp"
#include "relevance/lexicon.hpp"
#include "relevance/model.hpp"
#include "relevance/scan.hpp"

namespace dprkwatch::relevance {
namespace {

// How much of the score a mention carries, beside the others.
double weight_of(const Mention& mention, const Term& term) {
  constexpr double kTitle = 3;
  constexpr double kFirstSentence = 2;
  double weight = mention.in_title ? kTitle : mention.sentence == 1 ? kFirstSentence : 1;
  if (term.role == Role::kWeak || term.role == Role::kState) weight /= 2;
  if (term.role == Role::kPeninsula) weight /= 4;
  return weight;
}

bool is_evidence(Role role) {
  return role == Role::kNorth || role == Role::kWeak || role == Role::kState || role == Role::kPeninsula;
}

std::vector<Evidence> evidence_of(const Scan& scan, const Terms& terms, double points) {
  std::vector<std::pair<double, const Mention*>> weighed;
  for (const Mention& mention : scan.mentions) {
    const Term& term = terms[mention.term];
    if (is_evidence(term.role)) weighed.emplace_back(weight_of(mention, term), &mention);
  }
  const auto heavier = [](const auto& left, const auto& right) { return left.first > right.first; };
  std::stable_sort(weighed.begin(), weighed.end(), heavier);
  if (weighed.size() > kMaxEvidence) weighed.resize(kMaxEvidence);
  double sum = 0;
  for (const auto& [weight, mention] : weighed) sum += weight;
  std::vector<Evidence> evidence;
  for (const auto& [weight, mention] : weighed) {
    const Normalized& field = mention->in_title ? scan.title : scan.text;
    evidence.push_back({mention->in_title ? Field::kTitle : Field::kText, field.origin[mention->begin],
                        field.origin[mention->end], points * weight / sum});
  }
  return evidence;
}

}  // namespace

struct Classifier::Parts {
  Terms terms;
  Model model;
};

Classifier::Classifier(const Data& data)
    : parts_(std::make_unique<const Parts>(
          Parts{load_terms(data.actors_json, data.places_json, data.lexicon_json), read_model(data.model_json)})) {}

Classifier::~Classifier() = default;
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;

double Classifier::about_threshold() const noexcept {
  return parts_->model.about_threshold;
}

Verdict Classifier::classify(const Input& input, std::optional<double> about_threshold) const {
  const Model& model = parts_->model;
  const Scan found = scan(input, parts_->terms);
  const Features features = extract(found, parts_->terms, input.source);
  Verdict verdict;
  if (!features.anything) return verdict;  // no sign of the North at all: nothing to weigh
  verdict.touch = logistic(log_odds(model.stages[static_cast<std::size_t>(Stage::kTouches)], features));
  verdict.probability =
      verdict.touch * logistic(log_odds(model.stages[static_cast<std::size_t>(Stage::kAbout)], features));
  if (verdict.probability >= about_threshold.value_or(model.about_threshold)) {
    verdict.label = Label::kAbout;
  } else if (verdict.touch >= model.passing_threshold) {
    verdict.label = Label::kPassing;
  }
  verdict.evidence = evidence_of(found, parts_->terms, 100 * verdict.probability);
  return verdict;
}

std::string_view name_of(Label label) noexcept {
  switch (label) {
    case Label::kNone:
      return "none";
    case Label::kPassing:
      return "passing";
    case Label::kAbout:
      return "about";
  }
  return "none";
}

}  // namespace dprkwatch::relevance
