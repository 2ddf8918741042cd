#pragma once
// Unit tests for rules and routes, in YAML: articles with their findings at given times, and which alerts and messages
// are expected. They run through the very code that the daemon runs, on a store in a folder of `scratch`, by a clock of
// their own.

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "result/result.hpp"

namespace dprkwatch::alert {

struct Rehearsal {
  std::string name;
  std::vector<std::string> mismatches;  // "at 5m: expected ..., got ..."; empty when all is as expected
};

// Where the file says that the configuration is (its key `config`), made absolute from the file's folder. Mistakes:
// "file:line:column".
[[nodiscard]] tl::expected<std::string, std::vector<Error>> rehearsal_config(std::string_view yaml,
                                                                             const std::string& path);

// Runs the tests of the file, which docs/alerting.md describes. `scratch`: an empty folder. On mistakes in the file,
// all of them; nothing is run then.
[[nodiscard]] tl::expected<std::vector<Rehearsal>, std::vector<Error>> rehearse(std::string_view yaml,
                                                                                const std::string& path,
                                                                                const config::Config& config,
                                                                                const std::string& scratch);

}  // namespace dprkwatch::alert
