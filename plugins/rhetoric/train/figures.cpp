#include <algorithm>
#include <cmath>
#include <numeric>

#include "rhetoric/train/training.hpp"

namespace dprkwatch::rhetoric {
namespace {

std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> rank(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t j = i; j < end; ++j) rank[order[j]] = (static_cast<double>(i) + static_cast<double>(end) - 1) / 2;
    i = end;
  }
  return rank;
}

void sort_down(std::vector<Scored>& scored) {
  std::stable_sort(scored.begin(), scored.end(), [](const Scored& a, const Scored& b) { return a.score > b.score; });
}

}  // namespace

double spearman(const std::vector<double>& a, const std::vector<double>& b) {
  const auto x = ranks(a);
  const auto y = ranks(b);
  const double n = static_cast<double>(a.size());
  const double mean = (n - 1) / 2;
  double cross = 0;
  double xx = 0;
  double yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    cross += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  return xx == 0 || yy == 0 ? 0 : cross / std::sqrt(xx * yy);
}

double auc(std::vector<Scored> scored) {
  std::vector<double> values;
  for (const Scored& item : scored) values.push_back(item.score);
  const auto rank = ranks(values);
  double positives = 0;
  double sum = 0;
  for (std::size_t i = 0; i < scored.size(); ++i) {
    if (!scored[i].positive) continue;
    ++positives;
    sum += rank[i] + 1;
  }
  const double negatives = static_cast<double>(scored.size()) - positives;
  return positives == 0 || negatives == 0 ? 0.5 : (sum - positives * (positives + 1) / 2) / (positives * negatives);
}

double average_precision(std::vector<Scored> scored) {
  sort_down(scored);
  double positives = 0;
  double sum = 0;
  for (std::size_t i = 0; i < scored.size(); ++i) {
    if (scored[i].positive) sum += ++positives / static_cast<double>(i + 1);
  }
  return positives == 0 ? 0 : sum / positives;
}

double f1_at(const std::vector<Scored>& scored, double threshold) {
  double hits = 0;
  double said = 0;
  double positives = 0;
  for (const Scored& item : scored) {
    const bool yes = item.score >= threshold;
    said += yes ? 1 : 0;
    positives += item.positive ? 1 : 0;
    hits += yes && item.positive ? 1 : 0;
  }
  return said + positives == 0 ? 0 : 2 * hits / (said + positives);
}

double best_threshold(std::vector<Scored> scored) {
  double best = 0.5;
  double highest = -1;
  for (double threshold = 0.05; threshold < 0.95; threshold += 0.01) {
    const double f1 = f1_at(scored, threshold);
    if (f1 > highest + 1e-12) {
      highest = f1;
      best = threshold;
    }
  }
  return best;
}

Calibration calibrate(const std::vector<Scored>& scored) {
  const auto logit = [](double p) { return std::log(p / (1 - p)); };
  Calibration line;
  // Newton's method on two unknowns; a little penalty keeps separable sets finite.
  for (int step = 0; step < 50; ++step) {
    double g0 = 1e-3 * (line.slope - 1);
    double g1 = 0;
    double h00 = 1e-3;
    double h01 = 0;
    double h11 = 1e-9;
    for (const Scored& item : scored) {
      const double x = logit(std::clamp(item.score, 1e-9, 1 - 1e-9));
      const double p = 1 / (1 + std::exp(-(line.slope * x + line.offset)));
      const double error = p - (item.positive ? 1 : 0);
      g0 += error * x;
      g1 += error;
      h00 += p * (1 - p) * x * x;
      h01 += p * (1 - p) * x;
      h11 += p * (1 - p);
    }
    const double determinant = h00 * h11 - h01 * h01;
    line.slope -= (h11 * g0 - h01 * g1) / determinant;
    line.offset -= (h00 * g1 - h01 * g0) / determinant;
  }
  return line;
}

double apply(const Calibration& line, double probability) {
  const double p = std::clamp(probability, 1e-9, 1 - 1e-9);
  return 1 / (1 + std::exp(-(line.slope * std::log(p / (1 - p)) + line.offset)));
}

}  // namespace dprkwatch::rhetoric
