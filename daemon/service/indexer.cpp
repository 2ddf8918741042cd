#include "service/indexer.hpp"

#include <chrono>
#include <utility>

#include "store/async.hpp"

namespace dprkwatch::service {
namespace {

constexpr std::size_t kAtOnce = 16;  // so others wait a few milliseconds for the store
constexpr auto kLook = std::chrono::seconds(1);
constexpr auto kStoreTrouble = std::chrono::seconds(10);

}  // namespace

void Indexer::stop() {
  stopping_ = true;
  quiet_.notify();
}

boost::asio::awaitable<void> Indexer::run() {
  while (!stopping_) {
    std::size_t indexed = 0;
    store::Job job = [&](store::Transaction& store) -> Result<void> {
      auto done = store.index_articles(kAtOnce);
      if (!done) return tl::unexpected(std::move(done.error()));
      indexed = *done;
      return {};
    };
    const Result<void> done = co_await store::run_async(store_, std::move(job));
    if (!done) log_.warn("articles wait to be found by their words", {{"error", describe(done.error())}});
    if (done && indexed == kAtOnce) continue;
    const Duration wait = done ? Duration(kLook) : Duration(kStoreTrouble);
    co_await quiet_.wait(wait);
  }
}

}  // namespace dprkwatch::service
