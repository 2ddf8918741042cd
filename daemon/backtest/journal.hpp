#pragma once
// Findings on disk while a run goes on, so that a run that was broken off goes on where it was. Private to backtest.
//
// The first line names the run (archive, analyzers, rules); one line for each line of the archive follows. A last line
// that was cut off is dropped. A journal of another run is begun anew.

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "result/result.hpp"

namespace dprkwatch::backtest {

class Journal {
 public:
  // `path` empty: keeps nothing. `run` is one line. Fails when the file can not be written.
  [[nodiscard]] static Result<Journal> open(const std::string& path, const std::string& run);

  // Lines of the earlier part of this run, in their order.
  [[nodiscard]] const std::vector<std::string>& kept() const noexcept { return kept_; }
  void append(const std::string& line);
  // The run is whole: the file goes.
  void finish();

 private:
  std::string path_;
  std::vector<std::string> kept_;
  std::ofstream file_;
};

}  // namespace dprkwatch::backtest
