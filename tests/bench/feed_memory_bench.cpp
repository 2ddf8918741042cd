// The most memory that reading a feed takes, its document not counted, as a multiple of the document.
//   build/release/bin/bench_feed_memory
// Every block that the program allocates is counted with what the allocator rounds it up to, whoever asks for it: the
// parser, expat, ICU or Boost. Fails where `of_document` is above 6.

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <atomic>
#include <cstdlib>

#include "feed/feed.hpp"
#include "feed_documents.hpp"

namespace {

std::atomic<std::size_t> held{0};
std::atomic<std::size_t> most{0};

void* count(void* block) noexcept {
  const std::size_t now = held.fetch_add(malloc_usable_size(block)) + malloc_usable_size(block);
  std::size_t before = most.load();
  while (before < now && !most.compare_exchange_weak(before, now)) {
  }
  return block;
}

void discount(void* block) noexcept {
  held.fetch_sub(malloc_usable_size(block));
}

}  // namespace

// glibc calls what the program itself defines under these names, and offers its own beneath them.
extern "C" {
void* __libc_malloc(std::size_t bytes) noexcept;
void* __libc_calloc(std::size_t count, std::size_t bytes) noexcept;
void* __libc_realloc(void* block, std::size_t bytes) noexcept;
void __libc_free(void* block) noexcept;

void* malloc(std::size_t bytes) noexcept {
  return count(__libc_malloc(bytes));
}
void* calloc(std::size_t blocks, std::size_t bytes) noexcept {
  return count(__libc_calloc(blocks, bytes));
}
void* realloc(void* block, std::size_t bytes) noexcept {
  discount(block);
  return count(__libc_realloc(block, bytes));
}
void free(void* block) noexcept {
  discount(block);
  __libc_free(block);
}
}

namespace {

void peak_memory(benchmark::State& state) {
  constexpr double kMostOfDocument = 6;
  std::string document = dprkwatch::bench::make_document(state.range(0), state.range(1));
  if (state.range(2) != 0) {
    document.replace(document.rfind("Defence"), 3, " & ");
  }
  std::size_t peak = 0;
  for (auto _ : state) {
    const std::size_t before = held.load();
    most.store(before);
    const auto feed = dprkwatch::feed::parse(document, {});
    if (!feed || feed->entries.empty()) {
      std::abort();
    }
    peak = most.load() - before;
  }
  const double of_document = static_cast<double>(peak) / static_cast<double>(document.size());
  state.counters["of_document"] = of_document;
  if (of_document > kMostOfDocument) {
    state.SkipWithError("more than six times the document");
  }
}

BENCHMARK(peak_memory)
    ->ArgNames({"kind", "KiB", "damaged"})
    ->ArgsProduct({benchmark::CreateDenseRange(0, dprkwatch::bench::kKinds - 1, 1), {20, 100, 300}, {0, 1}});

}  // namespace

BENCHMARK_MAIN();
