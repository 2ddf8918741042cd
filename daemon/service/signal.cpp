#include "service/signal.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace dprkwatch::service {

void Signal::notify() {
  notified_ = true;
  timer_.cancel();
}

boost::asio::awaitable<void> Signal::wait(std::optional<Duration> limit) {
  if (!notified_) {
    if (limit) {
      timer_.expires_after(*limit);
    } else {
      timer_.expires_at(boost::asio::steady_timer::time_point::max());
    }
    boost::system::error_code cancelled;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, cancelled);
    co_await timer_.async_wait(token);
  }
  notified_ = false;
}

}  // namespace dprkwatch::service
