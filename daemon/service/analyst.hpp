#pragma once
// From "stored" to "finished": runs the analyzers on each waiting article and stores what they found, the series, the
// alerts and the deliveries in one transaction. The store is the queue: a restart goes on where the last run ended.
// When no new article waits, those that are marked for it are analysed anew. Private to service. [loop thread]

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "alert/alert.hpp"
#include "clock/clock.hpp"
#include "config/config.hpp"
#include "log/log.hpp"
#include "plugin/health.hpp"
#include "plugin/plugin.hpp"
#include "service/chain_pool.hpp"
#include "service/signal.hpp"
#include "store/store.hpp"
#include "workers/workers.hpp"

namespace dprkwatch::service {

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

  // From the next article on. What the chains before are at ends soon, and is done again with these where it must.
  void use(std::shared_ptr<const config::Config> config, std::shared_ptr<ChainPool> chains);

  // Analyses until stop; returns when nothing is under way.
  [[nodiscard]] boost::asio::awaitable<void> run();
  // New articles wait.
  void wake();
  void stop();
  // Nothing waits and nothing is under way.
  [[nodiscard]] bool idle() const noexcept { return idle_; }
  [[nodiscard]] bool busy() const noexcept { return batches_ > 0; }
  [[nodiscard]] std::uint64_t analysed() const noexcept { return analysed_; }
  // Of the plugins in use.
  [[nodiscard]] std::vector<plugin::Health> plugins() const { return chains_->host().health(); }
  // A required plugin is down, and for how long no article could be finished for it.
  struct Blocked {
    Error why;
    std::chrono::steady_clock::time_point since;
  };
  [[nodiscard]] const std::optional<Blocked>& blocked() const noexcept { return blocked_; }

 private:
  struct Work {
    store::Article article;
    bool again = false;  // it has been analysed before
    bool raises = true;  // may raise alerts
  };

  boost::asio::awaitable<void> sit_out();
  boost::asio::awaitable<void> refill();
  void start_waiting();
  [[nodiscard]] std::size_t batch_size() const;
  void keep_pace(std::size_t articles, std::chrono::steady_clock::duration took);
  boost::asio::awaitable<void> handle(std::vector<Work> batch, std::unique_ptr<plugin::Chain> chain);
  void put_back(Work work, const Error& why);
  boost::asio::awaitable<void> settle_new(std::vector<Work> batch, std::vector<Result<plugin::Analysis>> results);
  boost::asio::awaitable<void> settle_again(std::vector<Work> batch, std::vector<Result<plugin::Analysis>> results);
  void note_store_trouble(const Error& error);

  Services services_;
  std::shared_ptr<const config::Config> config_;
  std::shared_ptr<ChainPool> chains_;
  Signal signal_;
  std::deque<Work> ready_;                          // read ahead from the store
  store::ArticleId cursor_{0};                      // of the last article read ahead; 0: from the first that waits
  std::unordered_set<store::ArticleId> in_hand_;    // ready or under way
  std::size_t batches_ = 0;                         // under way
  std::chrono::microseconds article_time_{10'000};  // usual, of late: decides how many go in one batch
  std::optional<Blocked> blocked_;
  std::optional<Duration> trouble_;  // the store or a required plugin is down: for how long it is left alone
  bool stopping_ = false;
  bool idle_ = false;
  std::uint64_t analysed_ = 0;
};

}  // namespace dprkwatch::service
