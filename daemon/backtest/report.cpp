#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "backtest/backtest.hpp"
#include "backtest/finding.hpp"
#include "backtest/plot.hpp"

namespace dprkwatch::backtest {
namespace {

constexpr std::size_t kMaxPlots = 12;
constexpr std::int64_t kLeastThreats = 10;  // of a pair worth a plot
constexpr std::size_t kMaxAlerts = 500;     // listed; all are in alerts.jsonl

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1c1e21;--soft:#5f6670;--line:#d9dde3;--week:#1f5fbf;--usual:#8a919c;
--elevated:#fbeeb4;--escalating:#f8c48a;--crisis:#ee8f8f;--alert:#b3261e;--event:#5b3fa0}
@media (prefers-color-scheme:dark){:root{--bg:#15171b;--fg:#e6e8eb;--soft:#a3abb7;--line:#333942;--week:#7fb2ff;--usual:#7d8692;
--elevated:#4a431c;--escalating:#6b431a;--crisis:#7a2727;--alert:#ff8a80;--event:#c3aaff}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
main{max-width:68rem;margin:0 auto;padding:1rem}h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin:2rem 0 .25rem}
p,figcaption{color:var(--soft)}figure{margin:0}figcaption{font-size:.9rem}.plot{overflow-x:auto}
svg{display:block;width:100%;min-width:44rem;height:auto}svg text{fill:var(--soft);font-size:12px}
.grid{stroke:var(--line)}.week{fill:none;stroke:var(--week);stroke-width:1.5}.usual{fill:none;stroke:var(--usual);stroke-dasharray:4 4}
.elevated{fill:var(--elevated)}.escalating{fill:var(--escalating)}.crisis{fill:var(--crisis)}
.alert{fill:var(--alert)}.event{stroke:var(--event);stroke-width:2}
.key{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none;font-size:.9rem}
.key i{display:inline-block;width:1rem;height:.8rem;margin-right:.35rem;vertical-align:-1px;border:1px solid var(--line)}
ol.alerts{padding:0;list-style:none}ol.alerts>li{border-top:1px solid var(--line);padding:.6rem 0}
.when{font-weight:600}blockquote{margin:.4rem 0 0;padding-left:.7rem;border-left:3px solid var(--line);overflow-wrap:anywhere}
blockquote footer{color:var(--soft);font-size:.9rem}
)css";

std::string dyad_name(const std::string& actor, const std::string& target) {
  return actor + " → " + (target == trend::kAnyone ? "anyone" : target);
}

// Those worth a plot: of the North against anyone first, then by number of threats.
std::vector<trend::Pair> plotted(const Outcome& outcome) {
  struct Ranked {
    bool outward;
    std::int64_t threats;
    trend::Pair pair;
  };
  std::vector<Ranked> ranked;
  for (const auto& [pair, course] : outcome.courses) {
    std::int64_t threats = 0;
    for (const trend::Standing& standing : course) threats += standing.value.threats;
    const bool outward = pair.actor == "DPRK" && pair.target == trend::kAnyone;
    if (threats >= kLeastThreats || outward) ranked.push_back({outward, threats, pair});
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
    return a.outward != b.outward ? a.outward : a.threats > b.threats;
  });
  std::vector<trend::Pair> pairs;
  for (std::size_t i = 0; i < std::min(kMaxPlots, ranked.size()); ++i) pairs.push_back(ranked[i].pair);
  return pairs;
}

void add_key(std::string& html) {
  html +=
      "<ul class=\"key\"><li><i style=\"background:var(--week)\"></i>pressure of the week, 0-100</li>"
      "<li><i style=\"background:var(--usual)\"></i>usual (median of a year)</li>"
      "<li><i style=\"background:var(--elevated)\"></i>elevated</li>"
      "<li><i style=\"background:var(--escalating)\"></i>escalating</li>"
      "<li><i style=\"background:var(--crisis)\"></i>crisis</li>"
      "<li><i style=\"background:var(--alert)\"></i>▼ alert</li>"
      "<li><i style=\"background:var(--event)\"></i>real event</li></ul>\n";
}

void add_evidence(const Finding& finding, std::string& html) {
  html += "<blockquote>" + escaped(finding.quote.empty() ? finding.title : finding.quote) + "<footer>";
  if (!finding.speaker.empty()) html += escaped(finding.speaker) + " · ";
  html += escaped(finding.title) + " · " + escaped(finding.outlet) + ", " + day_name(finding.day) + " · escalation " +
          std::to_string(std::lround(finding.escalation)) + "</footer></blockquote>\n";
}

void add_alerts(const Outcome& outcome, std::string& html) {
  html += "<h2>Alerts</h2>\n";
  if (outcome.alerts.empty()) html += "<p>None.</p>\n";
  html += "<ol class=\"alerts\">\n";
  for (std::size_t i = 0; i < std::min(kMaxAlerts, outcome.alerts.size()); ++i) {
    const Alert& alert = outcome.alerts[i];
    html += "<li><span class=\"when\">" + day_name(alert.day) + "</span> " + escaped(alert.rule) + " (" +
            escaped(alert.severity) + ")";
    if (!alert.actor.empty()) html += ": " + dyad_name(alert.actor, alert.target) + ", " + trend::name_of(alert.state);
    std::array<char, 96> numbers{};
    if (alert.story.empty()) {
      std::snprintf(numbers.data(), numbers.size(), ", pressure %.1f (usual %.1f, z %.1f)", alert.pressure, alert.usual,
                    alert.z);
    }
    html += numbers.data();
    html += "\n";
    for (const Finding& finding : alert.evidence) add_evidence(finding, html);
    html += "</li>\n";
  }
  html += "</ol>\n";
  if (outcome.alerts.size() > kMaxAlerts) {
    html += "<p>The first " + std::to_string(kMaxAlerts) + " of " + std::to_string(outcome.alerts.size()) +
            "; all are in alerts.jsonl.</p>\n";
  }
}

}  // namespace

std::string report_html(const Outcome& outcome, const std::vector<Event>& events, const std::string& title) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>";
  html += escaped(title) + "</title><style>" + std::string(kStyle) + "</style></head><body><main>\n<h1>" +
          escaped(title) + "</h1>\n<p>" + std::to_string(outcome.articles) + " articles, " +
          std::to_string(outcome.stories) + " stories, " + std::to_string(outcome.alerts.size()) + " alerts";
  if (outcome.failed > 0) html += ", " + std::to_string(outcome.failed) + " lines that could not be read";
  html +=
      ". Words are measured here, not intentions; a state says that the week is louder than this pair's own "
      "past.</p>\n";
  add_key(html);
  for (const trend::Pair& pair : plotted(outcome)) {
    const auto& course = outcome.courses.at(pair);
    html += "<h2>" + dyad_name(pair.actor, pair.target) + "</h2>\n<figure><div class=\"plot\">" +
            plot_svg(pair, course, outcome.alerts, events) + "</div><figcaption>as told by " +
            (pair.source == trend::SourceClass::kState ? "state media" : "the press") + "</figcaption></figure>\n";
  }
  add_alerts(outcome, html);
  html += "</main></body></html>\n";
  return html;
}

}  // namespace dprkwatch::backtest
