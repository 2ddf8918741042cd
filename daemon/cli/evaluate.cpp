#include "evaluate/evaluate.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "cli/verbs.hpp"
#include "plugin/plugin.hpp"

namespace dprkwatch::cli {
namespace {

struct EvaluateArguments {
  std::string file = "-";
  std::size_t resamples = 1000;
  std::uint64_t seed = 1;
  bool json = false;
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

}  // namespace

void add_evaluate(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<EvaluateArguments>();
  CLI::App* verb = program.add_subcommand("evaluate", "Measure the analyzers on a labelled set of sentences");
  verb->add_option("SET", arguments->file, "One labelled {text, level, ...} a line; - for standard input")
      ->capture_default_str();
  verb->add_option("--resamples", arguments->resamples, "Bootstrap samples behind the 95% intervals")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  verb->add_option("--seed", arguments->seed, "Of the bootstrap")->capture_default_str();
  verb->add_flag("--json", arguments->json, "One JSON object");
  verb->footer("Example:\n  dprkwatch evaluate sentences.jsonl");
  verb->callback([arguments, &action] { action = [arguments] { return run_evaluate(*arguments); }; });
}

}  // namespace dprkwatch::cli
