#include "alert/condition.hpp"

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

}  // namespace

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

namespace {

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

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Where the term stands, without case for ASCII; npos when it does not. With `whole` not inside a longer word of
// letters and digits; scripts without blanks know no such borders.
std::size_t find_term(std::string_view text, std::string_view term, bool whole) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  for (auto from = text.begin(); !term.empty();) {
    const auto found = std::search(from, text.end(), term.begin(), term.end(), same);
    if (found == text.end()) break;
    const auto begin = static_cast<std::size_t>(found - text.begin());
    const std::size_t end = begin + term.size();
    const bool inside = (begin > 0 && is_word(text[begin - 1]) && is_word(term.front())) ||
                        (end < text.size() && is_word(text[end]) && is_word(term.back()));
    if (!whole || !inside) return begin;
    from = found + 1;
  }
  return std::string_view::npos;
}

bool text_holds(const std::vector<std::string>& terms, const store::Article& article) {
  return terms.empty() || std::any_of(terms.begin(), terms.end(), [&](const std::string& term) {
           return find_term(article.title, term, true) != std::string::npos ||
                  find_term(article.text, term, true) != std::string::npos;
         });
}

bool statement_fits(const config::Condition& condition, const plugin::Annotation& statement) {
  if (statement.kind != "statement") return false;
  if (condition.conditional && *condition.conditional != statement.conditional) return false;
  if (!any_of(condition.voice, plugin::name_of(statement.voice))) return false;
  const bool named = condition.speaker.empty() ||
                     std::any_of(condition.speaker.begin(), condition.speaker.end(), [&](const std::string& name) {
                       return find_term(statement.speaker, name, false) != std::string::npos;
                     });
  const bool about = condition.dyad.empty() ||
                     std::any_of(condition.dyad.begin(), condition.dyad.end(), [&](const std::string& pattern) {
                       return dyad_fits(pattern, {statement.actor, statement.target, 0, 0});
                     });
  const double level = statement.label.size() == 1 ? statement.label.front() - '0' : 0;
  return named && about && within(condition.level, level);
}

}  // namespace

std::string occasion_of(const config::Rule& rule, const Subject& subject) {
  if (!subject.article.revision || !asks_for_revision(rule.when)) return subject.story;
  return subject.story + "/revision/" + std::to_string(static_cast<std::int64_t>(subject.article.id)) + "/" +
         std::to_string(subject.article.revision->number);
}

bool asks_for_statement(const config::Condition& condition) {
  return condition.conditional.has_value() || !condition.voice.empty() || !condition.speaker.empty();
}

bool statements_hold(const config::Condition& condition, const plugin::Analysis& analysis) {
  return !asks_for_statement(condition) ||
         std::any_of(analysis.annotations.begin(), analysis.annotations.end(),
                     [&](const plugin::Annotation& statement) { return statement_fits(condition, statement); });
}

bool text_fits(const config::Condition& condition, const store::Article& article) {
  return text_holds(condition.text, article);
}

bool holds(const config::Condition& condition, const Subject& subject) {
  const auto nested = [&](const config::Condition& inner) { return holds(inner, subject); };
  const plugin::Analysis& analysis = subject.analysis;
  return any_of(condition.relevance, plugin::name_of(analysis.relevance)) && scores_hold(condition, analysis) &&
         within(condition.level, analysis.level) && any_of(condition.feed, subject.article.feed_name) &&
         any_of(condition.language, subject.article.language) && any_of(condition.source, subject.source) &&
         any_of(condition.state, trend::name_of(subject.trend.state)) && statements_hold(condition, analysis) &&
         text_fits(condition, subject.article) && revision_holds(condition.revision, subject) &&
         std::all_of(condition.all_of.begin(), condition.all_of.end(), nested) &&
         (condition.any_of.empty() || std::any_of(condition.any_of.begin(), condition.any_of.end(), nested)) &&
         std::none_of(condition.none_of.begin(), condition.none_of.end(), nested);
}

}  // namespace dprkwatch::alert
