#include "service/herald.hpp"

#include <algorithm>
#include <utility>

#include "alert/dispatch.hpp"
#include "alert/own.hpp"
#include "store/async.hpp"

namespace dprkwatch::service {
namespace {

// The store is looked at at least so often: another process may have added a silence or taken up a dead letter.
constexpr Duration kLook = std::chrono::seconds(5);
constexpr Duration kStoreTrouble = std::chrono::seconds(1);
constexpr Duration kCareOfAFeed = std::chrono::milliseconds(1);
constexpr std::size_t kGroups = 256;  // in one transaction
constexpr std::size_t kResolved = 256;

}  // namespace

struct Herald::Round {
  Time now{};
  bool care = false;
  std::vector<alert::Raised> raised;
  std::vector<std::string> owed;
  std::optional<Time> next;
  std::int64_t outside = 0;
};

Herald::Herald(Services services) : services_(std::move(services)), signal_(services_.loop) {}

void Herald::use(std::shared_ptr<const config::Config> config) {
  config_ = std::move(config);
  next_care_ = {};
  wake();
}

void Herald::wake() {
  idle_ = false;
  signal_.notify();
}

void Herald::stop() {
  stopping_ = true;
  signal_.notify();
}

// [store thread]
Result<void> Herald::look(store::Transaction& store, const config::Config& config, Round& round) const {
  Result<void> done = alert::resolve_due(store, round.now, kResolved);
  if (!done) return done;
  if (round.care) {
    auto raised = alert::watch_over(store, config, round.now);
    if (!raised) return tl::unexpected(std::move(raised.error()));
    round.raised = std::move(*raised);
  }
  auto owed = alert::flush(store, config, round.now, kGroups);
  if (!owed) return tl::unexpected(std::move(owed.error()));
  round.owed = std::move(*owed);
  auto next = alert::next_work(store);
  if (!next) return tl::unexpected(std::move(next.error()));
  round.next = *next;
  auto outside = store.outside_version();
  if (!outside) return tl::unexpected(std::move(outside.error()));
  round.outside = *outside;
  return {};
}

boost::asio::awaitable<void> Herald::run() {
  while (!stopping_) {
    const auto config = config_;
    Round round;
    round.now = services_.clock.now();
    round.care = round.now >= next_care_;
    store::Job job = [&](store::Transaction& store) {
      round.raised.clear();
      return look(store, *config, round);
    };
    Result<void> done = co_await store::run_async(services_.store, std::move(job));
    Duration wait = kStoreTrouble;
    if (done) {
      // Every feed is looked at: with very many of them more seldom.
      const auto feeds = static_cast<std::int64_t>(config->feeds.size());
      if (round.care) next_care_ = round.now + std::max<Duration>(kLook, feeds * kCareOfAFeed);
      for (const alert::Raised& raised : round.raised) services_.on_alert(raised);
      if (!round.owed.empty()) services_.on_alert({{}, {}, {}, {}, round.owed, false});
      if (outside_ && *outside_ != round.outside) services_.on_outside();
      outside_ = round.outside;
      wait = kLook;
      if (round.next) wait = std::clamp(*round.next - services_.clock.now(), Duration::zero(), kLook);
      idle_ = wait > Duration::zero();
    } else {
      services_.log.error("cannot look at the alerts", {{"error", describe(done.error())}});
    }
    if (!stopping_) co_await signal_.wait(wait);
  }
}

}  // namespace dprkwatch::service
