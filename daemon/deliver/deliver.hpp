#pragma once
// The outbox to receivers: at least once for each alert and receiver, until a 2xx, a final refusal, or the schedule
// ends in a dead letter. A slow receiver delays no other: each has a courier of its own.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "deliver/breaker.hpp"
#include "deliver/send.hpp"
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

// How an attempt's answer is taken: status 0 means that there was none. `made`: attempts before this one, since the
// delivery was made or taken up again by hand. `spread`, in [0, 1): where in the jitter of the wait.
struct Verdict {
  store::DeliveryState state = store::DeliveryState::kPending;
  Duration wait{};  // until the next attempt, when pending
};
[[nodiscard]] Verdict judge(int status, std::optional<std::chrono::seconds> retry_after, std::int64_t made,
                            const std::vector<Duration>& retry_schedule, double spread = 0);

// How long a delivery may be owed in all: the schedule with its jitter, and a day of what servers may ask for.
[[nodiscard]] Duration patience_of(const std::vector<Duration>& retry_schedule);

// A Retry-After header's value, a number of seconds or an HTTP date (RFC 9110 §10.2.3, §5.6.7, IMF-fixdate), as a wait
// from `now`; 0 for a date gone by. Nothing when it is neither.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(std::string_view value, Time now);

// Sends one receiver's deliveries: first attempts in commit order, retries when they are due; with `order: strict` each
// only when the one before it was taken or given up on. An endpoint that fails again and again is left alone for a
// while (breaker.hpp); one that answers 410 is left alone for good, and what is owed to it becomes dead letters, until
// its address is changed or it is enabled by hand. [loop thread]
class Courier {
 public:
  Courier(Services services, config::Receiver receiver);

  // Runs until stop; returns when nothing is under way any more.
  [[nodiscard]] boost::asio::awaitable<void> run();
  // Something new may be due.
  void wake();
  // No further attempts start; those under way are finished.
  void stop();
  // Ends the programs that are under way. What goes over HTTP the client cuts off.
  void cut() { sender_.cut(); }
  // Nothing is due now and nothing under way.
  [[nodiscard]] bool idle() const noexcept { return idle_; }
  [[nodiscard]] bool busy() const noexcept { return !under_way_.empty(); }
  [[nodiscard]] const config::Receiver& receiver() const noexcept { return receiver_; }

 private:
  struct Look;
  boost::asio::awaitable<void> look();
  [[nodiscard]] Result<void> look_in(store::Transaction& store, Look& found) const;
  [[nodiscard]] Result<void> look_for_due(store::Transaction& store, Time now, Look& found) const;
  void start();
  boost::asio::awaitable<void> sleep(Duration wait);
  boost::asio::awaitable<void> attempt(store::Delivery delivery);
  [[nodiscard]] store::Attempt outcome_of(const store::Delivery& delivery, Time now,
                                          const Result<http::Response>& response);
  void report(const store::Delivery& delivery, const store::Attempt& outcome);
  [[nodiscard]] std::size_t slots() const;
  [[nodiscard]] Duration until_next() const;

  Services services_;
  config::Receiver receiver_;
  std::string endpoint_;  // mark of where it sends
  Sender sender_;
  Breaker breaker_;
  boost::asio::steady_timer sleep_;
  std::deque<store::Delivery> ready_;  // read ahead from the store
  std::unordered_set<store::DeliveryId> under_way_;
  std::optional<Time> next_;  // when what is not ready will be due
  Time next_age_{};           // when to look for what has been owed for too long
  bool stale_ = true;         // the store may hold more that is due than was read
  bool woken_ = false;
  bool stopping_ = false;
  bool idle_ = false;
};

}  // namespace dprkwatch::deliver
