#pragma once
// A sentence as numbers. Private to rhetoric.
//
// Two families: named signs from the lexicon, which carry over between registers and languages and explain the score,
// and hashed n-grams of words and characters, which know KCNA's and Washington's English. A text in another script has
// the first only.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rhetoric/lexicon.hpp"

namespace dprkwatch::rhetoric {

inline constexpr std::size_t kWordBuckets = 1U << 14U;       // word 1- and 2-grams
inline constexpr std::size_t kCharacterBuckets = 1U << 14U;  // character 3- to 5-grams inside words
inline constexpr std::size_t kNamed = 56;                    // signs and what is made of them
inline constexpr std::size_t kFeatures = kNamed + kWordBuckets + kCharacterBuckets;

// The named features, in order, for explanations and the model card.
[[nodiscard]] const std::array<std::string_view, kNamed>& feature_names();

// Which of them says that the sentence names a year that lies behind.
inline constexpr std::size_t kOldYearFeature = 34;
// Which of them is always 1.
inline constexpr std::size_t kBiasFeature = 54;

struct Feature {
  std::uint32_t index = 0;
  float value = 0;
};

struct Features {
  std::array<float, kNamed> named{};
  std::vector<Feature> hashed;    // damped counts, words first; weigh() scales them. Empty when the text is mostly in
                                  // another script than Latin
  std::size_t word_features = 0;  // how many of them are words
  bool latin = true;
};

// What the sentence alone does not say.
struct Circumstance {
  int year = 0;              // of publication, 0 when unknown: an older year named in the text is history
  bool state_media = false;  // the outlet speaks for the DPRK
};

// `hits`: of the lexicon in this sentence. Reuses the buffers of `features`.
void extract(std::string_view sentence, const std::vector<Word>& words, const std::vector<Hit>& hits,
             const Circumstance& circumstance, Features& features);

// Multiplies the hashed features by how rare each bucket is (inverse document frequency, kWordBuckets +
// kCharacterBuckets values) and scales each family to unit length, so that a long sentence counts no more.
void weigh(Features& features, const std::vector<float>& rarity);

}  // namespace dprkwatch::rhetoric
