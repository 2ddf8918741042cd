#include "backtest/alerts.hpp"

#include <algorithm>

namespace dprkwatch::backtest {
namespace {

constexpr std::chrono::days kEvidenceDays{7};
constexpr std::size_t kEvidence = 3;
constexpr const char* kTrendRule = "trend";

// State media tell of others only what serves them: their series of other actors are drawn, and raise nothing.
bool raises(const trend::Pair& pair) {
  return pair.target == trend::kAnyone && (pair.source == trend::SourceClass::kPress || pair.actor == "DPRK");
}

bool is_of(const Finding& finding, const trend::Pair& pair) {
  return std::any_of(finding.shares.begin(), finding.shares.end(), [&](const trend::Share& share) {
    return share.actor == pair.actor && share.target == pair.target && share.source == pair.source && share.level >= 2;
  });
}

std::vector<Finding> evidence_of(const std::vector<Finding>& threats, const trend::Pair& pair,
                                 std::chrono::sys_days day) {
  std::vector<Finding> found;
  for (const Finding& threat : threats) {
    if (threat.day > day || threat.day <= day - kEvidenceDays || !is_of(threat, pair)) continue;
    found.push_back(threat);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Finding& a, const Finding& b) { return a.escalation > b.escalation; });
  if (found.size() > kEvidence) found.resize(kEvidence);
  return found;
}

// The highest standing of the pairs of an article on its day.
void take_state(const std::map<trend::Pair, std::vector<trend::Standing>>& courses, const Finding& finding,
                Alert& alert) {
  double strongest = -1;
  for (const trend::Share& share : finding.shares) {
    if (share.escalation <= strongest) continue;
    const auto course = courses.find({share.actor, share.target, share.source});
    if (course == courses.end() || course->second.empty()) continue;
    const auto at = (finding.day - course->second.front().value.day).count();
    if (at < 0 || static_cast<std::size_t>(at) >= course->second.size()) continue;
    const trend::Standing& standing = course->second[static_cast<std::size_t>(at)];
    strongest = share.escalation;
    alert.actor = share.actor;
    alert.target = share.target;
    alert.source = share.source;
    alert.state = standing.state;
    alert.usual = standing.usual;
    alert.z = standing.z365;
  }
}

}  // namespace

std::vector<Alert> alerts_of(const std::map<trend::Pair, std::vector<trend::Standing>>& courses,
                             const std::vector<Finding>& threats, const std::vector<Hit>& hits,
                             const std::vector<config::Rule>& rules) {
  std::vector<Alert> alerts;
  for (const auto& [pair, course] : courses) {
    if (!raises(pair)) continue;
    for (const trend::Standing& standing : course) {
      if (standing.rise) {
        const bool crisis = standing.state == trend::State::kCrisis;
        alerts.push_back({standing.value.day, kTrendRule, crisis ? "critical" : "warning", pair.actor, pair.target,
                          pair.source, standing.state, standing.week, standing.usual, standing.z365, "",
                          evidence_of(threats, pair, standing.value.day)});
      }
    }
  }
  for (const Hit& hit : hits) {
    Alert alert;
    alert.day = hit.finding.day;
    alert.rule = rules[hit.rule].name;
    alert.severity = config::name_of(rules[hit.rule].severity);
    alert.pressure = hit.finding.escalation;
    alert.story = hit.finding.story;
    take_state(courses, hit.finding, alert);
    alert.evidence.push_back(hit.finding);
    alerts.push_back(std::move(alert));
  }
  std::stable_sort(alerts.begin(), alerts.end(), [](const Alert& a, const Alert& b) { return a.day < b.day; });
  return alerts;
}

}  // namespace dprkwatch::backtest
