#pragma once
// One function a verb: adds its options to the program; its work runs when the verb was picked, and gives the exit
// status. Private to cli.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "result/result.hpp"

namespace CLI {
class App;
}

namespace dprkwatch::cli {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

// What the picked verb does.
using Action = std::function<int()>;

void add_run(CLI::App& program, Action& action);
void add_check_config(CLI::App& program, Action& action);
void add_feed(CLI::App& program, Action& action);
void add_opml(CLI::App& program, Action& action);
void add_analyze(CLI::App& program, Action& action);
void add_evaluate(CLI::App& program, Action& action);
void add_demo(CLI::App& program, Action& action);
void add_plugin(CLI::App& program, Action& action);
void add_backtest(CLI::App& program, Action& action);
// To the verb `plugin`: those that change the store.
void add_plugin_store(CLI::App& plugin, Action& action);
void add_alert(CLI::App& program, Action& action);
void add_article(CLI::App& program, Action& action);
void add_delivery(CLI::App& program, Action& action);
void add_receiver(CLI::App& program, Action& action);
void add_rules(CLI::App& program, Action& action);
void add_silence(CLI::App& program, Action& action);

// An environment variable, as the configuration asks for it.
[[nodiscard]] std::optional<std::string> environment_variable(const std::string& name);

// The bytes of a file, or of standard input for "-"; at most `max_bytes`.
[[nodiscard]] Result<std::string> read_input(const std::string& path, std::size_t max_bytes);

// To standard error, each on a line, without control characters.
void print_errors(const std::vector<Error>& errors);

}  // namespace dprkwatch::cli
