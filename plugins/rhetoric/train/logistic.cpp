#include <cmath>

#include "rhetoric/train/training.hpp"

namespace dprkwatch::rhetoric {
namespace {

// Adam (Kingma and Ba 2015) on the whole set: no order of examples, so no chance.
class Adam {
 public:
  explicit Adam(std::size_t size) : mean_(size), square_(size) {}
  void step(std::vector<float>& weights, const std::vector<double>& gradient, int number) {
    constexpr double kRate = 0.05;
    constexpr double kMean = 0.9;
    constexpr double kSquare = 0.999;
    const double mean_correction = 1 - std::pow(kMean, number);
    const double square_correction = 1 - std::pow(kSquare, number);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      mean_[i] = kMean * mean_[i] + (1 - kMean) * gradient[i];
      square_[i] = kSquare * square_[i] + (1 - kSquare) * gradient[i] * gradient[i];
      const double step = kRate * (mean_[i] / mean_correction) / (std::sqrt(square_[i] / square_correction) + 1e-8);
      weights[i] = static_cast<float>(weights[i] - step);
    }
  }

 private:
  std::vector<double> mean_;
  std::vector<double> square_;
};

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

}  // namespace

std::vector<float> minimise(const std::vector<Labelled>& examples, const TrainingOptions& options, bool hashed) {
  const std::size_t size = hashed ? kFeatures : kNamed;
  std::vector<float> weights(size);
  std::vector<double> gradient(size);
  Adam adam(size);
  for (int number = 1; number <= options.steps; ++number) {
    for (std::size_t i = 0; i < size; ++i) {
      gradient[i] = (i < kNamed ? options.named_penalty : options.hashed_penalty) * static_cast<double>(weights[i]);
    }
    for (const auto& [features, label] : examples) {
      double sum = 0;
      for (std::size_t i = 0; i < kNamed; ++i) sum += static_cast<double>(weights[i]) * features->named[i];
      if (hashed) {
        for (const Feature& feature : features->hashed)
          sum += static_cast<double>(weights[feature.index]) * feature.value;
      }
      const double error = sigmoid(sum) - label;
      for (std::size_t i = 0; i < kNamed; ++i) gradient[i] += error * features->named[i];
      if (!hashed) continue;
      for (const Feature& feature : features->hashed) gradient[feature.index] += error * feature.value;
    }
    adam.step(weights, gradient, number);
  }
  return weights;
}

TrainingOptions options_for(Head head) {
  TrainingOptions options;
  if (head == Head::kConditional || head == Head::kDeescalation1 || head == Head::kDeescalation2) {
    options.named_penalty = 1;
    options.hashed_penalty = 0.3;
  }
  return options;
}

std::vector<float> rarity_of(const std::vector<const Features*>& examples) {
  std::vector<float> with(kWordBuckets + kCharacterBuckets);
  for (const Features* features : examples) {
    for (const Feature& feature : features->hashed) ++with[feature.index - kNamed];
  }
  const auto n = static_cast<float>(examples.size());
  for (float& value : with) value = std::log((1 + n) / (1 + value)) + 1;
  return with;
}

int label_of(Head head, const Example& example) {
  switch (head) {
    case Head::kLevel1:
      return example.level >= 1 ? 1 : 0;
    case Head::kLevel2:
      return example.level >= 2 ? 1 : 0;
    case Head::kLevel3:
      return example.level >= 3 ? 1 : 0;
    case Head::kConditional:
      return example.conditional ? 1 : 0;
    case Head::kDeescalation1:
      return example.deescalation < 0 ? -1 : (example.deescalation >= 1 ? 1 : 0);
    case Head::kDeescalation2:
      return example.deescalation < 0 ? -1 : (example.deescalation >= 2 ? 1 : 0);
    case Head::kCount:
      break;
  }
  return -1;
}

Weights fit(Head head, const std::vector<const Example*>& examples) {
  std::vector<Labelled> labelled;
  for (const Example* example : examples) {
    const int label = label_of(head, *example);
    if (label >= 0) labelled.push_back({&example->features, label});
  }
  Weights weights;
  weights.all = minimise(labelled, options_for(head), /*hashed=*/true);
  const auto named = minimise(labelled, options_for(head), /*hashed=*/false);
  std::copy(named.begin(), named.end(), weights.named.begin());
  return weights;
}

}  // namespace dprkwatch::rhetoric
