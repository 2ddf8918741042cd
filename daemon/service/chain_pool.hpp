#pragma once
// Analyzer instances, one set for each analysis that may run at a time. Private to service.

#include <cstddef>
#include <memory>
#include <vector>

#include "log/log.hpp"
#include "plugin/plugin.hpp"
#include "result/result.hpp"
#include "workers/workers.hpp"

namespace dprkwatch::service {

// What plugins say, and what happens to those that run in a process of their own. `log` outlives it.
[[nodiscard]] plugin::LogSink plugin_log(log::Logger& log);

// Replaced whole on reload; an analysis under way keeps the pool that it took its chain from alive.
class ChainPool {
 public:
  // [on `thread`, exactly one: plugins are made and ended on it, never on the loop] `thread` outlives the pool.
  [[nodiscard]] static Result<std::shared_ptr<ChainPool>> make(std::unique_ptr<plugin::Host> host, std::size_t size,
                                                               Workers& thread);
  // [loop thread] Nothing when all are out.
  [[nodiscard]] std::unique_ptr<plugin::Chain> take();
  void give_back(std::unique_ptr<plugin::Chain> chain) { free_.push_back(std::move(chain)); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const plugin::Host& host() const { return *host_; }
  // What is under way ends soon, with kStopped where it can not be finished.
  void request_stop() { host_->request_stop(); }

 private:
  std::unique_ptr<plugin::Host> host_;  // outlives its chains
  std::vector<std::unique_ptr<plugin::Chain>> free_;
  std::size_t size_ = 0;
};

}  // namespace dprkwatch::service
