#include "relevance/model.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace dprkwatch::relevance {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, kStageCount> kStageNames = {"touches", "about"};
constexpr std::string_view kFormat = "dprkwatch-relevance";
constexpr int kLevels = 127;  // of a hashed weight to either side of 0

std::string short_number(double value) {
  std::array<char, 32> buffer{};
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, 6);
  return {buffer.data(), end};
}

[[noreturn]] void refuse(const std::string& reason) {
  throw std::runtime_error("relevance.model: " + reason);
}

const json::value& member(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr) refuse("has no \"" + std::string(key) + "\"");
  return *value;
}

double number(const json::object& object, std::string_view key) {
  json::error_code error;
  const double value = member(object, key).to_number<double>(error);
  if (error || !std::isfinite(value)) refuse("\"" + std::string(key) + "\" is no finite number");
  return value;
}

const json::object& object_at(const json::object& object, std::string_view key) {
  const json::object* inner = member(object, key).if_object();
  if (inner == nullptr) refuse("\"" + std::string(key) + "\" is no object");
  return *inner;
}

// Two hexadecimal digits a weight, 00 least, 7f none, fe most.
std::string encode(const std::vector<float>& weights, double step) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const float weight : weights) {
    const int level = step > 0 ? static_cast<int>(std::lround(static_cast<double>(weight) / step)) + kLevels : kLevels;
    text.push_back(kDigits[static_cast<std::size_t>(level) >> 4]);
    text.push_back(kDigits[static_cast<std::size_t>(level) & 15]);
  }
  return text;
}

std::vector<float> decode_weights(std::string_view text, double step) {
  if (text.size() != 2 * kHashSize) refuse("the hashed weights are not " + std::to_string(kHashSize));
  std::vector<float> weights(kHashSize);
  for (std::size_t i = 0; i < kHashSize; ++i) {
    int level = 0;
    const char* begin = text.data() + 2 * i;
    if (std::from_chars(begin, begin + 2, level, 16).ptr != begin + 2)
      refuse("a hashed weight is no hexadecimal number");
    weights[i] = static_cast<float>((level - kLevels) * step);
  }
  return weights;
}

Weights read_stage(const json::object& stage) {
  Weights weights;
  const json::object& dense = object_at(stage, "features");
  if (dense.size() != kFeatureCount) refuse("was trained with other features; train it again");
  for (std::size_t i = 0; i < kFeatureCount; ++i) {
    weights.dense[i] = number(dense, name_of(static_cast<Feature>(i)));
  }
  const json::string* hashed = member(stage, "words").if_string();
  if (hashed == nullptr) refuse("\"words\" is no text");
  weights.hashed = decode_weights(*hashed, number(stage, "word_step"));
  return weights;
}

}  // namespace

Model read_model(std::string_view bytes) {
  json::error_code error;
  const json::value document = json::parse(bytes, error);
  if (error || !document.is_object()) refuse("is no JSON object");
  const json::object& root = document.get_object();
  if (member(root, "format") != json::value(kFormat)) refuse("is of another format");
  if (number(root, "version") != kModelVersion) refuse("is of another version; train it again");
  Model model;
  model.about_threshold = number(root, "about_threshold");
  model.passing_threshold = number(root, "passing_threshold");
  const json::string* hash = member(root, "training_sha256").if_string();
  if (hash == nullptr) refuse("\"training_sha256\" is no text");
  model.training_sha256 = std::string(*hash);
  for (std::size_t stage = 0; stage < kStageCount; ++stage) {
    model.stages[stage] = read_stage(object_at(root, kStageNames[stage]));
  }
  return model;
}

std::string write_model(const Model& model) {
  std::string text = "{\"format\": \"" + std::string(kFormat) + "\", \"version\": " + std::to_string(kModelVersion) +
                     ",\n \"training_sha256\": \"" + model.training_sha256 +
                     "\",\n \"about_threshold\": " + short_number(model.about_threshold) +
                     ", \"passing_threshold\": " + short_number(model.passing_threshold);
  for (std::size_t stage = 0; stage < kStageCount; ++stage) {
    const Weights& weights = model.stages[stage];
    text += ",\n \"" + std::string(kStageNames[stage]) + "\": {\"features\": {";
    for (std::size_t i = 0; i < kFeatureCount; ++i) {
      text += std::string(i == 0 ? "" : ",") + "\n  \"" + std::string(name_of(static_cast<Feature>(i))) +
              "\": " + short_number(weights.dense[i]);
    }
    float most = 0;
    for (const float weight : weights.hashed) most = std::max(most, std::abs(weight));
    const std::string step = short_number(static_cast<double>(most) / kLevels * 1.0001);
    text += "},\n  \"word_step\": " + step + ",\n  \"words\": \"" + encode(weights.hashed, std::stod(step)) + "\"}";
  }
  return text + "}\n";
}

double log_odds(const Weights& weights, const Features& features) noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < kFeatureCount; ++i) sum += weights.dense[i] * features.dense[i];
  for (const auto& [place, value] : features.hashed) {
    sum += static_cast<double>(weights.hashed[place]) * static_cast<double>(value);
  }
  return sum;
}

double logistic(double log_odds) noexcept {
  return 1.0 / (1.0 + std::exp(-log_odds));
}

}  // namespace dprkwatch::relevance
