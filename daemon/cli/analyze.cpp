#include "plugin/analyze.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <thread>

#include "article/article.hpp"
#include "cli/verbs.hpp"
#include "feed/feed.hpp"
#include "plugin/plugin.hpp"

namespace dprkwatch::cli {
namespace {

constexpr std::size_t kMaxTextBytes = 16 * 1024 * 1024;

struct AnalyzeArguments {
  std::string file = "-";
  std::string title;
  std::string url;
  std::string published;
  std::string language;
  std::string source;
  bool json = false;
  bool jsonl = false;
};

bool looks_like_html(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != std::string::npos && text[first] == '<';
}

Result<plugin::Input> input_of(const AnalyzeArguments& arguments) {
  auto bytes = read_input(arguments.file, kMaxTextBytes);
  if (!bytes) return tl::unexpected(std::move(bytes.error()));
  plugin::Input input;
  input.title = article::clean_text(arguments.title);
  input.text = looks_like_html(*bytes) ? article::html_to_text(*bytes) : article::clean_text(*bytes);
  if (input.text.empty() && input.title.empty()) {
    return fail(ErrorCode::kInvalidInput, "no text to analyze; expected plain text or HTML", arguments.file);
  }
  input.url = arguments.url;
  input.source = arguments.source;
  input.language = arguments.language.empty() ? article::guess_language(input.title + "\n" + input.text)
                                              : arguments.language;
  if (!arguments.published.empty()) {
    input.published = feed::parse_date(arguments.published);
    if (!input.published) {
      return fail(ErrorCode::kInvalidConfig, "expected a date such as 2019-12-08T03:04:05Z", "--published");
    }
  }
  return input;
}

int report(const std::vector<Error>& errors) {
  print_errors(errors);
  return errors.front().code == ErrorCode::kInvalidConfig ? kUsage : kFailed;
}

int analyze_archive(plugin::Host& host, const AnalyzeArguments& arguments) {
  std::ifstream file;
  if (arguments.file != "-") {
    file.open(arguments.file);
    if (!file) return report({{ErrorCode::kNotFound, "cannot read the file", arguments.file}});
  }
  const auto totals = plugin::analyze_lines(arguments.file == "-" ? std::cin : file, std::cout, host,
                                            std::max(1U, std::thread::hardware_concurrency()));
  if (!totals) return report({totals.error()});
  if (totals->failed == 0) return kDone;
  std::cerr << totals->failed << " of " << totals->lines << " lines could not be analysed; see their \"error\"\n";
  return kFailed;
}

int analyze(const AnalyzeArguments& arguments) {
  auto host = plugin::load({}, plugin::default_paths());
  if (!host) return report(host.error());
  if (arguments.jsonl) return analyze_archive(**host, arguments);
  auto input = input_of(arguments);
  if (!input) return report({input.error()});
  auto chain = (*host)->make_chain();
  if (!chain) return report({chain.error()});
  const auto analysis = (*chain)->analyze(*input, /*complete=*/true);
  if (!analysis) return report({analysis.error()});
  if (arguments.json) {
    std::cout << plugin::to_json(*input, *analysis) << "\n";
  } else {
    const char* no_color = std::getenv("NO_COLOR");
    const bool colour = isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
    std::cout << plugin::explain(*input, *analysis, colour);
  }
  return kDone;
}

}  // namespace

void add_analyze(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<AnalyzeArguments>();
  CLI::App* verb = program.add_subcommand("analyze", "Score a text and explain the score");
  verb->add_option("FILE", arguments->file, "Plain text or HTML; - for standard input")->capture_default_str();
  verb->add_option("--title", arguments->title, "Headline");
  verb->add_option("--url", arguments->url, "Where it was published");
  verb->add_option("--published", arguments->published, "When it was published");
  verb->add_option("--lang", arguments->language, "Language (en, ko, ja, zh, ru); default: guessed");
  verb->add_option("--source", arguments->source, "The outlet, such as KCNA");
  auto* json = verb->add_flag("--json", arguments->json, "One JSON object");
  verb->add_flag("--jsonl", arguments->jsonl, "One {id,text,title,date,source,lang} a line in, one result a line out")
      ->excludes(json);
  verb->footer("Examples:\n  dprkwatch analyze statement.txt --source KCNA\n"
               "  dprkwatch analyze --jsonl archive.jsonl > scores.jsonl");
  verb->callback([arguments, &action] { action = [arguments] { return analyze(*arguments); }; });
}

}  // namespace dprkwatch::cli
