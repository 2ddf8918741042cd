#include "service/chain_pool.hpp"

#include <array>
#include <utility>

namespace dprkwatch::service {

plugin::LogSink plugin_log(log::Logger& log) {
  return [&log](plugin::LogLevel level, std::string_view plugin, std::string_view message) {
    constexpr std::array kLevels{log::Level::kDebug, log::Level::kInfo, log::Level::kWarn, log::Level::kError};
    const auto at = kLevels.at(static_cast<std::size_t>(level));
    if (log.enabled(at)) log.write(at, "plugin", {{"plugin", plugin}, {"message", message}});
  };
}

Result<std::shared_ptr<ChainPool>> ChainPool::make(std::unique_ptr<plugin::Host> host, std::size_t size,
                                                   Workers& thread) {
  // The last one to let go of it is often the loop, and ending a child may take 100 ms.
  const auto end = [&thread](ChainPool* pool) { thread.post([owned = std::unique_ptr<ChainPool>(pool)] {}); };
  std::shared_ptr<ChainPool> pool(std::make_unique<ChainPool>().release(), end);
  pool->host_ = std::move(host);
  pool->size_ = size;
  for (std::size_t i = 0; i < size; ++i) {
    auto chain = pool->host_->make_chain();
    if (!chain) return tl::unexpected(std::move(chain.error()));
    pool->free_.push_back(std::move(*chain));
  }
  return pool;
}

std::unique_ptr<plugin::Chain> ChainPool::take() {
  if (free_.empty()) return nullptr;
  auto chain = std::move(free_.back());
  free_.pop_back();
  return chain;
}

}  // namespace dprkwatch::service
