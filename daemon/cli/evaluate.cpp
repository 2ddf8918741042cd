#include "evaluate/evaluate.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "cli/archive.hpp"
#include "cli/verbs.hpp"
#include "evaluate/timeline.hpp"
#include "plugin/plugin.hpp"

namespace dprkwatch::cli {
namespace {

struct EvaluateArguments {
  std::string file = "-";
  std::size_t resamples = 1000;
  std::uint64_t seed = 1;
  bool json = false;
  std::string timeline;
  ArchiveArguments archive;
};

int report(const std::vector<Error>& errors) {
  print_errors(errors);
  return errors.front().code == ErrorCode::kInvalidConfig ? kUsage : kFailed;
}

int run_evaluate(const EvaluateArguments& arguments) {
  std::ifstream file;
  if (arguments.file != "-") {
    file.open(arguments.file);
    if (!file) return report({{ErrorCode::kNotFound, "cannot read the file", arguments.file}});
  }
  auto host = plugin::load({}, plugin::default_paths());
  if (!host) return report(host.error());
  const auto rows = evaluate::score(arguments.file == "-" ? std::cin : file, **host);
  if (!rows) return report({rows.error()});
  const auto figures = evaluate::measure(*rows, arguments.resamples, arguments.seed);
  std::cout << (arguments.json ? evaluate::to_json(figures) + "\n" : evaluate::to_table(figures));
  return kDone;
}

constexpr std::size_t kMaxWindowsBytes = 1024 * 1024;

// Of the North at anyone: as state media tell it where the archive has any, else as the press does.
const trend::Pair* judged_pair(const backtest::Outcome& outcome) {
  const trend::Pair* found = nullptr;
  for (const auto& [pair, course] : outcome.courses) {
    if (pair.actor != "DPRK" || pair.target != trend::kAnyone) continue;
    if (found == nullptr || pair.source == trend::SourceClass::kState) found = &pair;
  }
  return found;
}

int run_timeline(const EvaluateArguments& arguments) {
  const auto text = read_input(arguments.timeline, kMaxWindowsBytes);
  if (!text) return report({text.error()});
  auto windows = evaluate::read_windows(*text);
  if (!windows) {
    windows.error().where = arguments.timeline;
    return report({windows.error()});
  }
  const auto outcome = run_archive(arguments.archive);
  if (!outcome) return report(outcome.error());
  const trend::Pair* pair = judged_pair(*outcome);
  if (pair == nullptr) {
    return report({{ErrorCode::kInvalidInput, "no article speaks for the DPRK", arguments.archive.articles}});
  }
  std::vector<std::chrono::sys_days> days;
  for (const backtest::Alert& alert : outcome->alerts) {
    if (alert.story.empty() && alert.actor == pair->actor && alert.source == pair->source) days.push_back(alert.day);
  }
  const auto figures =
      evaluate::judge_timeline(*windows, outcome->courses.at(*pair), days, arguments.resamples, arguments.seed);
  std::cout << (arguments.json ? evaluate::to_json(figures) + "\n" : evaluate::to_table(figures));
  return kDone;
}

}  // namespace

void add_evaluate(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<EvaluateArguments>();
  CLI::App* verb = program.add_subcommand(
      "evaluate", "Measure the analyzers on a labelled set of sentences, or states on an archive");
  auto* set = verb->add_option("SET", arguments->file, "One labelled {text, level, ...} a line; - for standard input")
                  ->capture_default_str();
  verb->add_option("--resamples", arguments->resamples, "Bootstrap samples behind the 95% intervals")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  verb->add_option("--seed", arguments->seed, "Of the bootstrap")->capture_default_str();
  verb->add_flag("--json", arguments->json, "One JSON object");
  auto* timeline =
      verb->add_option("--timeline", arguments->timeline,
                       "Months of crisis and of calm, {crisis: [\"1998-08\"], calm: []}: judge the states by them")
          ->excludes(set);
  auto* articles = verb->add_option("--articles", arguments->archive.articles,
                                    "With --timeline: the archive, one {date, title, text, source} a line");
  articles->needs(timeline);
  timeline->needs(articles);
  verb->add_option("--workers", arguments->archive.workers, "With --timeline: threads; 0 for one a core")
      ->capture_default_str();
  verb->footer(
      "Examples:\n  dprkwatch evaluate sentences.jsonl\n"
      "  dprkwatch evaluate --timeline windows.json --articles archive.jsonl");
  verb->callback([arguments, &action] {
    action = [arguments] { return arguments->timeline.empty() ? run_evaluate(*arguments) : run_timeline(*arguments); };
  });
}

}  // namespace dprkwatch::cli
