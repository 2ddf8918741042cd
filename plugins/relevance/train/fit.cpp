#include "fit.hpp"

#include <algorithm>
#include <cmath>

namespace dprkwatch::relevance::train {
namespace {

constexpr int kSteps = 1500;

// Where the loss slopes, with the penalty.
Weights gradient(const std::vector<Example>& examples, const Penalty& penalty, const Weights& at) {
  Weights slope;
  for (std::size_t i = 1; i < kFeatureCount; ++i) slope.dense[i] = penalty.dense * at.dense[i];
  for (std::size_t i = 0; i < kHashSize; ++i) slope.hashed[i] = static_cast<float>(penalty.hashed) * at.hashed[i];
  for (const Example& example : examples) {
    const double error = example.weight * (logistic(log_odds(at, *example.features)) - (example.positive ? 1.0 : 0.0));
    for (std::size_t i = 0; i < kFeatureCount; ++i) slope.dense[i] += error * example.features->dense[i];
    for (const auto& [place, value] : example.features->hashed) {
      slope.hashed[place] += static_cast<float>(error) * value;
    }
  }
  return slope;
}

// An upper bound of the curvature: a quarter of the weighted squares, and the penalty.
double curvature(const std::vector<Example>& examples, const Penalty& penalty) {
  double sum = 0;
  for (const Example& example : examples) {
    double squares = 0;
    for (const double value : example.features->dense) squares += value * value;
    for (const auto& [place, value] : example.features->hashed) squares += static_cast<double>(value * value);
    sum += example.weight * squares;
  }
  return sum / 4 + std::max(penalty.dense, penalty.hashed);
}

}  // namespace

Weights fit(const std::vector<Example>& examples, const Penalty& penalty) {
  const double step = 1 / curvature(examples, penalty);
  Weights current;
  Weights ahead;
  for (int round = 0; round < kSteps; ++round) {
    const Weights slope = gradient(examples, penalty, ahead);
    const double momentum = round / (round + 3.0);
    for (std::size_t i = 0; i < kFeatureCount; ++i) {
      const double next = ahead.dense[i] - step * slope.dense[i];
      ahead.dense[i] = next + momentum * (next - current.dense[i]);
      current.dense[i] = next;
    }
    for (std::size_t i = 0; i < kHashSize; ++i) {
      const float next = ahead.hashed[i] - static_cast<float>(step) * slope.hashed[i];
      ahead.hashed[i] = next + static_cast<float>(momentum) * (next - current.hashed[i]);
      current.hashed[i] = next;
    }
  }
  return current;
}

}  // namespace dprkwatch::relevance::train
