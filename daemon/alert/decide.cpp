#include "alert/decide.hpp"

#include <algorithm>
#include <sstream>

namespace dprkwatch::alert {
namespace {

using config::Severity;

// What counts now, and what of it is new.
struct Standing {
  Told now;
  std::vector<const Member*> shown;  // the most severe first
  bool firing = false;
  bool repeats = false;  // something that fires was not acknowledged
  bool fresh = false;    // fires and was not told
  bool over = false;     // resolved and was told as firing
  bool grew = false;
  bool rose = false;
  std::string held;  // why the first member that does not count does not
};

void note_change(const Member& member, const Occasion& occasion, Standing& standing) {
  const auto before = occasion.told.find(member.id);
  const bool told = before != occasion.told.end() && before->second.firing;
  if (!member.firing) {
    standing.over = standing.over || told;
    return;
  }
  if (!told) {
    standing.fresh = true;
  } else if (!member.acked && member.articles > before->second.articles) {
    standing.grew = true;
  }
}

// Over the highest that was told; before the first message, over the lowest that waits.
bool rose(const Occasion& occasion, const std::vector<const Member*>& shown) {
  std::optional<Severity> highest;
  std::optional<Severity> lowest;
  for (const Member* member : shown) {
    if (!member->firing) continue;
    highest = std::max(highest.value_or(member->severity), member->severity);
    lowest = std::min(lowest.value_or(member->severity), member->severity);
  }
  if (!highest) return false;
  if (occasion.messages == 0) return *highest > *lowest;
  std::optional<Severity> told;
  for (const auto& [id, alert] : occasion.told) {
    if (alert.firing) told = std::max(told.value_or(alert.severity), alert.severity);
  }
  return told && *highest > *told;
}

Standing stand(const Occasion& occasion, const std::vector<Member>& members) {
  Standing standing;
  for (const Member& member : members) {
    if (!member.held.empty()) {
      if (standing.held.empty()) standing.held = member.held;
      continue;
    }
    // One that was over before it was told is nobody's news.
    const auto before = occasion.told.find(member.id);
    if (!member.firing && (before == occasion.told.end() || !before->second.firing)) continue;
    standing.now[member.id] = {member.firing, member.severity, member.articles};
    standing.shown.push_back(&member);
    standing.firing = standing.firing || member.firing;
    standing.repeats = standing.repeats || (member.firing && !member.acked);
    note_change(member, occasion, standing);
  }
  std::stable_sort(standing.shown.begin(), standing.shown.end(), [](const Member* a, const Member* b) {
    return a->firing != b->firing ? a->firing : a->severity > b->severity;
  });
  standing.rose = rose(occasion, standing.shown);
  return standing;
}

Decision hold(std::string why, Time next) {
  Decision decision;
  decision.act = Act::kHold;
  decision.why = std::move(why);
  decision.next = next;
  return decision;
}

Decision quiet(std::string why, std::optional<Time> next) {
  Decision decision;
  decision.act = next ? Act::kQuiet : Act::kEnd;
  decision.why = std::move(why);
  decision.next = next;
  return decision;
}

Decision send(const Occasion& occasion, Standing&& standing, std::string why, Time now) {
  Decision decision;
  decision.act = Act::kSend;
  decision.type = occasion.messages == 0 ? "alert.created" : standing.firing ? "alert.updated" : "alert.resolved";
  for (const Member* member : standing.shown) decision.shown.push_back(member->id);
  decision.told = std::move(standing.now);
  decision.why = std::move(why);
  if (standing.firing) decision.next = now + occasion.repeat_interval;
  return decision;
}

// Something is new: what is it, when the receiver wants to hear of it.
std::optional<std::string> news(const Occasion& occasion, const Standing& standing) {
  if (standing.fresh) return occasion.messages == 0 ? "new" : "a further alert joined";
  if (standing.over && occasion.send_resolved) return standing.firing ? "an alert resolved" : "resolved";
  if (standing.grew && occasion.send_updates) return "the story grew";
  return std::nullopt;
}

bool any_fires(const std::vector<Member>& members) {
  return std::any_of(members.begin(), members.end(), [](const Member& member) { return member.firing; });
}

}  // namespace

Decision decide(const Occasion& occasion, const std::vector<Member>& members, Time now) {
  Standing standing = stand(occasion, members);
  if (standing.shown.empty()) {
    if (!any_fires(members)) return quiet("over before it was told", std::nullopt);
    return hold(standing.held, now + kHeldLook);
  }
  if (standing.rose) return send(occasion, std::move(standing), "a higher severity", now);
  const Time waited = occasion.created + occasion.group_wait;
  if (occasion.messages == 0 && now < waited) return hold("waits for group_wait", waited);
  if (!occasion.muted.empty()) {
    if (!any_fires(members) && occasion.messages == 0) return quiet("over before it was told", std::nullopt);
    return hold(occasion.muted, now + kHeldLook);
  }
  const auto why = news(occasion, standing);
  if (why) {
    const Time open = occasion.last_sent.value_or(Time::min()) + occasion.group_interval;
    if (occasion.last_sent && now < open) return hold("waits for group_interval", open);
    return send(occasion, std::move(standing), *why, now);
  }
  if (!standing.firing) return quiet("resolved", any_fires(members) ? std::optional(now + kHeldLook) : std::nullopt);
  const Time again = occasion.last_sent.value_or(now) + occasion.repeat_interval;
  if (!standing.repeats) return quiet("acknowledged", now + occasion.repeat_interval);
  if (now < again) return quiet("told; waits for repeat_interval", again);
  return send(occasion, std::move(standing), "repeat_interval is over", now);
}

std::string to_text(const Told& told) {
  std::string text;
  for (const auto& [id, alert] : told) {
    text += id + (alert.firing ? " firing " : " resolved ") + config::name_of(alert.severity) + " " +
            std::to_string(alert.articles) + "\n";
  }
  return text;
}

Told told_from_text(std::string_view text) {
  Told told;
  std::istringstream lines{std::string(text)};
  std::string id;
  std::string state;
  std::string severity;
  ToldAlert alert;
  while (lines >> id >> state >> severity >> alert.articles) {
    alert.firing = state == "firing";
    alert.severity = severity == "critical" ? Severity::kCritical
                     : severity == "info"   ? Severity::kInfo
                                            : Severity::kWarning;
    told[id] = alert;
  }
  return told;
}

}  // namespace dprkwatch::alert
