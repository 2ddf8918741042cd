#pragma once
// The learned part: logistic regressions over the features, and their file. Private to rhetoric.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rhetoric/features.hpp"

namespace dprkwatch::rhetoric {

// What each regression tells the probability of.
enum class Head : std::uint8_t {
  kLevel1,  // at least verbal hostility
  kLevel2,  // at least an implicit threat
  kLevel3,  // an explicit threat of force
  kConditional,
  kDeescalation1,  // at least mild
  kDeescalation2,  // clear
  kCount
};
inline constexpr std::size_t kHeads = static_cast<std::size_t>(Head::kCount);

// Weights of one head for two kinds of text: all features, and the named ones alone for other scripts.
struct Weights {
  std::vector<float> all = std::vector<float>(kFeatures);
  std::array<float, kNamed> named{};
  float threshold = 0.5F;  // at which the head says yes, chosen for F1 in cross-validation
  float named_threshold = 0.5F;
};

struct Model {
  std::vector<float> rarity = std::vector<float>(kWordBuckets + kCharacterBuckets, 1.0F);  // see weigh()
  std::array<Weights, kHeads> heads;
  std::string version;     // "2.HASH": format and the first digits of the hash of weights
  std::string trained_on;  // SHA-256 of the training set, in hex

  [[nodiscard]] double probability(Head head, const Features& features) const;
  [[nodiscard]] double threshold(Head head, const Features& features) const;
};

// Weights are kept as int8 with one scale for each head and family: 6 x 32 KiB, and rarity
// in 32 KiB. Little-endian, whatever the machine.
[[nodiscard]] std::string write_model(const Model& model);
// Throws std::runtime_error when the bytes are no model of this format.
[[nodiscard]] Model read_model(std::string_view bytes);

}  // namespace dprkwatch::rhetoric
