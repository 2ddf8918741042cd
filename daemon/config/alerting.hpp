#pragma once
// How alerts are routed, grouped, held and silenced: plain data in the words of Prometheus Alertmanager.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clock/clock.hpp"
#include "result/result.hpp"

namespace dprkwatch::config {

// One condition on a label: `severity="critical"`, `dyad=~"DPRK->.*"`; != and !~ negate. A label that an alert does not
// have is the empty text. Expressions fit the whole value.
struct Matcher {
  enum class Op { kIs, kIsNot, kFits, kFitsNot };
  std::string label;
  Op op = Op::kIs;
  std::string value;
};

// `label OP value`, the value bare or in double quotes with \" \\ \n. kInvalidConfig says what was expected.
[[nodiscard]] Result<Matcher> parse_matcher(std::string_view text);

// As parse_matcher reads it.
[[nodiscard]] std::string to_text(const Matcher& matcher);

// Both ends inclusive.
struct Span {
  int from = 0;
  int to = 0;
};

// When all that is given fits the time in `location`. Empty lists fit any time.
struct TimeInterval {
  std::vector<Span> minutes;        // of the day, the end exclusive: {0, 1440} is the whole day
  std::vector<Span> weekdays;       // 0 Sunday .. 6 Saturday
  std::vector<Span> days_of_month;  // 1 .. 31, or from the end -1 .. -31
  std::vector<Span> months;         // 1 .. 12
  std::vector<Span> years;
  std::string location = "UTC";  // IANA name
};

struct NamedTimes {
  std::string name;
  std::vector<TimeInterval> intervals;  // any of them
};

inline constexpr Duration kGroupInterval = std::chrono::minutes(5);
inline constexpr Duration kRepeatInterval = std::chrono::hours(24);

// A node of the routing tree. What is not given here is the parent's, but matchers and times.
struct Route {
  std::string path = "route";                             // where it stands: "route", "route.routes[1]"
  std::vector<std::string> receivers;                     // empty at the root too: those of the rule
  std::vector<std::string> group_by = {"rule", "story"};  // "..." alone: by all labels
  Duration group_wait{};
  Duration group_interval = kGroupInterval;
  Duration repeat_interval = kRepeatInterval;
  std::vector<Matcher> matchers;
  bool go_on = false;  // `continue`: the siblings after it are asked too
  std::vector<std::string> mute_times;
  std::vector<std::string> active_times;
  std::vector<Route> routes;
};

// While an alert that fits `source` fires, those that fit `target` and have the same values of `equal` are held.
struct Inhibition {
  std::vector<Matcher> source;
  std::vector<Matcher> target;
  std::vector<std::string> equal;
};

// What every alert has as a label, and what a rule's message may name in braces; a message also {title} and {url}.
inline constexpr std::array kOwnLabels{"rule", "severity", "dyad",     "actor", "target", "state",
                                       "feed", "source",   "language", "story", "level"};
inline constexpr std::array kMessageFields{"rule", "severity", "dyad",       "actor",        "target",   "state",
                                           "feed", "source",   "language",   "story",        "level",    "title",
                                           "url",  "quote",    "escalation", "deescalation", "baseline", "speaker"};

// What the daemon says of its own troubles.
struct SelfAlerts {
  std::vector<std::string> receivers;  // empty: every receiver but the one in trouble
  bool on = true;
  Duration receiver_failing = std::chrono::minutes(15);
  Duration feed_failing = std::chrono::hours(6);
  bool feed_silent = false;  // also of a feed without news against its own rhythm
};

}  // namespace dprkwatch::config
