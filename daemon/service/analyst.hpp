#pragma once
// From "stored" to "finished": runs the analyzers on each waiting article and stores what they found, the series, the
// alerts and the deliveries in one transaction. The store is the queue: a restart goes on where the last run ended.
// Private to service. [loop thread]

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "alert/alert.hpp"
#include "clock/clock.hpp"
#include "config/config.hpp"
#include "log/log.hpp"
#include "plugin/plugin.hpp"
#include "service/signal.hpp"
#include "service/workers.hpp"
#include "store/store.hpp"

namespace dprkwatch::service {

// Analyzer instances, one set for each analysis that may run at a time. Replaced whole on reload; an analysis under way
// keeps the set that it took alive.
class ChainPool {
 public:
  [[nodiscard]] static Result<std::shared_ptr<ChainPool>> make(std::unique_ptr<plugin::Host> host, std::size_t size);
  [[nodiscard]] std::unique_ptr<plugin::Chain> take();  // nothing when all are out
  void give_back(std::unique_ptr<plugin::Chain> chain) { free_.push_back(std::move(chain)); }

 private:
  std::unique_ptr<plugin::Host> host_;  // outlives its chains
  std::vector<std::unique_ptr<plugin::Chain>> free_;
};

class Analyst {
 public:
  // What it works with; all outlive it.
  struct Services {
    boost::asio::io_context& loop;
    store::Store& store;
    Workers& workers;
    const Clock& clock;
    log::Logger& log;
    std::function<void(const alert::Raised&)> on_alert;
  };

  explicit Analyst(Services services);

  // From the next article on.
  void use(std::shared_ptr<const config::Config> config, std::shared_ptr<ChainPool> chains);

  // Analyses until stop; returns when nothing is under way.
  [[nodiscard]] boost::asio::awaitable<void> run();
  // New articles wait.
  void wake();
  void stop();
  // Nothing waits and nothing is under way.
  [[nodiscard]] bool idle() const noexcept { return idle_; }
  [[nodiscard]] bool busy() const noexcept { return !under_way_.empty(); }
  [[nodiscard]] std::uint64_t analysed() const noexcept { return analysed_; }

 private:
  boost::asio::awaitable<void> refill();
  void start_waiting();
  boost::asio::awaitable<void> handle(store::Article article, std::unique_ptr<plugin::Chain> chain);
  boost::asio::awaitable<Result<void>> finish(const store::Article& article, const plugin::Analysis& analysis);
  boost::asio::awaitable<Result<void>> quarantine(const store::Article& article, const Error& reason);

  Services services_;
  std::shared_ptr<const config::Config> config_;
  std::shared_ptr<ChainPool> chains_;
  Signal signal_;
  std::deque<store::Article> ready_;  // read ahead from the store
  store::ArticleId cursor_{0};        // of the last article read ahead
  std::unordered_set<store::ArticleId> under_way_;
  bool store_failed_ = false;
  Time paused_until_{};               // a required plugin is down: articles wait
  bool stopping_ = false;
  bool idle_ = false;
  std::uint64_t analysed_ = 0;
};

}  // namespace dprkwatch::service
