#pragma once
// Running an archive of dated articles from the command line, with progress on a terminal. Private to cli.

#include <string>
#include <vector>

#include "backtest/backtest.hpp"
#include "result/result.hpp"

namespace dprkwatch::cli {

struct ArchiveArguments {
  std::string articles;
  std::string config;       // file; empty: default analyzers, no rules
  std::string journal;      // empty: not resumable
  std::size_t workers = 0;  // 0: one a core
  int utc_offset_hours = 9;
};

// Reads the seeds and the configuration, and runs. Progress goes to standard error, when that is a terminal.
[[nodiscard]] tl::expected<backtest::Outcome, std::vector<Error>> run_archive(const ArchiveArguments& arguments);

}  // namespace dprkwatch::cli
