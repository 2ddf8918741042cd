#pragma once
// Figures of ranked and classified items. Private to evaluate.

#include <cstddef>
#include <optional>
#include <vector>

namespace dprkwatch::evaluate {

struct Scored {
  double score = 0;
  bool positive = false;
};

// Each is empty where it has no meaning: all of one label, or all values equal.
[[nodiscard]] std::optional<double> spearman(const std::vector<double>& a, const std::vector<double>& b);
[[nodiscard]] std::optional<double> auc(const std::vector<Scored>& items);  // ties count half
// Items of equal score count as one step, so the order of the file does not matter.
[[nodiscard]] std::optional<double> average_precision(std::vector<Scored> items);
[[nodiscard]] std::optional<double> f1(const std::vector<Scored>& items, double threshold);

}  // namespace dprkwatch::evaluate
