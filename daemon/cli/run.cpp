#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/verbs.hpp"
#include "clock/clock.hpp"
#include "config/config.hpp"
#include "log/log.hpp"
#include "plugin/plugin.hpp"
#include "service/service.hpp"

namespace dprkwatch::cli {
namespace {

log::Level level_of(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::kDebug:
      return log::Level::kDebug;
    case config::LogLevel::kInfo:
      return log::Level::kInfo;
    case config::LogLevel::kWarn:
      return log::Level::kWarn;
    case config::LogLevel::kError:
      return log::Level::kError;
  }
  return log::Level::kInfo;
}

log::Format format_of(config::LogFormat format) {
  switch (format) {
    case config::LogFormat::kAuto:
      return log::Format::kAuto;
    case config::LogFormat::kText:
      return log::Format::kText;
    case config::LogFormat::kJson:
      return log::Format::kJson;
  }
  return log::Format::kAuto;
}

// Status 2 for mistakes in the configuration, 1 for what the machine refused.
int status_of(const std::vector<Error>& errors) {
  for (const Error& error : errors) {
    if (error.code == ErrorCode::kInvalidConfig) return kUsage;
  }
  return kFailed;
}

int run(const std::string& file, bool once) {
  auto config = config::load_file(file, environment_variable);
  if (!config) {
    print_errors(config.error());
    return kUsage;
  }
  const SystemClock clock;
  const auto logger = log::to_stderr(level_of(config->log.level), format_of(config->log.format));
  service::Service daemon(std::move(*config), {clock, *logger, plugin::default_paths(), DPRKWATCH_VERSION});
  if (auto started = daemon.start(); !started) {
    print_errors(started.error());
    return status_of(started.error());
  }
  if (!once) {
    daemon.run(/*signals=*/true);
    return kDone;
  }
  daemon.run_once();
  const service::Totals totals = daemon.totals();
  std::cout << totals.polls << " feeds polled, " << totals.failed_polls << " failed, " << totals.analysed
            << " articles analysed, " << totals.alerts << " alerts\n";
  if (totals.unfinished) {
    print_errors({*totals.unfinished});
    return kFailed;
  }
  return totals.polls > 0 && totals.failed_polls == totals.polls ? kFailed : kDone;
}

}  // namespace

void add_run(CLI::App& program, Action& action) {
  struct Options {
    std::string config;
    bool once = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* verb = program.add_subcommand("run", "Watch the feeds of a configuration and alert");
  verb->add_option("--config", options->config, "Configuration file (YAML)")->required()->type_name("FILE");
  verb->add_flag("--once", options->once, "Poll every feed once, process everything, deliver, exit");
  verb->footer(
      "Stops cleanly on SIGTERM and SIGINT, reads its configuration anew on SIGHUP.\n"
      "Example: dprkwatch run --config dprkwatch.yaml --once");
  verb->callback([options, &action] { action = [options] { return run(options->config, options->once); }; });
}

}  // namespace dprkwatch::cli
