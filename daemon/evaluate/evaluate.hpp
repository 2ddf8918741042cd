#pragma once
// Figures of the analyzers on a labelled set (docs/evaluation.md): what `dprkwatch evaluate` prints.

#include <array>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "plugin/plugin.hpp"
#include "result/result.hpp"

namespace dprkwatch::evaluate {

// One labelled sentence beside what the analyzers said of it. A label that the set does not give is empty.
struct Row {
  std::string group;         // date, else line number: rows of a group are drawn together by the bootstrap
  std::string source;        // as the set names it; "" when it does not
  std::optional<int> level;  // 0..3
  std::optional<bool> conditional;
  std::optional<int> deescalation;  // 0..2
  std::optional<int> quad;          // 0..4: neutral vcoop mcoop vconf mconf
  std::string actor;                // "" when not labelled
  std::string target;
  int said_level = 0;
  double said_expected = 0;  // 0..3
  bool said_conditional = false;
  double said_deescalation = 0;  // 0..100
  std::string said_actor;
  std::string said_target;
  std::optional<std::array<double, 5>> said_quad;
  double words = 0;  // aggressive words: the baseline that needs no model
};

struct Figure {
  std::string set;   // "all" or a source
  std::string name;  // as in docs/evaluation.md
  std::size_t rows = 0;
  double value = 0;
  double low = 0;  // 95% interval, bootstrap by group
  double high = 0;
  std::optional<double> word_count;  // the same figure for the word count
};

struct Report {
  std::vector<Figure> figures;
  std::array<std::array<std::size_t, 4>, 4> confusion{};  // [labelled level][said level]
};

// Reads a set ({text, level, ...} a line) and scores each line as one sentence. Fails at the first line that is no
// object with a string "text", naming it, and when the analyzers can not be made.
[[nodiscard]] Result<std::vector<Row>> score(std::istream& set, plugin::Host& host);

// Pure: the same rows and seed give the same figures. `resamples` >= 1. A figure whose rows are all of one label is
// left out.
[[nodiscard]] Report measure(const std::vector<Row>& rows, std::size_t resamples, std::uint64_t seed);

// How many words of a fixed list of 40 aggressive words and their endings the text holds; English only.
[[nodiscard]] double aggressive_words(const std::string& text);

[[nodiscard]] std::string to_json(const Report& report);
[[nodiscard]] std::string to_table(const Report& report);

}  // namespace dprkwatch::evaluate
