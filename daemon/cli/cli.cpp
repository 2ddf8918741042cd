#include "cli/cli.hpp"

#include <curl/curl.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>

#include "cli/verbs.hpp"
#include "text/text.hpp"

namespace dprkwatch::cli {
namespace {

constexpr const char* kExamples = R"(
Examples:
  dprkwatch run --config /etc/dprkwatch/dprkwatch.yaml
  dprkwatch check-config dprkwatch.yaml
  dprkwatch feed parse --json feed.xml
  dprkwatch feed discover https://www.38north.org/
  dprkwatch analyze statement.txt
  dprkwatch demo
)";

int run(int argc, char** argv) {
  CLI::App program("Watches feeds for news about North Korea, measures the war of words, and alerts people.",
                   "dprkwatch");
  program.set_version_flag("--version", std::string("dprkwatch ") + DPRKWATCH_VERSION);
  program.require_subcommand(1);
  program.footer(kExamples);
  Action action;
  add_run(program, action);
  add_check_config(program, action);
  add_feed(program, action);
  add_opml(program, action);
  add_analyze(program, action);
  add_evaluate(program, action);
  add_demo(program, action);
  add_plugin(program, action);
  add_backtest(program, action);
  add_alert(program, action);
  add_article(program, action);
  add_delivery(program, action);
  add_receiver(program, action);
  add_rules(program, action);
  add_silence(program, action);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? kDone : kUsage;
  }
  return action();
}

}  // namespace

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Result<std::string> read_input(const std::string& path, std::size_t max_bytes) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) return fail(ErrorCode::kNotFound, "cannot read the file", path);
  }
  std::istream& input = path == "-" ? std::cin : file;
  std::string bytes;
  std::string block(64 * 1024, '\0');
  while (input.read(block.data(), static_cast<std::streamsize>(block.size())) || input.gcount() > 0) {
    bytes.append(block, 0, static_cast<std::size_t>(input.gcount()));
    if (bytes.size() > max_bytes) {
      return fail(ErrorCode::kTooLarge, "larger than " + std::to_string(max_bytes) + " bytes", path);
    }
  }
  if (input.bad()) return fail(ErrorCode::kNotFound, "cannot read the file", path);
  return bytes;
}

void print_errors(const std::vector<Error>& errors) {
  for (const Error& error : errors) std::cerr << text::printable(describe(error)) << "\n";
}

int main(int argc, char** argv) {
  try {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const int status = run(argc, argv);
    curl_global_cleanup();
    return status;
  } catch (const std::exception& error) {
    std::cerr << "dprkwatch: " << error.what() << "\n";
    return kFailed;
  }
}

}  // namespace dprkwatch::cli
