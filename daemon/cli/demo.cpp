#include "demo/demo.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>
#include <memory>

#include "cli/verbs.hpp"
#include "clock/clock.hpp"
#include "plugin/plugin.hpp"

namespace dprkwatch::cli {
namespace {

struct DemoArguments {
  demo::Options options;
  std::string secret_file;
  int step_ms = 700;
};

boost::asio::awaitable<void> publish(demo::Demo& demo) {
  co_await demo.publish();
  const demo::Totals totals = demo.totals();
  if (totals.published == totals.entries) std::cout << "all " << totals.entries << " entries are published" << std::endl;
}

int run_demo(DemoArguments arguments) {
  auto secret = read_input(arguments.secret_file, 4096);
  if (!secret) {
    print_errors({secret.error()});
    return kUsage;
  }
  arguments.options.secret = std::move(*secret);
  arguments.options.step = Duration(arguments.step_ms);
  if (arguments.options.folder.empty()) arguments.options.folder = plugin::default_paths().share_dir + "/seeds/demo";
  const SystemClock clock;
  boost::asio::io_context loop{1};
  auto demo = demo::Demo::start(loop, clock, arguments.options,
                                [](const std::string& line) { std::cout << line << std::endl; });
  if (!demo) {
    print_errors({demo.error()});
    return demo.error().code == ErrorCode::kInvalidConfig ? kUsage : kFailed;
  }
  std::cout << "serving " << (*demo)->totals().entries << " entries on http://" << (*demo)->address()
            << ": /wire.xml /analysis.xml /korean.json; webhooks to /hook" << std::endl;
  boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code&, int) { (*demo)->stop(); });
  boost::asio::co_spawn(loop, publish(**demo), boost::asio::detached);
  loop.run();
  const demo::Totals totals = (*demo)->totals();
  std::cout << totals.requests << " polls, " << totals.not_modified << " of them answered 304; "
            << totals.verified - totals.repeats << " alerts verified, " << totals.repeats << " repeats, " << totals.refused
            << " refused" << std::endl;
  return kDone;
}

}  // namespace

void add_demo(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<DemoArguments>();
  CLI::App* verb = program.add_subcommand(
      "demo", "Serve the scenario of December 2019 as three growing feeds, and check the webhooks that come back");
  verb->add_option("--listen", arguments->options.listen, "Address and port")->capture_default_str();
  verb->add_option("--secret-file", arguments->secret_file, "The key that the daemon signs with")->required();
  verb->add_option("--scenario", arguments->options.folder, "Folder with the feeds; default: the installed one");
  verb->add_option("--step-ms", arguments->step_ms, "Milliseconds between two new entries")
      ->capture_default_str()
      ->check(CLI::Range(0, 3600000));
  verb->add_option("--at-once", arguments->options.at_once, "Entries that are there from the start")->capture_default_str();
  verb->add_option("--receipts", arguments->options.receipts, "Append a JSON line for each webhook to this file");
  verb->footer("Example: dprkwatch demo --secret-file config/demo.secret\n"
               "and beside it: dprkwatch run --config config/demo.yaml");
  verb->callback([arguments, &action] { action = [arguments] { return run_demo(*arguments); }; });
}

}  // namespace dprkwatch::cli
