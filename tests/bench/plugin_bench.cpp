// What it costs to ask a plugin: bench_plugin
// Targets, for an article of 3 KB: in_process at most 1 us a call; isolated at most 25 us a call, and 60,000 articles a
// second batched on two workers; command in Python 15,000 articles a second.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "plugin/plugin.hpp"

namespace {

namespace config = dprkwatch::config;
namespace plugin = dprkwatch::plugin;

constexpr std::size_t kBatch = 128;

std::vector<plugin::Input> articles() {
  plugin::Input input;
  input.title = "North says it carried out a \"very important test\"";
  while (input.text.size() < 3000) {
    input.text += "The Korean Central News Agency said on Sunday that the result \"would change\" its position.\n";
  }
  input.language = "en";
  input.url = "https://example.org/2019/12/08/a-very-important-test";
  std::vector<plugin::Input> made(kBatch, input);
  for (std::size_t i = 0; i < made.size(); ++i) made[i].id = std::to_string(i);
  return made;
}

std::unique_ptr<plugin::Host> host(config::PluginMode mode) {
  config::Plugin settings;
  settings.id = "nothing";
  settings.mode = mode;
  settings.path = DPRKWATCH_BUILD_DIR "/tests/plugins/nothing.so";
  settings.command = {"python3", DPRKWATCH_SOURCE_DIR "/tests/bench/nothing.py"};
  settings.max_in_flight = kBatch;
  auto loaded = plugin::load({settings}, plugin::default_paths());
  if (!loaded) {
    std::cerr << describe(loaded.error().front()) << "\n";
    std::exit(1);
  }
  return std::move(*loaded);
}

void one_by_one(benchmark::State& state, config::PluginMode mode) {
  const auto loaded = host(mode);
  const auto chain = std::move(*loaded->make_chain());
  const auto inputs = articles();
  std::size_t i = 0;
  for (auto _ : state) {
    auto analysis = chain->analyze(inputs[i++ % kBatch]);
    if (!analysis) state.SkipWithError(analysis.error().message.c_str());
    benchmark::DoNotOptimize(analysis);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

// Two workers, each with its own chain, as the daemon runs them on two cores.
void batched(benchmark::State& state, config::PluginMode mode) {
  constexpr std::size_t kWorkers = 2;
  constexpr int kRounds = 40;
  const auto loaded = host(mode);
  const auto inputs = articles();
  std::vector<std::unique_ptr<plugin::Chain>> chains;
  for (std::size_t i = 0; i < kWorkers; ++i) chains.push_back(std::move(*loaded->make_chain()));
  for (auto _ : state) {
    std::vector<std::thread> workers;
    for (const auto& chain : chains) {
      workers.emplace_back([&] {
        for (int round = 0; round < kRounds; ++round) {
          for (const auto& analysis : chain->analyze_all(inputs)) {
            if (!analysis) std::abort();
          }
        }
      });
    }
    for (std::thread& worker : workers) worker.join();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kWorkers * kRounds * kBatch));
}

BENCHMARK_CAPTURE(one_by_one, in_process, config::PluginMode::kInProcess);
BENCHMARK_CAPTURE(one_by_one, isolated, config::PluginMode::kIsolated)->UseRealTime();
BENCHMARK_CAPTURE(one_by_one, command_python, config::PluginMode::kCommand)->UseRealTime();
BENCHMARK_CAPTURE(batched, isolated, config::PluginMode::kIsolated)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(batched, command_python, config::PluginMode::kCommand)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
