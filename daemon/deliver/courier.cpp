#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "deliver/deliver.hpp"
#include "deliver/receivers/receivers.hpp"
#include "store/async.hpp"
#include "text/text.hpp"

namespace dprkwatch::deliver {
namespace {

constexpr std::size_t kKeptAnswerBytes = 200;  // kept in the delivery's history
constexpr Duration kStoreTrouble = std::chrono::seconds(1);
constexpr Duration kAgeLook = std::chrono::minutes(1);
constexpr std::size_t kReadAhead = 256;  // deliveries held in memory before their attempt

}  // namespace

// What a look into the store found.
struct Courier::Look {
  std::vector<store::Delivery> due;
  std::optional<Time> next;
  bool more = false;  // further ones may be due
  std::int64_t buried = 0;
  bool disabled = false;
  bool age = false;  // whether to look for what has been owed for too long
};

Courier::Courier(Services services, config::Receiver receiver)
    : services_(services),
      receiver_(std::move(receiver)),
      endpoint_(mark_of(receiver_.url)),
      sender_(services.client, receiver_),
      breaker_(receiver_.retry_schedule.empty()
                   ? Duration::zero()
                   : *std::max_element(receiver_.retry_schedule.begin(), receiver_.retry_schedule.end())),
      sleep_(services.loop) {}

std::size_t Courier::slots() const {
  const bool strict = receiver_.order == config::DeliveryOrder::kStrict;
  return strict ? 1 : static_cast<std::size_t>(receiver_.concurrency);
}

boost::asio::awaitable<void> Courier::run() {
  while (!stopping_ || !under_way_.empty()) {
    woken_ = false;
    Duration wait = Duration::max();
    if (!stopping_) {
      const Time now = services_.clock.now();
      if (next_ && now >= *next_) stale_ = true;
      const bool room = ready_.size() < slots() || now >= next_age_;
      if (stale_ && room && breaker_.allowed(now, slots()) > 0) co_await look();
      start();
      idle_ = under_way_.empty() && (ready_.empty() || breaker_.allowed(services_.clock.now(), slots()) == 0);
      wait = until_next();
    }
    if (!woken_) co_await sleep(wait);
  }
}

// The longest sleep that misses nothing; an attempt that ends wakes by itself.
Duration Courier::until_next() const {
  const Time now = services_.clock.now();
  if (breaker_.allowed(now, slots()) == 0) return std::max(*breaker_.next_try() - now, Duration(1));
  if (stale_ && ready_.size() < slots()) return under_way_.empty() ? kStoreTrouble : Duration::max();
  if (next_) return std::max(*next_ - now, Duration::zero());
  return Duration::max();
}

boost::asio::awaitable<void> Courier::sleep(Duration wait) {
  const auto forever = boost::asio::steady_timer::time_point::max();
  sleep_.expires_at(wait == Duration::max() ? forever : std::chrono::steady_clock::now() + wait);
  boost::system::error_code cancelled;
  auto token = boost::asio::redirect_error(boost::asio::use_awaitable, cancelled);
  co_await sleep_.async_wait(token);
}

void Courier::start() {
  while (!ready_.empty() && under_way_.size() < breaker_.allowed(services_.clock.now(), slots())) {
    store::Delivery delivery = std::move(ready_.front());
    ready_.pop_front();
    under_way_.insert(delivery.id);
    auto task = attempt(std::move(delivery));
    boost::asio::co_spawn(services_.loop, std::move(task), boost::asio::detached);
  }
}

void Courier::wake() {
  woken_ = true;
  stale_ = true;
  idle_ = false;
  sleep_.cancel();
}

void Courier::stop() {
  stopping_ = true;
  wake();
}

boost::asio::awaitable<void> Courier::look() {
  // What is said meanwhile makes it stale again.
  stale_ = false;
  Look found;
  found.age = services_.clock.now() >= next_age_;
  if (found.age) next_age_ = services_.clock.now() + kAgeLook;
  store::Job job = [&](store::Transaction& store) { return look_in(store, found); };
  Result<void> done = co_await store::run_async(services_.store, std::move(job));
  if (!done) {
    services_.log.error("cannot read the outbox", {{"receiver", receiver_.name}, {"error", describe(done.error())}});
    stale_ = true;
    co_return;
  }
  if (found.more) stale_ = true;
  next_ = found.next;
  if (found.buried > 0) {
    services_.log.error("gave up on deliveries",
                        {{"receiver", receiver_.name},
                         {"deliveries", found.buried},
                         {"reason", found.disabled ? "the receiver is disabled" : "owed for too long"}});
  }
  ready_.clear();
  for (store::Delivery& delivery : found.due) {
    // Those under way are still pending in the store.
    if (!under_way_.contains(delivery.id)) ready_.push_back(std::move(delivery));
  }
}

// [store thread]
Result<void> Courier::look_in(store::Transaction& store, Look& found) const {
  const Time now = services_.clock.now();
  auto health = store.receiver_health(receiver_.name);
  if (!health) return tl::unexpected(std::move(health.error()));
  if (health->disabled && health->endpoint != endpoint_) {
    if (auto done = store.enable_receiver(receiver_.name); !done) return done;
    health->disabled.reset();
  }
  found.disabled = health->disabled.has_value();
  if (found.disabled || found.age) {
    const Time too_old = found.disabled ? Time::max() : now - patience_of(receiver_.retry_schedule);
    const char* reason = found.disabled ? "the receiver is disabled: its endpoint answered 410" : "owed for too long";
    auto buried = store.bury(receiver_.name, too_old, reason);
    if (!buried) return tl::unexpected(std::move(buried.error()));
    found.buried = *buried;
  }
  if (auto done = look_for_due(store, now, found); !done) return done;
  const bool threads = receiver_.type == config::ReceiverType::kSlack && receiver_.url.empty();
  for (store::Delivery& delivery : found.due) {
    if (!threads || delivery.group.empty()) continue;
    auto answer = store.first_answer(receiver_.name, delivery.group);
    if (!answer) return tl::unexpected(std::move(answer.error()));
    delivery.thread = slack_thread(*answer);
  }
  return {};
}

// [store thread]
Result<void> Courier::look_for_due(store::Transaction& store, Time now, Look& found) const {
  if (receiver_.order == config::DeliveryOrder::kStrict) {
    auto oldest = store.next_in_order(receiver_.name);
    if (!oldest) return tl::unexpected(std::move(oldest.error()));
    if (!*oldest) return {};
    if ((*oldest)->next_attempt > now) {
      found.next = (*oldest)->next_attempt;
    } else {
      found.due.push_back(std::move(**oldest));
      found.more = true;
    }
    return {};
  }
  const std::size_t limit = slots() + kReadAhead + under_way_.size();
  auto due = store.due_deliveries(receiver_.name, now, limit);
  if (!due) return tl::unexpected(std::move(due.error()));
  found.more = due->size() == limit;
  found.due = std::move(*due);
  auto next = store.next_due(receiver_.name, now);
  if (!next) return tl::unexpected(std::move(next.error()));
  found.next = *next;
  return {};
}

boost::asio::awaitable<void> Courier::attempt(store::Delivery delivery) {
  const Time now = services_.clock.now();
  Result<http::Response> response = co_await sender_.send(delivery, now);
  // Cut off by the end of the daemon: not an attempt that failed. It stays due.
  const bool stopped = !response && response.error().code == ErrorCode::kStopped;
  if (!stopped) {
    const store::Attempt outcome = outcome_of(delivery, now, response);
    report(delivery, outcome);
    store::Job job = [outcome](store::Transaction& store) { return store.record_attempt(outcome); };
    Result<void> done = co_await store::run_async(services_.store, std::move(job));
    // Not recorded means that it is sent once more, with the same id: the receiver drops it.
    if (!done) services_.log.error("cannot record a delivery", {{"error", describe(done.error())}});
    if (!done || !outcome.gone.empty()) stale_ = true;
    if (outcome.next_attempt && (!next_ || *outcome.next_attempt < *next_)) next_ = outcome.next_attempt;
  }
  under_way_.erase(delivery.id);
  woken_ = true;
  sleep_.cancel();
}

store::Attempt Courier::outcome_of(const store::Delivery& delivery, Time now, const Result<http::Response>& response) {
  store::Attempt outcome;
  outcome.delivery = delivery.id;
  outcome.at = now;
  outcome.status = response ? response->status : 0;
  outcome.answer = response ? std::string(text::prefix(response->body, kKeptAnswerBytes)) : describe(response.error());
  const auto put_off = response ? retry_after(http::header(response->headers, "retry-after"), now) : std::nullopt;
  const double spread = spread_of(delivery.webhook_id, delivery.attempts);
  const Verdict verdict = judge(outcome.status, put_off, delivery.tries, receiver_.retry_schedule, spread);
  outcome.state = verdict.state;
  if (verdict.state == store::DeliveryState::kPending) outcome.next_attempt = services_.clock.now() + verdict.wait;
  if (outcome.status == 410) outcome.gone = endpoint_;
  // A refusal of this one message proves that the endpoint is there.
  const bool answered = outcome.status >= 200 && outcome.status < 500 && outcome.status != 408 && outcome.status != 429;
  if (answered) {
    breaker_.succeeded();
  } else if (breaker_.failed(services_.clock.now())) {
    services_.log.warn(
        "left an endpoint alone for a while",
        {{"receiver", receiver_.name}, {"failures", kBreakerFailures}, {"next", to_rfc3339(*breaker_.next_try())}});
  }
  return outcome;
}

void Courier::report(const store::Delivery& delivery, const store::Attempt& outcome) {
  const std::int64_t attempt = delivery.attempts + 1;
  if (!outcome.gone.empty()) {
    services_.log.error("disabled a receiver: its endpoint answered 410",
                        {{"receiver", receiver_.name}, {"enable", "dprkwatch receiver enable NAME, or another url"}});
  }
  switch (outcome.state) {
    case store::DeliveryState::kDelivered:
      services_.log.debug("delivered an alert",
                          {{"alert", delivery.alert_id}, {"receiver", receiver_.name}, {"attempt", attempt}});
      return;
    case store::DeliveryState::kPending:
      services_.log.warn("will deliver again", {{"alert", delivery.alert_id},
                                                {"receiver", receiver_.name},
                                                {"attempt", attempt},
                                                {"status", outcome.status},
                                                {"answer", outcome.answer},
                                                {"next", to_rfc3339(outcome.next_attempt.value_or(Time{}))}});
      return;
    case store::DeliveryState::kDead:
      services_.log.error("gave up on a delivery", {{"alert", delivery.alert_id},
                                                    {"receiver", receiver_.name},
                                                    {"attempt", attempt},
                                                    {"status", outcome.status},
                                                    {"answer", outcome.answer}});
      return;
  }
}

}  // namespace dprkwatch::deliver
