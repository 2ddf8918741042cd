#pragma once
// Rules on analysed articles, and the alerts they raise.

#include <string>
#include <vector>

#include "alert/route.hpp"
#include "clock/clock.hpp"
#include "config/config.hpp"
#include "plugin/analysis.hpp"
#include "result/result.hpp"
#include "store/store.hpp"
#include "trend/trend.hpp"

namespace dprkwatch::alert {

// What rules look at and alerts tell. References: valid during the call.
struct Subject {
  const store::Article& article;
  const plugin::Analysis& analysis;
  std::string story;        // key that copies share
  trend::Reading trend;     // of the article's strongest dyad
  std::string source = {};  // the outlet: `source` of the article's feed
};

// The labels that routes, silences and inhibitions see: the daemon's own (config::kOwnLabels) and the rule's.
[[nodiscard]] Labels labels_of(const config::Rule& rule, const Subject& subject);

// The rule's message with its {fields} filled in, on one line; empty when the rule has none.
[[nodiscard]] std::string message_of(const config::Rule& rule, const Subject& subject);

// Whether the condition holds. One without any field holds.
[[nodiscard]] bool holds(const config::Condition& condition, const Subject& subject);

// What the rule alerts on once: the story, or one revision of a text.
[[nodiscard]] std::string occasion_of(const config::Rule& rule, const Subject& subject);

// One readable line that says why: dyad, score against its baseline, the strongest sentence and its speaker, title,
// feed.
[[nodiscard]] std::string summarize(const Subject& subject);

// The alert's name: from rule and story, so that it is the same however often it is computed. "al_" and 24 hex digits.
[[nodiscard]] std::string alert_id(const std::string& rule, const std::string& story);

// The `data` object of the webhook body without `sequence` (DESIGN §5), at most `max_bytes`: evidence is cut first, and
// `evidence_cut` says so.
[[nodiscard]] std::string data_json(const config::Rule& rule, const Subject& subject, std::size_t max_bytes);

// Evaluates all rules of the configuration. An alert that is new for its rule and story is stored, one that is there is
// updated; each enters the groups that the routes lead it to, and what they have to say now is put into the outbox.
// [store thread, in the transaction that finishes the article]
struct Raised {
  std::string id;
  std::string rule;
  std::string severity;
  std::string summary;
  std::vector<std::string> receivers;  // that are owed a message now
  bool fresh = true;                   // else a further article of a story that was told
};
[[nodiscard]] Result<std::vector<Raised>> raise(store::Transaction& store, const config::Config& config,
                                                const Subject& subject, Time now);

}  // namespace dprkwatch::alert
