#include "backtest/journal.hpp"

#include <filesystem>
#include <sstream>

namespace dprkwatch::backtest {

Result<Journal> Journal::open(const std::string& path, const std::string& run) {
  Journal journal;
  journal.path_ = path;
  if (path.empty()) return journal;
  std::string text;
  if (std::ifstream old(path, std::ios::binary); old) {
    std::ostringstream bytes;
    bytes << old.rdbuf();
    text = std::move(bytes).str();
  }
  std::size_t good = 0;  // bytes of whole lines that are this run's
  bool first = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    if (end == std::string::npos) break;
    std::string line = text.substr(at, end - at);
    if (first && line != run) break;
    if (!first) journal.kept_.push_back(std::move(line));
    first = false;
    at = good = end + 1;
  }
  if (good > 0) {
    std::error_code problem;
    std::filesystem::resize_file(path, good, problem);
    if (problem) return fail(ErrorCode::kStorage, "cannot write: " + problem.message(), path);
  }
  journal.file_.open(path, good > 0 ? std::ios::binary | std::ios::app : std::ios::binary | std::ios::trunc);
  if (good == 0) journal.file_ << run << '\n' << std::flush;
  if (!journal.file_) return fail(ErrorCode::kStorage, "cannot write the journal of the run", path);
  return journal;
}

void Journal::append(const std::string& line) {
  if (!path_.empty()) file_ << line << '\n';
}

void Journal::finish() {
  if (path_.empty()) return;
  file_.close();
  std::error_code ignored;  // what stays is only begun anew, or ignored, by the next run
  std::filesystem::remove(path_, ignored);
}

}  // namespace dprkwatch::backtest
