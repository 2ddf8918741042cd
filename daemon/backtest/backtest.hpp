#pragma once
// Years of dated articles through analyzers, story folding, trend and rules: `dprkwatch backtest` and
// `dprkwatch evaluate --timeline`. docs/method.md says what comes out.

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "plugin/plugin.hpp"
#include "result/result.hpp"
#include "trend/course.hpp"
#include "trend/share.hpp"

namespace dprkwatch::backtest {

struct Progress {
  std::uint64_t articles = 0;  // done
  std::uint64_t bytes = 0;     // of the archive
  std::uint64_t bytes_total = 0;
};

struct Options {
  std::string articles;                     // one {date, title, text, source, lang, url} a line
  std::string journal;                      // where findings are kept while it runs, to resume from; empty: nowhere
  std::size_t workers = 1;                  // at least 1
  std::chrono::minutes utc_offset{9 * 60};  // where a day ends, for dates with a time of day
  std::vector<config::Rule> rules;          // of the configuration
  std::string rules_text;                   // the configuration as written: a changed one resumes no earlier run
  std::string actors_json;                  // seeds/actors.json
  std::function<void(const Progress&)> on_progress;  // [calling thread] a few times a second
};

// What one article gave.
struct Finding {
  std::uint64_t line = 0;  // in the archive, from 1
  std::chrono::sys_days day;
  std::string title;
  std::string url;
  std::string outlet;
  std::string story;  // id
  bool copy = false;  // the story was told before
  double escalation = 0;
  int level = 0;
  bool counts = false;  // in the volume of its source class: about the subject, or by state media
  std::vector<trend::Share> shares;
  std::string quote;               // the strongest sentence, shortened
  std::string speaker;             // whose it is; empty: the outlet's own
  std::vector<std::size_t> rules;  // indices of those that hold, states left aside
};

// An alert as alerts.jsonl tells it.
struct Alert {
  std::chrono::sys_days day;
  std::string rule;  // of the configuration, or "trend"
  std::string severity;
  std::string actor;  // of the trend, else of the article's strongest pair; empty when nobody
  std::string target;
  trend::SourceClass source = trend::SourceClass::kPress;
  trend::State state = trend::State::kCalm;  // of the pair on that day
  double pressure = 0;                       // the week's, of a trend; else the article's escalation
  double usual = 0;
  double z = 0;
  std::string story;              // of an article's alert
  std::vector<Finding> evidence;  // strongest first, at most 3
};

struct Outcome {
  std::uint64_t articles = 0;
  std::uint64_t failed = 0;   // lines that could not be read or analysed
  std::uint64_t resumed = 0;  // taken from the journal of an earlier run
  std::uint64_t stories = 0;
  std::string first_failure;  // of `failed`: the first line's number and reason
  std::map<trend::Pair, std::vector<trend::Standing>> courses;
  std::vector<Alert> alerts;  // by rising day
};

// Reads and analyses the whole archive on `workers` threads; what comes out does not depend on their number, nor on
// whether the run was resumed. Memory grows with the findings that threaten, not with the text. Fails when the archive
// can not be read or the analyzers can not be made.
[[nodiscard]] Result<Outcome> run(const Options& options, plugin::Host& host);

// A real event to draw beside the series: {date, type, event} a line.
struct Event {
  std::chrono::sys_days day;
  std::string type;
  std::string text;
};
[[nodiscard]] Result<std::vector<Event>> read_events(const std::string& path);

// The files of the report. Numbers are rounded to four decimals.
[[nodiscard]] std::string series_csv(const Outcome& outcome);
[[nodiscard]] std::string alerts_jsonl(const Outcome& outcome);
// One page without any reference outside itself: plots in SVG, dark and light, for screens of any width.
[[nodiscard]] std::string report_html(const Outcome& outcome, const std::vector<Event>& events,
                                      const std::string& title);

}  // namespace dprkwatch::backtest
