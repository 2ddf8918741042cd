#pragma once
// One line of an archive to a finding, and a finding to a line of the journal and back. Private to backtest.

#include <optional>
#include <string>
#include <string_view>

#include "backtest/backtest.hpp"
#include "plugin/analysis.hpp"

namespace dprkwatch::backtest {

// "2019-12-08", "2019-12" or "2019-12-08T20:00:00Z" to the day it counts for.
[[nodiscard]] std::optional<std::chrono::sys_days> day_of(std::string_view date, std::chrono::minutes utc_offset);
[[nodiscard]] std::string day_name(std::chrono::sys_days day);  // "2019-12-08"

struct Line {
  plugin::Input input;
  std::chrono::sys_days day;
};
[[nodiscard]] Result<Line> read_line(std::string_view line, const Options& options);

// Story and line number are left empty: they are given in order.
[[nodiscard]] Finding find(const Line& line, const plugin::Analysis& analysis, const Options& options,
                           const trend::Voices& voices);

[[nodiscard]] std::string to_journal(const Finding& finding);  // one line, without its break
[[nodiscard]] Result<Finding> from_journal(std::string_view line);

}  // namespace dprkwatch::backtest
