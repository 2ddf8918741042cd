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

}  // namespace

bool holds(const config::Condition& condition, const Subject& subject) {
  const auto nested = [&](const config::Condition& inner) { return holds(inner, subject); };
  const plugin::Analysis& analysis = subject.analysis;
  return any_of(condition.relevance, plugin::name_of(analysis.relevance)) && scores_hold(condition, analysis) &&
         within(condition.level, analysis.level) && any_of(condition.feed, subject.article.feed_name) &&
         any_of(condition.language, subject.article.language) &&
         std::all_of(condition.all_of.begin(), condition.all_of.end(), nested) &&
         (condition.any_of.empty() || std::any_of(condition.any_of.begin(), condition.any_of.end(), nested)) &&
         std::none_of(condition.none_of.begin(), condition.none_of.end(), nested);
}

}  // namespace dprkwatch::alert
