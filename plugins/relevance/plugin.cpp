// The border to the plugin ABI: configuration in, annotations out.

#include "dprkwatch/plugin.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "relevance/config.hpp"
#include "relevance/relevance.hpp"

namespace dprkwatch::relevance {
namespace {

constexpr sdk::Descriptor kDescriptor{
    .id = "relevance",
    .version = "1.0.0",
    .summary = "Tells articles about North Korea from passing mentions and from all others",
    .provides = "relevance",
    .languages = "en ko ja zh ru",
};

class RelevanceAnalyzer final : public sdk::Analyzer {
 public:
  explicit RelevanceAnalyzer(sdk::Host host)
      : classifier_({host.read_file("seeds/actors.json"), host.read_file("seeds/places.json"),
                     host.read_file("lexicon.json"), host.read_file("relevance.model")}) {}

  void configure(std::string_view config_json) override {
    std::string refusal;
    const auto config = parse_config(config_json, refusal);
    if (!config) throw sdk::InvalidConfig(refusal);
    config_ = *config;
  }

  void analyze(const dprkwatch_article& article, std::span<const dprkwatch_annotation> /*earlier*/,
               const sdk::Results& results) override {
    const Input input{sdk::view(article.title), sdk::view(article.text), sdk::view(article.language),
                      sdk::view(article.source)};
    const Verdict verdict = classifier_.classify(input, config_.about_threshold);
    std::vector<dprkwatch_span> spans;
    for (const Evidence& evidence : verdict.evidence) {
      spans.push_back({evidence.begin, evidence.end, evidence.points,
                       evidence.field == Field::kTitle ? DPRKWATCH_FIELD_TITLE : DPRKWATCH_FIELD_TEXT, 0});
    }
    dprkwatch_annotation made = sdk::annotation("relevance", 100 * verdict.probability);
    made.label = sdk::str(name_of(verdict.label));
    made.probability = verdict.probability;
    made.spans = spans.data();
    made.span_count = spans.size();
    results.add(made);
  }

 private:
  Classifier classifier_;
  Config config_;
};

}  // namespace
}  // namespace dprkwatch::relevance

DPRKWATCH_PLUGIN(dprkwatch::relevance::RelevanceAnalyzer, dprkwatch::relevance::kDescriptor)
