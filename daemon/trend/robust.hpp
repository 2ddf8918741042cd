#pragma once
// Median, median absolute deviation, mean and variance over a sliding window. Private to trend.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace dprkwatch::trend {

// Values in any order, the same value any number of times. Adding and removing cost the window's length at most.
class RobustWindow {
 public:
  void add(double value) { sorted_.insert(std::lower_bound(sorted_.begin(), sorted_.end(), value), value); }
  // `value` was added before.
  void remove(double value) { sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), value)); }
  [[nodiscard]] std::size_t size() const noexcept { return sorted_.size(); }
  // 0 when empty.
  [[nodiscard]] double median() const { return middle_of(sorted_); }
  // Scaled to the standard deviation of a normal distribution (1.4826).
  [[nodiscard]] double deviation() const {
    const double middle = median();
    std::vector<double> distances;
    distances.reserve(sorted_.size());
    for (const double value : sorted_) distances.push_back(std::fabs(value - middle));
    std::sort(distances.begin(), distances.end());
    return 1.4826 * middle_of(distances);
  }

 private:
  static double middle_of(const std::vector<double>& sorted) {
    if (sorted.empty()) return 0;
    const std::size_t middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
  std::vector<double> sorted_;
};

}  // namespace dprkwatch::trend
