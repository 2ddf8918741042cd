// @ID@: an analyzer for dprkwatch.

#include "dprkwatch/plugin.hpp"

namespace {

namespace sdk = dprkwatch::sdk;

constexpr sdk::Descriptor kDescriptor{
    .id = "@ID@",
    .version = "0.1",
    .summary = "What @ID@ finds",
    .provides = "@ID@",
};

class Analyzer final : public sdk::Analyzer {
 public:
  explicit Analyzer(const sdk::Host& /*host*/) {}

  void configure(std::string_view config_json) override {
    if (config_json != "{}") throw sdk::InvalidConfig("@ID@ takes no configuration");
  }

  void analyze(const dprkwatch_article& article, std::span<const dprkwatch_annotation> /*earlier*/,
               const sdk::Results& results) override {
    constexpr std::string_view kName = "North Korea";
    const std::size_t at = sdk::view(article.text).find(kName);
    if (at == std::string_view::npos) return;
    const dprkwatch_span span{at, at + kName.size(), 0, DPRKWATCH_FIELD_TEXT, 0};
    auto found = sdk::annotation("@ID@", 1);
    found.spans = &span;
    found.span_count = 1;
    results.add(found);
  }
};

}  // namespace

DPRKWATCH_PLUGIN(Analyzer, kDescriptor)
