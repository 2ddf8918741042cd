#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <utility>

#include "deliver/deliver.hpp"
#include "deliver/form.hpp"
#include "signature/signature.hpp"
#include "store/async.hpp"
#include "text/text.hpp"

namespace dprkwatch::deliver {
namespace {

constexpr std::size_t kMaxAnswerBytes = 64 * 1024;   // read of an answer
constexpr std::size_t kKeptAnswerBytes = 200;        // kept in the delivery's history
constexpr Duration kStoreTrouble = std::chrono::seconds(1);

}  // namespace

// What is owed now, and when more will be.
struct Courier::Work {
  std::vector<store::Delivery> due;
  std::optional<Time> next;
};

Courier::Courier(Services services, config::Receiver receiver)
    : services_(services), receiver_(std::move(receiver)), sleep_(services.loop) {
  // The secret was checked when the configuration was read.
  if (auto keys = signature::decode_secrets(receiver_.secret)) keys_ = std::move(*keys);
}

boost::asio::awaitable<void> Courier::run() {
  while (!stopping_ || !under_way_.empty()) {
    woken_ = false;
    Duration wait = Duration::max();
    const auto slots = static_cast<std::size_t>(receiver_.concurrency);
    if (!stopping_ && under_way_.size() < slots) {
      Result<Work> work = co_await look();
      if (!work) {
        services_.log.error("cannot read the outbox", {{"receiver", receiver_.name}, {"error", describe(work.error())}});
        wait = kStoreTrouble;
      } else {
        for (store::Delivery& delivery : work->due) {
          if (under_way_.size() >= slots) break;
          under_way_.insert(delivery.id);
          auto task = attempt(std::move(delivery));
          boost::asio::co_spawn(services_.loop, std::move(task), boost::asio::detached);
        }
        idle_ = under_way_.empty();
        if (idle_ && work->next) wait = std::max(*work->next - services_.clock.now(), Duration::zero());
      }
    }
    if (woken_) continue;
    const auto forever = boost::asio::steady_timer::time_point::max();
    sleep_.expires_at(wait == Duration::max() ? forever : std::chrono::steady_clock::now() + wait);
    boost::system::error_code cancelled;
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, cancelled);
    co_await sleep_.async_wait(token);
  }
}

void Courier::wake() {
  woken_ = true;
  idle_ = false;
  sleep_.cancel();
}

void Courier::stop() {
  stopping_ = true;
  wake();
}

boost::asio::awaitable<Result<Courier::Work>> Courier::look() {
  Work work;
  const Time now = services_.clock.now();
  // Those under way are still pending in the store, and come first.
  const std::size_t limit = static_cast<std::size_t>(receiver_.concurrency) + under_way_.size();
  store::Job job = [&](store::Transaction& store) -> Result<void> {
    auto due = store.due_deliveries(receiver_.name, now, limit);
    if (!due) return tl::unexpected(std::move(due.error()));
    work.due = std::move(*due);
    auto next = store.next_due(receiver_.name);
    if (!next) return tl::unexpected(std::move(next.error()));
    work.next = *next;
    return {};
  };
  Result<void> done = co_await store::run_async(services_.store, std::move(job));
  if (!done) co_return tl::unexpected(std::move(done.error()));
  std::erase_if(work.due, [&](const store::Delivery& delivery) { return under_way_.contains(delivery.id); });
  co_return work;
}

boost::asio::awaitable<void> Courier::attempt(store::Delivery delivery) {
  const Time now = services_.clock.now();
  Result<http::Response> response = fail(ErrorCode::kInternal, "not sent");
  if (receiver_.type == config::ReceiverType::kLog) {
    response = append(delivery);
  } else {
    response = co_await post(delivery, now);
  }
  // Cut off by the end of the daemon: not an attempt that failed. It stays due.
  const bool stopped = !response && response.error().code == ErrorCode::kStopped;
  if (!stopped) {
    store::Attempt outcome;
    outcome.delivery = delivery.id;
    outcome.at = now;
    outcome.status = response ? response->status : 0;
    outcome.answer = response ? std::string(text::prefix(response->body, kKeptAnswerBytes)) : describe(response.error());
    const auto put_off = response ? retry_after(http::header(response->headers, "retry-after"), now) : std::nullopt;
    const Verdict verdict = judge(outcome.status, put_off, delivery.attempts, receiver_.retry_schedule);
    outcome.state = verdict.state;
    if (verdict.state == store::DeliveryState::kPending) outcome.next_attempt = services_.clock.now() + verdict.wait;
    report(delivery, outcome);
    store::Job job = [outcome](store::Transaction& store) { return store.record_attempt(outcome); };
    Result<void> done = co_await store::run_async(services_.store, std::move(job));
    // Not recorded means that it is sent once more, with the same id: the receiver drops it.
    if (!done) services_.log.error("cannot record a delivery", {{"error", describe(done.error())}});
  }
  under_way_.erase(delivery.id);
  wake();
}

boost::asio::awaitable<Result<http::Response>> Courier::post(const store::Delivery& delivery, Time now) {
  const std::int64_t timestamp = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  auto request = form(receiver_, delivery, keys_, timestamp);
  if (!request) co_return tl::unexpected(std::move(request.error()));
  request->max_bytes = kMaxAnswerBytes;
  auto sent = services_.client.send(std::move(*request));
  Result<http::Response> response = co_await std::move(sent);
  // The address of such a service holds its token: it goes into no log and no history.
  if (!response && receiver_.type != config::ReceiverType::kWebhook) response.error().where.clear();
  co_return response;
}

Result<http::Response> Courier::append(const store::Delivery& delivery) const {
  const std::string line = delivery.body + "\n";
  const bool to_stdout = receiver_.path == "-";
  const int file = to_stdout ? STDOUT_FILENO
                             : ::open(receiver_.path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (file < 0) {
    return fail(ErrorCode::kUnavailable, std::string("cannot open the alert log: ") + std::strerror(errno),
                receiver_.path);
  }
  // One write: lines of several processes never mix.
  const ssize_t written = ::write(file, line.data(), line.size());
  const int problem = errno;
  if (!to_stdout) ::close(file);
  if (written != static_cast<ssize_t>(line.size())) {
    return fail(ErrorCode::kUnavailable, std::string("cannot write the alert log: ") + std::strerror(problem),
                receiver_.path);
  }
  http::Response done;
  done.status = 200;
  return done;
}

void Courier::report(const store::Delivery& delivery, const store::Attempt& outcome) {
  const std::int64_t attempt = delivery.attempts + 1;
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
