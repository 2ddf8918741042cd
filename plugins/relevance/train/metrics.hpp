#pragma once
// F1 and recall of "about", with intervals.

#include <cstdint>
#include <string>
#include <vector>

namespace dprkwatch::relevance::train {

// One judged text. Passing mentions count as negative.
struct Judged {
  bool is_about = false;
  bool called_about = false;
};

struct Measure {
  double value = 0;
  double low = 0;  // 95% interval by the bootstrap
  double high = 0;
};

struct Figures {
  std::size_t rows = 0;
  std::size_t positives = 0;
  std::size_t missed = 0;
  std::size_t false_alarms = 0;
  Measure f1;
  Measure precision;
  Measure recall;
};

// 2,000 resamples with a generator that starts from `seed`.
[[nodiscard]] Figures measure(const std::vector<Judged>& judged, std::uint64_t seed);

// One line for people.
[[nodiscard]] std::string to_text(const std::string& name, const Figures& figures);

}  // namespace dprkwatch::relevance::train
