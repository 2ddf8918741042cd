#include "relevance/config.hpp"

#include <boost/json.hpp>

namespace dprkwatch::relevance {
namespace {

constexpr std::string_view kThresholdKey = "about_threshold";
constexpr double kLeastThreshold = 0.01;
constexpr double kMostThreshold = 0.99;

}  // namespace

std::optional<Config> parse_config(std::string_view config_json, std::string& refusal) {
  boost::json::error_code error;
  const boost::json::value document = boost::json::parse(config_json.empty() ? "{}" : config_json, error);
  const boost::json::object* object = document.if_object();
  if (error || object == nullptr) {
    refusal = "config: expected a mapping such as {about_threshold: 0.5}";
    return std::nullopt;
  }
  Config config;
  for (const auto& [key, value] : *object) {
    if (key != kThresholdKey) {
      // There is one key, so it is the nearest.
      refusal = "config: unknown key \"" + std::string(key) + "\"; did you mean \"about_threshold\"?";
      return std::nullopt;
    }
    boost::json::error_code not_a_number;
    const double threshold = value.to_number<double>(not_a_number);
    if (not_a_number || !(threshold >= kLeastThreshold && threshold <= kMostThreshold)) {
      refusal = "config: about_threshold is " + boost::json::serialize(value) + "; expected a number from 0.01 to 0.99";
      return std::nullopt;
    }
    config.about_threshold = threshold;
  }
  return config;
}

}  // namespace dprkwatch::relevance
