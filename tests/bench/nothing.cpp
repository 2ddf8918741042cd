// An analyzer that does nothing, for bench_plugin.
#include "dprkwatch/plugin.hpp"

namespace {

constexpr dprkwatch::sdk::Descriptor kDescriptor{.id = "nothing", .version = "1", .summary = "", .provides = "nothing"};

class Nothing final : public dprkwatch::sdk::Analyzer {
 public:
  explicit Nothing(const dprkwatch::sdk::Host& /*host*/) {}
  void configure(std::string_view /*config_json*/) override {}
  void analyze(const dprkwatch_article& /*article*/, std::span<const dprkwatch_annotation> /*earlier*/,
               const dprkwatch::sdk::Results& /*results*/) override {}
};

}  // namespace

DPRKWATCH_PLUGIN(Nothing, kDescriptor)
