#include "rhetoric/quad.hpp"

#include <cmath>
#include <numeric>

#include "rhetoric/model_bytes.hpp"

namespace dprkwatch::rhetoric {
namespace {

constexpr std::string_view kMagic = "dprkwatch quad model 1\n";
constexpr std::size_t kHashDigits = 64;

}  // namespace

std::array<double, kQuads> QuadModel::probabilities(Features features) const {
  weigh(features, rarity);
  std::array<double, kQuads> p{};
  for (std::size_t quad = 0; quad < kQuads; ++quad) {
    double sum = 0;
    for (std::size_t i = 0; i < kNamed; ++i) sum += static_cast<double>(weights[quad][i]) * features.named[i];
    for (const Feature& feature : features.hashed)
      sum += static_cast<double>(weights[quad][feature.index]) * feature.value;
    p[quad] = 1 / (1 + std::exp(-sum));
  }
  const double total = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& value : p) value = total > 0 ? value / total : 1.0 / kQuads;
  return p;
}

std::string write_quad(const QuadModel& model) {
  std::string bytes(kMagic);
  std::string hash = model.trained_on;
  hash.resize(kHashDigits, '0');
  bytes += hash;
  put_quantised(bytes, model.rarity.data(), model.rarity.size());
  for (const auto& weights : model.weights) {
    for (std::size_t i = 0; i < kNamed; ++i) put_float(bytes, weights[i]);
    put_quantised(bytes, weights.data() + kNamed, kWordBuckets);
    put_quantised(bytes, weights.data() + kNamed + kWordBuckets, kCharacterBuckets);
  }
  return bytes;
}

QuadModel read_quad(std::string_view bytes) {
  Cursor cursor(bytes);
  if (bytes.size() < kMagic.size() || cursor.take(kMagic.size()) != kMagic) {
    throw std::runtime_error("not a quad model of format 1; install it anew, or leave it out");
  }
  QuadModel model;
  model.trained_on = cursor.take(kHashDigits);
  take_quantised(cursor, model.rarity.data(), model.rarity.size());
  for (auto& weights : model.weights) {
    weights.resize(kFeatures);
    for (std::size_t i = 0; i < kNamed; ++i) weights[i] = cursor.take_float();
    take_quantised(cursor, weights.data() + kNamed, kWordBuckets);
    take_quantised(cursor, weights.data() + kNamed + kWordBuckets, kCharacterBuckets);
  }
  if (!cursor.done()) throw std::runtime_error("the quad model has bytes left over; install it anew");
  return model;
}

}  // namespace dprkwatch::rhetoric
