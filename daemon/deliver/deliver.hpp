#pragma once
// The outbox to receivers: at least once for each alert and receiver, until a 2xx, a final refusal, or the schedule ends
// in a dead letter. A slow receiver delays no other: each has a courier of its own.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "http/client.hpp"
#include "log/log.hpp"
#include "result/result.hpp"
#include "store/store.hpp"

namespace dprkwatch::deliver {

// What a courier works with; all outlive it.
struct Services {
  boost::asio::io_context& loop;
  store::Store& store;
  http::Client& client;
  const Clock& clock;
  log::Logger& log;
};

// How an attempt's answer is taken: status 0 means that there was none. `made`: attempts before this one.
struct Verdict {
  store::DeliveryState state = store::DeliveryState::kPending;
  Duration wait{};  // until the next attempt, when pending
};
[[nodiscard]] Verdict judge(int status, std::optional<std::chrono::seconds> retry_after, std::int64_t made,
                            const std::vector<Duration>& retry_schedule);

// A Retry-After header's value, a number of seconds or an HTTP date (RFC 9110 §10.2.3, §5.6.7, IMF-fixdate), as a wait from
// `now`; 0 for a date gone by. Nothing when it is neither.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(std::string_view value, Time now);

// Sends one receiver's deliveries: first attempts in commit order, retries when they are due. [loop thread]
class Courier {
 public:
  Courier(Services services, config::Receiver receiver);

  // Runs until stop; returns when nothing is under way any more.
  [[nodiscard]] boost::asio::awaitable<void> run();
  // Something new may be due.
  void wake();
  // No further attempts start; those under way are finished.
  void stop();
  // Nothing is due now and nothing under way.
  [[nodiscard]] bool idle() const noexcept { return idle_; }
  [[nodiscard]] bool busy() const noexcept { return !under_way_.empty(); }
  [[nodiscard]] const config::Receiver& receiver() const noexcept { return receiver_; }

 private:
  struct Work;
  boost::asio::awaitable<Result<Work>> look();
  boost::asio::awaitable<void> attempt(store::Delivery delivery);
  boost::asio::awaitable<Result<http::Response>> post(const store::Delivery& delivery, Time now);
  [[nodiscard]] Result<http::Response> append(const store::Delivery& delivery) const;
  void report(const store::Delivery& delivery, const store::Attempt& outcome);

  Services services_;
  config::Receiver receiver_;
  std::vector<std::string> keys_;
  boost::asio::steady_timer sleep_;
  std::unordered_set<store::DeliveryId> under_way_;
  bool woken_ = false;
  bool stopping_ = false;
  bool idle_ = false;
};

}  // namespace dprkwatch::deliver
