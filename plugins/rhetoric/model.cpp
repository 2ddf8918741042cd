#include "rhetoric/model.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace dprkwatch::rhetoric {
namespace {

constexpr std::string_view kMagic = "dprkwatch rhetoric model 1\n";
constexpr std::size_t kHashDigits = 64;

void put_float(std::string& bytes, float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((bits >> shift) & 0xffU);
}

class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
  std::string_view take(std::size_t size) {
    if (bytes_.size() < size) throw std::runtime_error("the rhetoric model is cut short; install it anew");
    const auto taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  float take_float() {
    std::uint32_t bits = 0;
    unsigned shift = 0;
    for (const char c : take(4)) {
      bits |= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << shift;
      shift += 8;
    }
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  [[nodiscard]] bool done() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

// One scale for a family: the named weights are far larger than those of single n-grams.
void put_quantised(std::string& bytes, const float* weights, std::size_t count) {
  float largest = 0;
  for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, std::fabs(weights[i]));
  const float scale = largest == 0 ? 1 : largest / 127;
  put_float(bytes, scale);
  for (std::size_t i = 0; i < count; ++i) {
    bytes += static_cast<char>(static_cast<std::int8_t>(std::lround(weights[i] / scale)));
  }
}

void take_quantised(Cursor& cursor, float* weights, std::size_t count) {
  const float scale = cursor.take_float();
  const std::string_view bytes = cursor.take(count);
  for (std::size_t i = 0; i < count; ++i) weights[i] = scale * static_cast<float>(static_cast<std::int8_t>(bytes[i]));
}

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
  std::uint32_t hash = 2166136261U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  Cursor cursor(bytes);
  if (bytes.size() < kMagic.size() || cursor.take(kMagic.size()) != kMagic) {
    throw std::runtime_error("not a rhetoric model of format 1; install it anew");
  }
  Model model;
  model.trained_on = cursor.take(kHashDigits);
  for (Weights& weights : model.heads) {
    weights.threshold = cursor.take_float();
    weights.named_threshold = cursor.take_float();
    for (std::size_t i = 0; i < kNamed; ++i) weights.all[i] = cursor.take_float();
    for (float& weight : weights.named) weight = cursor.take_float();
    take_quantised(cursor, weights.all.data() + kNamed, kWordBuckets);
    take_quantised(cursor, weights.all.data() + kNamed + kWordBuckets, kCharacterBuckets);
  }
  if (!cursor.done()) throw std::runtime_error("the rhetoric model has bytes left over; install it anew");
  constexpr std::string_view kHex = "0123456789abcdef";
  model.version = "1.";
  for (int shift = 28; shift >= 0; shift -= 4) model.version += kHex[(hash >> static_cast<unsigned>(shift)) & 0xfU];
  return model;
}

}  // namespace dprkwatch::rhetoric
