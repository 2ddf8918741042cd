#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>

#include "alert/rehearse.hpp"
#include "cli/alerting.hpp"
#include "cli/verbs.hpp"
#include "text/text.hpp"

namespace dprkwatch::cli {
namespace {

constexpr std::size_t kMaxBytes = 1024 * 1024;

struct Arguments : Common {
  std::string file;
};

// A folder that is gone afterwards.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "dprkwatch-rules-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

int report(const Arguments& arguments, const std::vector<alert::Rehearsal>& results) {
  boost::json::array items;
  std::size_t bad = 0;
  for (const alert::Rehearsal& result : results) {
    if (!result.mismatches.empty()) ++bad;
    if (!arguments.json) {
      print(arguments, {}, (result.mismatches.empty() ? "ok      " : "FAILED  ") + result.name);
      for (const std::string& line : result.mismatches) print(arguments, {}, "  " + line);
    }
    items.push_back(
        boost::json::object{{"name", result.name},
                            {"ok", result.mismatches.empty()},
                            {"mismatches", boost::json::array(result.mismatches.begin(), result.mismatches.end())}});
  }
  print(arguments, boost::json::object{{"items", items}, {"failed", bad}},
        std::to_string(results.size()) + " tests, " + std::to_string(bad) + " failed");
  return bad == 0 ? kDone : kFailed;
}

int test(const Arguments& arguments) {
  const auto yaml = read_input(arguments.file, kMaxBytes);
  if (!yaml) return failed(yaml.error());
  const auto file = alert::rehearsal_config(*yaml, arguments.file);
  if (!file) {
    print_errors(file.error());
    return kUsage;
  }
  const auto config = config::load_file(*file, environment_variable);
  if (!config) {
    print_errors(config.error());
    return kUsage;
  }
  const Scratch scratch;
  const auto results = alert::rehearse(*yaml, arguments.file, *config, scratch.path());
  if (results) return report(arguments, *results);
  print_errors(results.error());
  return kFailed;
}

}  // namespace

void add_rules(CLI::App& program, Action& action) {
  CLI::App* verb = program.add_subcommand("rules", "What raises alerts");
  verb->require_subcommand(1);
  auto arguments = std::make_shared<Arguments>();
  CLI::App* inner = verb->add_subcommand("test", "Run unit tests for rules and routes (docs/alerting.md)");
  inner->add_option("FILE", arguments->file, "Tests (YAML)")->required();
  inner->add_flag("--json", arguments->json, "JSON");
  inner->footer("Example: dprkwatch rules test rules.test.yaml");
  inner->callback([arguments, &action] { action = [arguments] { return test(*arguments); }; });
}

}  // namespace dprkwatch::cli
