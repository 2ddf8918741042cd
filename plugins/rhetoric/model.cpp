#include "rhetoric/model.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "rhetoric/model_bytes.hpp"

namespace dprkwatch::rhetoric {
namespace {

constexpr std::string_view kMagic = "dprkwatch rhetoric model 2\n";
constexpr std::size_t kHashDigits = 64;

}  // namespace

double Model::probability(Head head, const Features& features) const {
  const Weights& weights = heads[static_cast<std::size_t>(head)];
  double sum = 0;
  const float* named = features.latin ? weights.all.data() : weights.named.data();
  for (std::size_t i = 0; i < kNamed; ++i) sum += static_cast<double>(named[i]) * features.named[i];
  for (const Feature& feature : features.hashed) sum += static_cast<double>(weights.all[feature.index]) * feature.value;
  return 1 / (1 + std::exp(-sum));
}

double Model::threshold(Head head, const Features& features) const {
  const Weights& weights = heads[static_cast<std::size_t>(head)];
  return features.latin ? weights.threshold : weights.named_threshold;
}

std::string write_model(const Model& model) {
  std::string bytes(kMagic);
  std::string hash = model.trained_on;
  hash.resize(kHashDigits, '0');
  bytes += hash;
  put_quantised(bytes, model.rarity.data(), model.rarity.size());
  for (const Weights& weights : model.heads) {
    put_float(bytes, weights.threshold);
    put_float(bytes, weights.named_threshold);
    // Named weights stay whole: there are few, and they make the explanation.
    for (std::size_t i = 0; i < kNamed; ++i) put_float(bytes, weights.all[i]);
    for (const float weight : weights.named) put_float(bytes, weight);
    put_quantised(bytes, weights.all.data() + kNamed, kWordBuckets);
    put_quantised(bytes, weights.all.data() + kNamed + kWordBuckets, kCharacterBuckets);
  }
  return bytes;
}

Model read_model(std::string_view bytes) {
  Cursor cursor(bytes);
  if (bytes.size() < kMagic.size() || cursor.take(kMagic.size()) != kMagic) {
    throw std::runtime_error("not a rhetoric model of format 2; install it anew");
  }
  Model model;
  model.trained_on = cursor.take(kHashDigits);
  take_quantised(cursor, model.rarity.data(), model.rarity.size());
  for (Weights& weights : model.heads) {
    weights.threshold = cursor.take_float();
    weights.named_threshold = cursor.take_float();
    for (std::size_t i = 0; i < kNamed; ++i) weights.all[i] = cursor.take_float();
    for (float& weight : weights.named) weight = cursor.take_float();
    take_quantised(cursor, weights.all.data() + kNamed, kWordBuckets);
    take_quantised(cursor, weights.all.data() + kNamed + kWordBuckets, kCharacterBuckets);
  }
  if (!cursor.done()) throw std::runtime_error("the rhetoric model has bytes left over; install it anew");
  model.version = "2." + short_hash(bytes);
  return model;
}

}  // namespace dprkwatch::rhetoric
