#pragma once
// The learned weights: two logistic regressions in a row. The first says whether a text touches the DPRK at all, the
// second whether one that does is about it; P(about) is their product.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "relevance/features.hpp"

namespace dprkwatch::relevance {

enum class Stage : std::size_t { kTouches, kAbout };
inline constexpr std::size_t kStageCount = 2;

struct Weights {
  std::array<double, kFeatureCount> dense{};
  std::vector<float> hashed = std::vector<float>(kHashSize, 0.0F);
};

struct Model {
  std::array<Weights, kStageCount> stages;
  double about_threshold = 0.5;    // least P(about) that is called about
  double passing_threshold = 0.5;  // least P(touches) that is called passing
  std::string training_sha256;     // of the training files, in the order of training
};

inline constexpr int kModelVersion = 1;

// Throws std::runtime_error when the bytes are no model of this version and these features.
[[nodiscard]] Model read_model(std::string_view bytes);

// The same bytes for the same model. Hashed weights are kept with 8 bits each.
[[nodiscard]] std::string write_model(const Model& model);

// The log-odds of one stage.
[[nodiscard]] double log_odds(const Weights& weights, const Features& features) noexcept;

[[nodiscard]] double logistic(double log_odds) noexcept;

}  // namespace dprkwatch::relevance
