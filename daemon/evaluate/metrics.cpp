#include "evaluate/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dprkwatch::evaluate {
namespace {

// Mean ranks from 1.
std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> rank(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) rank[order[i]] = static_cast<double>(begin + end + 1) / 2;
    begin = end;
  }
  return rank;
}

double count_positives(const std::vector<Scored>& items) {
  return static_cast<double>(
      std::count_if(items.begin(), items.end(), [](const Scored& item) { return item.positive; }));
}

}  // namespace

std::optional<double> spearman(const std::vector<double>& a, const std::vector<double>& b) {
  const auto x = ranks(a);
  const auto y = ranks(b);
  const double mean = (static_cast<double>(a.size()) + 1) / 2;
  double cross = 0;
  double squares_x = 0;
  double squares_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    cross += (x[i] - mean) * (y[i] - mean);
    squares_x += (x[i] - mean) * (x[i] - mean);
    squares_y += (y[i] - mean) * (y[i] - mean);
  }
  if (squares_x == 0 || squares_y == 0) return std::nullopt;
  return cross / std::sqrt(squares_x * squares_y);
}

std::optional<double> auc(const std::vector<Scored>& items) {
  std::vector<double> scores;
  for (const Scored& item : items) scores.push_back(item.score);
  const auto rank = ranks(scores);
  const double positives = count_positives(items);
  const double negatives = static_cast<double>(items.size()) - positives;
  if (positives == 0 || negatives == 0) return std::nullopt;
  double sum = 0;
  for (std::size_t i = 0; i < items.size(); ++i) sum += items[i].positive ? rank[i] : 0;
  return (sum - positives * (positives + 1) / 2) / (positives * negatives);
}

std::optional<double> average_precision(std::vector<Scored> items) {
  const double positives = count_positives(items);
  if (positives == 0) return std::nullopt;
  std::sort(items.begin(), items.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
  double hits = 0;
  double sum = 0;
  for (std::size_t begin = 0; begin < items.size();) {
    std::size_t end = begin;
    double here = 0;
    for (; end < items.size() && items[end].score == items[begin].score; ++end) here += items[end].positive ? 1 : 0;
    hits += here;
    sum += here * hits / static_cast<double>(end);
    begin = end;
  }
  return sum / positives;
}

std::optional<double> f1(const std::vector<Scored>& items, double threshold) {
  double hits = 0;
  double said = 0;
  const double positives = count_positives(items);
  for (const Scored& item : items) {
    if (item.score < threshold) continue;
    ++said;
    hits += item.positive ? 1 : 0;
  }
  if (positives == 0) return std::nullopt;
  return 2 * hits / (said + positives);
}

}  // namespace dprkwatch::evaluate
