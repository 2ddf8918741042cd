#include "backtest/backtest.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "cli/archive.hpp"
#include "cli/verbs.hpp"

namespace dprkwatch::cli {
namespace {

struct BacktestArguments {
  ArchiveArguments archive;
  std::string report;
  std::string events;
  std::string title;
  bool json = false;
};

int report(const std::vector<Error>& errors) {
  print_errors(errors);
  return errors.front().code == ErrorCode::kInvalidConfig ? kUsage : kFailed;
}

Result<void> write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes << std::flush;
  if (!file) return fail(ErrorCode::kStorage, "cannot write the file", path.string());
  return {};
}

void print_summary(const BacktestArguments& arguments, const backtest::Outcome& outcome) {
  if (arguments.json) {
    std::cout << R"({"articles":)" << outcome.articles << R"(,"stories":)" << outcome.stories << R"(,"failed":)"
              << outcome.failed << R"(,"resumed":)" << outcome.resumed << R"(,"series":)" << outcome.courses.size()
              << R"(,"alerts":)" << outcome.alerts.size() << "}\n";
    return;
  }
  std::cout << outcome.articles << " articles, " << outcome.stories << " stories, " << outcome.courses.size()
            << " series, " << outcome.alerts.size() << " alerts";
  if (outcome.resumed > 0) std::cout << " (" << outcome.resumed << " articles from an earlier run)";
  std::cout << "\n" << (std::filesystem::path(arguments.report) / "report.html").string() << "\n";
}

int run_backtest(BacktestArguments arguments) {
  std::error_code problem;
  std::filesystem::create_directories(arguments.report, problem);
  if (problem) return report({{ErrorCode::kStorage, "cannot make the folder: " + problem.message(), arguments.report}});
  std::vector<backtest::Event> events;
  if (!arguments.events.empty()) {
    auto read = backtest::read_events(arguments.events);
    if (!read) return report({read.error()});
    events = std::move(*read);
  }
  const std::filesystem::path folder(arguments.report);
  arguments.archive.journal = (folder / "journal.jsonl").string();
  const auto outcome = run_archive(arguments.archive);
  if (!outcome) return report(outcome.error());
  const std::string title = arguments.title.empty() ? "War of words: a backtest" : arguments.title;
  for (const auto& [name, bytes] : {std::pair{"series.csv", backtest::series_csv(*outcome)},
                                    std::pair{"alerts.jsonl", backtest::alerts_jsonl(*outcome)},
                                    std::pair{"report.html", backtest::report_html(*outcome, events, title)}}) {
    if (auto written = write_file(folder / name, bytes); !written) return report({written.error()});
  }
  print_summary(arguments, *outcome);
  return outcome->articles > 0 && outcome->failed == outcome->articles ? kFailed : kDone;
}

}  // namespace

void add_backtest(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<BacktestArguments>();
  CLI::App* verb = program.add_subcommand("backtest", "Replay dated articles through analyzers, trend and rules");
  verb->add_option("--articles", arguments->archive.articles, "One {date, title, text, source, lang, url} a line")
      ->required();
  verb->add_option("--report", arguments->report, "Folder for series.csv, alerts.jsonl and report.html")->required();
  verb->add_option("--events", arguments->events, "Real events to draw: one {date, type, event} a line");
  verb->add_option("--config", arguments->archive.config, "Analyzers and rules; default: the built-in ones, no rules");
  verb->add_option("--workers", arguments->archive.workers, "Threads; 0 for one a core")->capture_default_str();
  verb->add_option("--utc-offset", arguments->archive.utc_offset_hours, "Hours from UTC where a day ends; 9 is Seoul")
      ->check(CLI::Range(-12, 14))
      ->capture_default_str();
  verb->add_option("--title", arguments->title, "Of the report");
  verb->add_flag("--json", arguments->json, "Print the totals as one JSON object");
  verb->footer(
      "A run that was broken off goes on where it was, when it is started again.\n"
      "Example:\n  dprkwatch backtest --articles archive.jsonl --report ./report --events events.jsonl");
  verb->callback([arguments, &action] { action = [arguments] { return run_backtest(*arguments); }; });
}

}  // namespace dprkwatch::cli
