// The feed parser against a bare expat pass over the same bytes, whose handlers do nothing.
//   build/release/bin/bench_feed
// parse_feed does both, one after the other, and says in `of_expat` what part of the bare pass's throughput it reaches;
// its time is the sum. parse_damaged is the same document with one stray ampersand: the price of the second pass.

#include <benchmark/benchmark.h>
#include <expat.h>

#include <cstdlib>
#include <ctime>

#include "feed/feed.hpp"
#include "feed_documents.hpp"

namespace {

void on_open(void*, const XML_Char*, const XML_Char**) {}
void on_close(void*, const XML_Char*) {}
void on_text(void*, const XML_Char*, int) {}

void pass_bare(const std::string& document) {
  XML_Parser parser = XML_ParserCreate("UTF-8");
  XML_SetElementHandler(parser, on_open, on_close);
  XML_SetCharacterDataHandler(parser, on_text);
  if (XML_Parse(parser, document.data(), static_cast<int>(document.size()), 1) != XML_STATUS_OK) {
    std::abort();
  }
  XML_ParserFree(parser);
}

void pass_feed(const std::string& document, bool is_damaged) {
  const auto feed = dprkwatch::feed::parse(document, {});
  if (!feed || feed->entries.empty() || feed->warnings.empty() == is_damaged) {
    std::abort();
  }
  benchmark::DoNotOptimize(feed->entries.data());
}

double cpu_seconds() {
  std::timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// One of each in turn, in time of this thread alone, so that whatever else the machine does meets both alike.
void compare(benchmark::State& state, const std::string& sound, const std::string& document) {
  double bare = 0;
  double feed = 0;
  for (auto _ : state) {
    const auto begin = cpu_seconds();
    pass_bare(sound);
    const auto middle = cpu_seconds();
    pass_feed(document, document != sound);
    bare += middle - begin;
    feed += cpu_seconds() - middle;
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * document.size()));
  state.counters["of_expat"] = bare / feed;
}

void parse_feed(benchmark::State& state) {
  const std::string document = dprkwatch::bench::make_document(state.range(0), state.range(1));
  compare(state, document, document);
}

void parse_damaged(benchmark::State& state) {
  const std::string sound = dprkwatch::bench::make_document(state.range(0), state.range(1));
  std::string document = sound;
  document.replace(document.rfind("Defence"), 3, " & ");
  compare(state, sound, document);
}

BENCHMARK(parse_feed)
    ->ArgNames({"kind", "KiB"})
    ->ArgsProduct({benchmark::CreateDenseRange(0, dprkwatch::bench::kKinds - 1, 1), {20, 100, 300}});
BENCHMARK(parse_damaged)->ArgNames({"kind", "KiB"})->Args({0, 100})->Args({2, 100});

}  // namespace

BENCHMARK_MAIN();
