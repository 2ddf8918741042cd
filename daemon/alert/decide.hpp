#pragma once
// Whether a group is told now: the decision alone, without store, clock or receivers.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"

namespace dprkwatch::alert {

// An alert of the group as it stands.
struct Member {
  std::string id;
  bool firing = true;
  config::Severity severity = config::Severity::kWarning;
  std::int64_t articles = 1;
  bool acked = false;
  std::string held = {};  // why it does not count: "silenced by s_1", "held back by al_2"; else empty
};

// What a message told of an alert.
struct ToldAlert {
  bool firing = true;
  config::Severity severity = config::Severity::kWarning;
  std::int64_t articles = 1;
  bool operator==(const ToldAlert&) const = default;
};
using Told = std::map<std::string, ToldAlert>;
[[nodiscard]] std::string to_text(const Told& told);
[[nodiscard]] Told told_from_text(std::string_view text);

// The group's past and its settings.
struct Occasion {
  std::int64_t messages = 0;
  Told told;  // by the last message
  std::optional<Time> last_sent;
  std::optional<Time> last_flush;
  Time created{};
  Duration group_wait{};
  Duration group_interval{};
  Duration repeat_interval{};
  bool send_resolved = true;
  bool send_updates = true;  // that a story grew
  std::string muted = {};    // why the route sends nothing at this time; else empty
};

enum class Act {
  kSend,
  kQuiet,  // nothing to say
  kHold,   // something to say, later
  kEnd     // nothing fires and nothing is left to say: the group is over
};

struct Decision {
  Act act = Act::kQuiet;
  std::string type;                // when sent: alert.created, alert.updated, alert.resolved
  std::vector<std::string> shown;  // when sent: those it tells of, the most severe first
  Told told;                       // when sent: what is told then
  std::string why;                 // in words
  std::optional<Time> next;        // when to look again
};

// The steps, in this order: members that are held do not count; a rise in severity over what was told (or, before the
// first message, over what waits) breaks group_wait, group_interval, mute times and repeat_interval; group_wait for a
// new group; mute times; something new to tell (an alert that was not told as firing, one that resolved, a story that
// grew); group_interval since the last flush; repeat_interval. Acknowledged alerts are not repeated and their growth is
// not told.
[[nodiscard]] Decision decide(const Occasion& occasion, const std::vector<Member>& members, Time now);

// How soon what is held by a silence or a mute time is looked at again.
inline constexpr Duration kHeldLook = std::chrono::minutes(1);

}  // namespace dprkwatch::alert
