#pragma once
// Why an article raised an alert or did not: the step that decided, and the nearest change that would have let it
// through. The rules are judged as the configuration has them now.

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "alert/alert.hpp"
#include "store/reader.hpp"

namespace dprkwatch::alert {

// One part of a condition that does not hold.
struct Failure {
  std::string what;     // "escalation 47 < 60"
  std::string change;   // "escalation: { min: 47 }"
  double distance = 1;  // of numbers, as a share of their range; of anything else 1
};

// What of the condition does not hold; empty when it does. Of `any_of` the branch that is nearest to hold.
[[nodiscard]] std::vector<Failure> failures(const config::Condition& condition, const Subject& subject);

// The parts that hold, in words: "escalation 82 >= 60".
[[nodiscard]] std::vector<std::string> grounds(const config::Condition& condition, const Subject& subject);

// What the store knows of a rule and the article's story.
struct Past {
  std::optional<store::AlertRecord> alert;  // of the rule and story
  std::int64_t stories = 1;                 // that met the rule so far, this one among them
  std::vector<store::Group> groups;         // the alert is told in
};

enum class Step { kWaiting, kQuarantined, kNotRelevant, kNoRules, kCondition, kStories, kStory, kHeld, kTold };
[[nodiscard]] const char* name_of(Step step) noexcept;  // "waiting", "quarantined", "relevance", ...

// How one rule ended for the article.
struct RuleEnd {
  std::string rule;
  Step step = Step::kCondition;
  std::string why;
  std::string change;  // the nearest that would have let it through; empty when it was told
  double distance = 0;
};
[[nodiscard]] RuleEnd judge_rule(const config::Rule& rule, const Subject& subject, const Past& past);

// How the article ended: the rule that came furthest, and of those the nearest.
struct ArticleEnd {
  Step step = Step::kNoRules;
  std::string why;
  std::string change;
  std::vector<RuleEnd> rules;  // the furthest first
};
// `row`: with its text. `pasts`: in the order of the rules. [pure]
[[nodiscard]] ArticleEnd judge_article(const config::Config& config, const store::ArticleRow& row,
                                       const trend::Reading& reading, const std::vector<Past>& pasts);

// The same with what the store holds; nothing when there is no such article.
[[nodiscard]] Result<std::optional<ArticleEnd>> why_not(store::Reader& reader, const config::Config& config,
                                                        store::ArticleId id);
[[nodiscard]] boost::json::object to_json(const ArticleEnd& end);

// Why the alert was raised and where it stands; nothing when there is none of that id.
[[nodiscard]] Result<std::optional<boost::json::object>> why(store::Reader& reader, const config::Config& config,
                                                             const std::string& id);

// The findings that the store keeps as JSON, read back.
[[nodiscard]] plugin::Analysis recall(const store::ArticleRow& row);

}  // namespace dprkwatch::alert
