#include <algorithm>
#include <string_view>

#include "alert/alert.hpp"

namespace dprkwatch::alert {
namespace {

bool within(const config::Range& range, double value) {
  return (!range.min || value >= *range.min) && (!range.max || value <= *range.max);
}

bool any_of(const std::vector<std::string>& wanted, std::string_view value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

bool side_fits(std::string_view pattern, std::string_view code) {
  return pattern == "*" || pattern == code;
}

// "DPRK->USA"; checked when the configuration was read.
bool dyad_fits(std::string_view pattern, const plugin::Dyad& dyad) {
  const auto arrow = pattern.find("->");
  return arrow != std::string_view::npos && side_fits(pattern.substr(0, arrow), dyad.actor) &&
         side_fits(pattern.substr(arrow + 2), dyad.target);
}

bool scores_hold(const config::Condition& condition, const plugin::Analysis& analysis) {
  if (condition.dyad.empty()) {
    return within(condition.escalation, analysis.escalation) && within(condition.deescalation, analysis.deescalation);
  }
  return std::any_of(analysis.dyads.begin(), analysis.dyads.end(), [&](const plugin::Dyad& dyad) {
    const bool fits = std::any_of(condition.dyad.begin(), condition.dyad.end(),
                                  [&](const std::string& pattern) { return dyad_fits(pattern, dyad); });
    return fits && within(condition.escalation, dyad.escalation) && within(condition.deescalation, dyad.deescalation);
  });
}

bool revision_holds(const std::optional<config::RevisionCondition>& condition, const Subject& subject) {
  if (!condition) return true;
  const auto& revision = subject.article.revision;
  if (!revision || !any_of(condition->kind, store::name_of(revision->kind))) return false;
  return !condition->rise || subject.analysis.escalation - revision->escalation.value_or(0) >= *condition->rise;
}

// Whether the condition can hold for revised articles only.
bool asks_for_revision(const config::Condition& condition) {
  const auto nested = [](const config::Condition& inner) { return asks_for_revision(inner); };
  return condition.revision || std::any_of(condition.all_of.begin(), condition.all_of.end(), nested) ||
         std::any_of(condition.any_of.begin(), condition.any_of.end(), nested);
}

}  // namespace

std::string occasion_of(const config::Rule& rule, const Subject& subject) {
  if (!subject.article.revision || !asks_for_revision(rule.when)) return subject.story;
  return subject.story + "/revision/" + std::to_string(static_cast<std::int64_t>(subject.article.id)) + "/" +
         std::to_string(subject.article.revision->number);
}

bool holds(const config::Condition& condition, const Subject& subject) {
  const auto nested = [&](const config::Condition& inner) { return holds(inner, subject); };
  const plugin::Analysis& analysis = subject.analysis;
  return any_of(condition.relevance, plugin::name_of(analysis.relevance)) && scores_hold(condition, analysis) &&
         within(condition.level, analysis.level) && any_of(condition.feed, subject.article.feed_name) &&
         any_of(condition.language, subject.article.language) && revision_holds(condition.revision, subject) &&
         std::all_of(condition.all_of.begin(), condition.all_of.end(), nested) &&
         (condition.any_of.empty() || std::any_of(condition.any_of.begin(), condition.any_of.end(), nested)) &&
         std::none_of(condition.none_of.begin(), condition.none_of.end(), nested);
}

}  // namespace dprkwatch::alert
