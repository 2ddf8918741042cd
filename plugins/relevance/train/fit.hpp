#pragma once
// Fits the two stages of the model.

#include <vector>

#include "relevance/model.hpp"

namespace dprkwatch::relevance::train {

struct Example {
  const Features* features = nullptr;
  double weight = 1;
  bool positive = false;
};

struct Penalty {
  double dense = 1;   // of the squares of dense weights, the bias free
  double hashed = 1;  // of the squares of hashed weights
};

// L2-regularised logistic regression by accelerated gradient descent from 0: no randomness, the same weights every
// time.
[[nodiscard]] Weights fit(const std::vector<Example>& examples, const Penalty& penalty);

}  // namespace dprkwatch::relevance::train
