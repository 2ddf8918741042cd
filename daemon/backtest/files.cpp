#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "backtest/backtest.hpp"
#include "backtest/finding.hpp"

namespace dprkwatch::backtest {
namespace {

namespace json = boost::json;

double rounded(double value) {
  return std::round(value * 10000) / 10000;
}

// At most four decimals, no exponent: what a spreadsheet reads.
std::string number(double value) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.4f", value);
  std::string shown(text.data());
  shown.erase(shown.find_last_not_of('0') + 1);
  if (shown.back() == '.') shown.pop_back();
  return shown == "-0" ? "0" : shown;
}

}  // namespace

std::string series_csv(const Outcome& outcome) {
  std::string csv =
      "actor,target,source,day,stories,threats,pressure,share,deescalation,week,usual,z90,z365,season_excess,change,"
      "guarded,state\n";
  for (const auto& [pair, course] : outcome.courses) {
    const std::string start = pair.actor + "," + pair.target + "," + trend::name_of(pair.source) + ",";
    for (const trend::Standing& standing : course) {
      const trend::DayValue& value = standing.value;
      csv += start + day_name(value.day) + "," + std::to_string(value.stories) + "," + std::to_string(value.threats) +
             "," + number(value.pressure) + "," + number(value.share) + "," + number(value.deescalation) + "," +
             number(standing.week) + "," + number(standing.usual) + "," + number(standing.z90) + "," +
             number(standing.z365) + "," + (standing.season_excess ? number(*standing.season_excess) : "") + "," +
             number(standing.change) + "," + (standing.guarded ? "1" : "0") + "," + trend::name_of(standing.state) +
             "\n";
    }
  }
  return csv;
}

std::string alerts_jsonl(const Outcome& outcome) {
  std::string lines;
  for (const Alert& alert : outcome.alerts) {
    json::object object{{"date", day_name(alert.day)}, {"rule", alert.rule}, {"severity", alert.severity}};
    object["dyad"] = alert.actor.empty() ? json::value(nullptr) : json::value(alert.actor + "->" + alert.target);
    object["source"] = trend::name_of(alert.source);
    object["state"] = trend::name_of(alert.state);
    object[alert.story.empty() ? "pressure" : "escalation"] = rounded(alert.pressure);
    object["usual"] = rounded(alert.usual);
    object["z"] = rounded(alert.z);
    if (!alert.story.empty()) object["story"] = alert.story;
    json::array evidence;
    for (const Finding& finding : alert.evidence) {
      json::object item{{"date", day_name(finding.day)}, {"title", finding.title}, {"source", finding.outlet}};
      if (!finding.url.empty()) item["url"] = finding.url;
      item["escalation"] = finding.escalation;
      item["text"] = finding.quote;
      item["speaker"] = finding.speaker.empty() ? json::value(nullptr) : json::value(finding.speaker);
      item["line"] = finding.line;
      evidence.push_back(std::move(item));
    }
    object["evidence"] = std::move(evidence);
    lines += json::serialize(object) + "\n";
  }
  return lines;
}

Result<std::vector<Event>> read_events(const std::string& path) {
  std::ifstream file(path);
  if (!file) return fail(ErrorCode::kNotFound, "cannot read the events", path);
  std::vector<Event> events;
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    json::error_code problem;
    const json::value value = json::parse(line, problem);
    const auto text = [&](std::string_view key) {
      const auto* found = value.as_object().if_contains(key);
      return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
    };
    const auto day = problem || !value.is_object() ? std::nullopt : day_of(text("date"), std::chrono::minutes(0));
    if (!day) {
      return fail(ErrorCode::kInvalidInput, "expected {date, type, event} with a date such as 2017-09-03",
                  path + ":" + std::to_string(number));
    }
    events.push_back({*day, text("type"), text("event")});
  }
  return events;
}

}  // namespace dprkwatch::backtest
