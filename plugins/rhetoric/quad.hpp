#pragma once
// The auxiliary head: the five CAMEO quad classes of a sentence. Learned from one data set alone (docs/model-cards), so
// its weights are a file of their own that may be left out. Private to rhetoric.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "rhetoric/features.hpp"

namespace dprkwatch::rhetoric {

inline constexpr std::size_t kQuads = 5;
// In the order of the data set's numbers.
inline constexpr std::array<std::string_view, kQuads> kQuadNames{"neutral", "vcoop", "mcoop", "vconf", "mconf"};

struct QuadModel {
  std::vector<float> rarity = std::vector<float>(kWordBuckets + kCharacterBuckets, 1.0F);
  std::array<std::vector<float>, kQuads> weights;  // kFeatures each: one class against the rest
  std::string trained_on;                          // SHA-256 of the training set, in hex

  // Adds up to 1. `features` are not weighed yet. A text in another script has the named features alone.
  [[nodiscard]] std::array<double, kQuads> probabilities(Features features) const;
};

[[nodiscard]] std::string write_quad(const QuadModel& model);
// Throws std::runtime_error when the bytes are no model of this format.
[[nodiscard]] QuadModel read_quad(std::string_view bytes);

}  // namespace dprkwatch::rhetoric
