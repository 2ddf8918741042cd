#include "cli/archive.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "cli/verbs.hpp"
#include "plugin/plugin.hpp"

namespace dprkwatch::cli {
namespace {

constexpr std::size_t kMaxSeedBytes = 16 * 1024 * 1024;

// "[=====     ]  52%  9,740 articles  1,850/s  0:05 left", written over itself.
class ProgressLine {
 public:
  void show(const backtest::Progress& progress) {
    const auto elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    const double share =
        progress.bytes_total == 0 ? 1 : static_cast<double>(progress.bytes) / static_cast<double>(progress.bytes_total);
    constexpr int kCells = 24;
    const int full = static_cast<int>(share * kCells);
    const double rate = elapsed > 0 ? static_cast<double>(progress.articles) / elapsed : 0;
    const long left = share > 0 ? static_cast<long>(elapsed / share * (1 - share)) : 0;
    std::array<char, 160> line{};
    std::snprintf(line.data(), line.size(), "\r[%s%s] %3d%%  %llu articles  %.0f/s  %ld:%02ld left ",
                  std::string(static_cast<std::size_t>(full), '=').c_str(),
                  std::string(static_cast<std::size_t>(kCells - full), ' ').c_str(), static_cast<int>(share * 100),
                  static_cast<unsigned long long>(progress.articles), rate, left / 60, left % 60);
    std::cerr << line.data() << std::flush;
    shown_ = true;
  }
  void end() const {
    if (shown_) std::cerr << "\n";
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  bool shown_ = false;
};

}  // namespace

tl::expected<backtest::Outcome, std::vector<Error>> run_archive(const ArchiveArguments& arguments) {
  config::Config config;
  backtest::Options options;
  if (!arguments.config.empty()) {
    auto loaded = config::load_file(arguments.config, environment_variable);
    if (!loaded) return tl::unexpected(std::move(loaded.error()));
    config = std::move(*loaded);
    auto text = read_input(arguments.config, kMaxSeedBytes);
    if (text) options.rules_text = std::move(*text);
  }
  const plugin::Paths paths = plugin::default_paths();
  auto actors = read_input(paths.share_dir + "/seeds/actors.json", kMaxSeedBytes);
  if (!actors) return tl::unexpected(std::vector<Error>{std::move(actors.error())});
  auto host = plugin::load(config.plugins, paths);
  if (!host) return tl::unexpected(std::move(host.error()));
  ProgressLine progress;
  options.articles = arguments.articles;
  options.journal = arguments.journal;
  options.workers = arguments.workers > 0 ? arguments.workers : std::max(1U, std::thread::hardware_concurrency());
  options.utc_offset = std::chrono::hours(arguments.utc_offset_hours);
  options.rules = config.rules;
  options.actors_json = std::move(*actors);
  if (isatty(STDERR_FILENO) == 1) {
    options.on_progress = [&progress](const backtest::Progress& now) { progress.show(now); };
  }
  auto outcome = backtest::run(options, **host);
  progress.end();
  if (!outcome) return tl::unexpected(std::vector<Error>{std::move(outcome.error())});
  if (outcome->failed > 0) {
    std::cerr << outcome->failed << " of " << outcome->articles
              << " lines could not be used; the first: " << outcome->first_failure << "\n";
  }
  return std::move(*outcome);
}

}  // namespace dprkwatch::cli
