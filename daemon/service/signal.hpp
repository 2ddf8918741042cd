#pragma once
// "Something changed": wakes one coroutine on the loop. Private to service. [loop thread]

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>

#include "clock/clock.hpp"

namespace dprkwatch::service {

class Signal {
 public:
  explicit Signal(boost::asio::io_context& loop) : timer_(loop) {}

  void notify();
  // Until the next notify (one that came since the last wait counts), or for at most `limit`.
  [[nodiscard]] boost::asio::awaitable<void> wait(std::optional<Duration> limit = std::nullopt);

 private:
  boost::asio::steady_timer timer_;
  bool notified_ = false;
};

}  // namespace dprkwatch::service
