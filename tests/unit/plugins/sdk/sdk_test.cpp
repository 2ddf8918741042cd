// The ABI header in C and C++: most of this test is done when it compiles (layout.h).

#include <gtest/gtest.h>

#include "dprkwatch/plugin.hpp"
#include "layout.h"

extern "C" unsigned dprkwatch_abi_in_c(void);

namespace dprkwatch::sdk {
namespace {

struct Failing : Analyzer {
  explicit Failing(const Host& /*host*/) {}
  void configure(std::string_view config) override {
    if (config != "{}") throw InvalidConfig("no keys are known");
  }
  void analyze(const dprkwatch_article& article, std::span<const dprkwatch_annotation> /*earlier*/,
               const Results& /*results*/) override {
    if (article.text.size == 0) throw 42;  // NOLINT: not even a std::exception
    throw std::runtime_error("no luck");
  }
};

constexpr Descriptor kDescriptor{.id = "failing", .version = "1", .summary = "", .provides = "nothing"};

// Keeps what the plugin says last.
struct Listener {
  std::string error;
  dprkwatch_host host{};
  Listener() {
    host.size = sizeof host;
    host.host_data = this;
    host.set_error = [](const dprkwatch_host* from, dprkwatch_str message) {
      static_cast<Listener*>(from->host_data)->error = view(message);
    };
  }
};

TEST(Abi, IsOneVersionInBothLanguages) {
  EXPECT_EQ(dprkwatch_abi_in_c(), DPRKWATCH_ABI_VERSION);
}

TEST(Abi, NoExceptionLeavesAPlugin) {
  Listener listener;
  const dprkwatch_plugin* plugin = detail::entry<Failing>(kDescriptor);
  dprkwatch_instance* instance = plugin->create(&listener.host);
  ASSERT_NE(instance, nullptr);
  EXPECT_EQ(plugin->configure(instance, str(R"({"a":1})")), DPRKWATCH_INVALID_CONFIG);
  EXPECT_EQ(listener.error, "no keys are known");
  EXPECT_EQ(plugin->configure(instance, str("{}")), DPRKWATCH_OK);
  dprkwatch_article article{};
  EXPECT_EQ(plugin->analyze(instance, &article, nullptr, 0, nullptr), DPRKWATCH_ERROR);
  article.text = str("a");
  EXPECT_EQ(plugin->analyze(instance, &article, nullptr, 0, nullptr), DPRKWATCH_ERROR);
  EXPECT_EQ(listener.error, "no luck");
  plugin->destroy(instance);
}

}  // namespace
}  // namespace dprkwatch::sdk
