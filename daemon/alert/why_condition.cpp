// Which parts of a condition hold and which do not, in words.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "alert/condition.hpp"
#include "alert/why.hpp"

namespace dprkwatch::alert {
namespace {

// Without a ".0" where it is none.
std::string shown(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f", number);
  std::string result(text.data());
  if (result.ends_with(".0")) result.resize(result.size() - 2);
  return result;
}

std::string listed(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& item : list) text += (text.empty() ? "" : ", ") + item;
  return "[" + text + "]";
}

bool has(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

struct Words {
  std::vector<Failure> failures;
  std::vector<std::string> grounds;
};

void range(const char* name, const config::Range& bounds, double value, double highest, Words& words) {
  const std::string have = std::string(name) + " " + shown(value);
  if (bounds.min && value < *bounds.min) {
    // A bound that is shown rounded up would still not let it through.
    words.failures.push_back({have + " < " + shown(*bounds.min),
                              std::string(name) + ": { min: " + shown(std::floor(value * 10) / 10) + " }",
                              (*bounds.min - value) / highest});
  } else if (bounds.min) {
    words.grounds.push_back(have + " >= " + shown(*bounds.min));
  }
  if (bounds.max && value > *bounds.max) {
    words.failures.push_back({have + " > " + shown(*bounds.max),
                              std::string(name) + ": { max: " + shown(std::ceil(value * 10) / 10) + " }",
                              (value - *bounds.max) / highest});
  } else if (bounds.max) {
    words.grounds.push_back(have + " <= " + shown(*bounds.max));
  }
}

void choice(const char* name, const std::vector<std::string>& wanted, const std::string& value, Words& words) {
  if (wanted.empty()) return;
  const std::string have = std::string(name) + " " + (value.empty() ? "(none)" : value);
  if (has(wanted, value)) {
    words.grounds.push_back(have);
  } else {
    words.failures.push_back({have + " is not in " + listed(wanted),
                              value.empty() ? std::string("leave out ") + name : std::string(name) + ": " + value, 1});
  }
}

bool side_fits(std::string_view pattern, std::string_view code) {
  return pattern == "*" || pattern == code;
}

bool dyad_fits(const std::string& pattern, const plugin::Dyad& dyad) {
  const auto arrow = pattern.find("->");
  return arrow != std::string::npos && side_fits(std::string_view(pattern).substr(0, arrow), dyad.actor) &&
         side_fits(std::string_view(pattern).substr(arrow + 2), dyad.target);
}

double gap(const config::Range& bounds, double value) {
  if (bounds.min && value < *bounds.min) return *bounds.min - value;
  return bounds.max && value > *bounds.max ? value - *bounds.max : 0;
}

// With dyads the scores are those of one of them: the one that is nearest to fit.
void scores(const config::Condition& condition, const plugin::Analysis& analysis, Words& words) {
  if (condition.dyad.empty()) {
    range("escalation", condition.escalation, analysis.escalation, 100, words);
    range("deescalation", condition.deescalation, analysis.deescalation, 100, words);
    return;
  }
  const plugin::Dyad* nearest = nullptr;
  std::string found;
  for (const plugin::Dyad& dyad : analysis.dyads) {
    found += (found.empty() ? "" : ", ") + dyad.actor + "->" + dyad.target;
    const bool fits = std::any_of(condition.dyad.begin(), condition.dyad.end(),
                                  [&](const std::string& pattern) { return dyad_fits(pattern, dyad); });
    if (!fits) continue;
    const auto away = [&](const plugin::Dyad& one) {
      return gap(condition.escalation, one.escalation) + gap(condition.deescalation, one.deescalation);
    };
    if (nearest == nullptr || away(dyad) < away(*nearest)) nearest = &dyad;
  }
  if (nearest == nullptr) {
    words.failures.push_back(
        {"no pair of " + listed(condition.dyad) + " (found: " + (found.empty() ? "none" : found) + ")",
         found.empty() ? "leave out dyad" : "dyad: [" + found + "]", 1});
    return;
  }
  words.grounds.push_back("dyad " + nearest->actor + "->" + nearest->target);
  range("escalation", condition.escalation, nearest->escalation, 100, words);
  range("deescalation", condition.deescalation, nearest->deescalation, 100, words);
}

void statement(const config::Condition& condition, const plugin::Analysis& analysis, Words& words) {
  if (!asks_for_statement(condition)) return;
  std::string asked;
  if (!condition.speaker.empty()) asked += " by " + listed(condition.speaker);
  if (!condition.voice.empty()) asked += " in voice " + listed(condition.voice);
  if (condition.conditional) asked += *condition.conditional ? " with a condition" : " without a condition";
  if (statements_hold(condition, analysis)) {
    words.grounds.push_back("a statement" + asked);
    return;
  }
  // Which one demand, left out, would let it through?
  const auto without = [&](const char* key, void (*drop)(config::Condition&)) -> std::string {
    config::Condition less = condition;
    drop(less);
    return statements_hold(less, analysis) ? std::string("leave out ") + key : std::string();
  };
  std::string change;
  if (change.empty()) change = without("conditional", [](config::Condition& c) { c.conditional.reset(); });
  if (change.empty()) change = without("voice", [](config::Condition& c) { c.voice.clear(); });
  if (change.empty()) change = without("speaker", [](config::Condition& c) { c.speaker.clear(); });
  if (change.empty()) change = "leave out conditional, voice and speaker";
  words.failures.push_back({"no statement" + asked, change, 1});
}

Words judge(const config::Condition& condition, const Subject& subject);

double distance(const std::vector<Failure>& failures) {
  double sum = 0;
  for (const Failure& failure : failures) sum += failure.distance;
  return sum;
}

void nested(const config::Condition& condition, const Subject& subject, Words& words) {
  const auto add = [&](Words&& inner) {
    words.failures.insert(words.failures.end(), inner.failures.begin(), inner.failures.end());
    words.grounds.insert(words.grounds.end(), inner.grounds.begin(), inner.grounds.end());
  };
  for (const config::Condition& inner : condition.all_of) add(judge(inner, subject));
  for (const config::Condition& inner : condition.none_of) {
    if (!holds(inner, subject)) continue;
    std::string what;
    for (const std::string& ground : judge(inner, subject).grounds) what += (what.empty() ? "" : ", ") + ground;
    words.failures.push_back({"excluded by `not`: " + (what.empty() ? "anything" : what), "leave out that `not`", 1});
  }
  std::optional<Words> nearest;
  for (const config::Condition& inner : condition.any_of) {
    Words branch = judge(inner, subject);
    if (!nearest || distance(branch.failures) < distance(nearest->failures)) nearest = std::move(branch);
  }
  if (nearest) add(std::move(*nearest));
}

Words judge(const config::Condition& condition, const Subject& subject) {
  Words words;
  const plugin::Analysis& analysis = subject.analysis;
  choice("relevance", condition.relevance, plugin::name_of(analysis.relevance), words);
  scores(condition, analysis, words);
  range("level", condition.level, analysis.level, 3, words);
  choice("feed", condition.feed, subject.article.feed_name, words);
  choice("source", condition.source, subject.source, words);
  choice("language", condition.language, subject.article.language, words);
  choice("state", condition.state, trend::name_of(subject.trend.state), words);
  if (!condition.text.empty()) {
    if (text_fits(condition, subject.article)) {
      words.grounds.push_back("the text has one of " + listed(condition.text));
    } else {
      words.failures.push_back({"the text has none of " + listed(condition.text), "leave out text", 1});
    }
  }
  statement(condition, analysis, words);
  nested(condition, subject, words);
  return words;
}

}  // namespace

std::vector<Failure> failures(const config::Condition& condition, const Subject& subject) {
  return judge(condition, subject).failures;
}

std::vector<std::string> grounds(const config::Condition& condition, const Subject& subject) {
  return judge(condition, subject).grounds;
}

}  // namespace dprkwatch::alert
