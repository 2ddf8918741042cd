// Counts sentences that end with an exclamation mark: an analyzer in C++, complete. Configuration: {weight: 10}.

#include "dprkwatch/plugin.hpp"

#include <boost/json.hpp>
#include <vector>

namespace {

namespace sdk = dprkwatch::sdk;

constexpr sdk::Descriptor kDescriptor{
    .id = "exclaim",
    .version = "1.0",
    .summary = "Sentences that are shouted",
    .provides = "exclamation",
};

class Exclaim final : public sdk::Analyzer {
 public:
  explicit Exclaim(const sdk::Host& /*host*/) {}

  void configure(std::string_view config_json) override {
    const auto config = boost::json::parse(config_json);
    for (const auto& [key, value] : config.as_object()) {
      if (key != "weight") throw sdk::InvalidConfig("unknown key `" + std::string(key) + "`; expected `weight`");
      if (!value.is_number()) throw sdk::InvalidConfig("`weight`: expected a number");
      weight_ = value.to_number<double>();
    }
  }

  void analyze(const dprkwatch_article& article, std::span<const dprkwatch_annotation> /*earlier*/,
               const sdk::Results& results) override {
    const std::string_view text = sdk::view(article.text);
    std::vector<dprkwatch_span> spans;
    for (std::size_t at = text.find('!'); at != std::string_view::npos; at = text.find('!', at + 1)) {
      spans.push_back({at, at + 1, weight_, DPRKWATCH_FIELD_TEXT, 0});
    }
    if (spans.empty()) return;
    auto found = sdk::annotation("exclamation", weight_ * static_cast<double>(spans.size()));
    found.spans = spans.data();
    found.span_count = spans.size();
    results.add(found);
  }

 private:
  double weight_ = 10;
};

}  // namespace

DPRKWATCH_PLUGIN(Exclaim, kDescriptor)
