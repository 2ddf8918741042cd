#pragma once
// The parts of a condition, for who must say which of them did not hold. Private to alert.

#include "alert/alert.hpp"

namespace dprkwatch::alert {

// Escalation and de-escalation, of the article or, when the condition names dyads, of one of those.
[[nodiscard]] bool scores_hold(const config::Condition& condition, const plugin::Analysis& analysis);

// Whether it asks for something of a single statement, and whether there is one that fits.
[[nodiscard]] bool asks_for_statement(const config::Condition& condition);
[[nodiscard]] bool statements_hold(const config::Condition& condition, const plugin::Analysis& analysis);

[[nodiscard]] bool text_fits(const config::Condition& condition, const store::Article& article);

}  // namespace dprkwatch::alert
