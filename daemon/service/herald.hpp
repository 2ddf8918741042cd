#pragma once
// Tells groups when their time has come, ends alerts that are over, and raises alerts on the daemon's own troubles.
// Private to service. [loop thread]

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alert/alert.hpp"
#include "clock/clock.hpp"
#include "config/config.hpp"
#include "log/log.hpp"
#include "service/signal.hpp"
#include "store/store.hpp"

namespace dprkwatch::service {

class Herald {
 public:
  // What it works with; all outlive it.
  struct Services {
    boost::asio::io_context& loop;
    store::Store& store;
    const Clock& clock;
    log::Logger& log;
    std::function<void(const alert::Raised&)> on_alert;
    std::function<void()> on_outside;  // another process has written to the store
  };

  explicit Herald(Services services);

  // From the next round on.
  void use(std::shared_ptr<const config::Config> config);
  // Until stop.
  [[nodiscard]] boost::asio::awaitable<void> run();
  // Something was raised, delivered or given up on.
  void wake();
  void stop();
  // Nothing was owed by groups that do not wait, when it last looked.
  [[nodiscard]] bool idle() const noexcept { return idle_; }

 private:
  struct Round;
  [[nodiscard]] Result<void> look(store::Transaction& store, const config::Config& config, Round& round) const;

  Services services_;
  std::shared_ptr<const config::Config> config_;
  Signal signal_;
  std::optional<std::int64_t> outside_;
  Time next_care_{};  // when the daemon's own troubles are looked for again
  bool stopping_ = false;
  bool idle_ = false;
};

}  // namespace dprkwatch::service
