#include "watch/watch.hpp"

#include <algorithm>
#include <cmath>

namespace dprkwatch::watch {

void Schedule::add(store::FeedId feed, Duration interval, std::optional<Time> last_poll, Time now) {
  Feed& state = feeds_[feed];
  const bool changed = state.interval != interval;
  state.interval = interval;
  if (state.out || (state.ticket != 0 && !changed)) return;
  // A clock that was set back must not put a poll into the far future.
  const Time due = last_poll ? std::min(*last_poll + interval, now + interval) : now;
  enqueue(feed, state, std::max(due, now));
}

void Schedule::remove(store::FeedId feed) {
  feeds_.erase(feed);
}

void Schedule::hasten(store::FeedId feed, Time now) {
  const auto found = feeds_.find(feed);
  if (found != feeds_.end() && !found->second.out) enqueue(feed, found->second, now);
}

std::optional<Time> Schedule::next_due() {
  drop_stale();
  if (queue_.empty()) return std::nullopt;
  return queue_.top().at;
}

std::optional<store::FeedId> Schedule::take_due(Time now) {
  drop_stale();
  if (queue_.empty() || queue_.top().at > now) return std::nullopt;
  const store::FeedId feed = queue_.top().feed;
  queue_.pop();
  feeds_[feed].out = true;
  return feed;
}

void Schedule::done(store::FeedId feed, Time now) {
  const auto found = feeds_.find(feed);
  if (found == feeds_.end()) return;  // removed while it was being polled
  found->second.out = false;
  std::uniform_real_distribution<double> factor(1.0 - jitter_, 1.0 + jitter_);
  const auto interval = static_cast<double>(found->second.interval.count()) * factor(random_);
  enqueue(feed, found->second, now + Duration(std::llround(interval)));
}

void Schedule::done(store::FeedId feed, const Plan& plan, Time now) {
  const auto found = feeds_.find(feed);
  if (found == feeds_.end()) return;
  found->second.out = false;
  if (plan.why == Why::kGone) {
    feeds_.erase(found);
    return;
  }
  if (plan.why == Why::kHost) {
    enqueue(feed, found->second, std::max(plan.at, now));
    return;
  }
  found->second.interval = plan.interval;
  const bool early = plan.why != Why::kRetryAfter && plan.why != Why::kSkipped;
  std::uniform_real_distribution<double> share(early ? -jitter_ : 0.0, jitter_);
  const auto shift = static_cast<double>(plan.interval.count()) * share(random_);
  enqueue(feed, found->second, std::max(plan.at + Duration(std::llround(shift)), now));
}

void Schedule::retry(store::FeedId feed, Time at) {
  const auto found = feeds_.find(feed);
  if (found == feeds_.end()) return;
  found->second.out = false;
  enqueue(feed, found->second, at);
}

void Schedule::enqueue(store::FeedId feed, Feed& state, Time at) {
  state.ticket = next_ticket_++;
  queue_.push({at, state.ticket, feed});
}

void Schedule::drop_stale() {
  while (!queue_.empty()) {
    const auto found = feeds_.find(queue_.top().feed);
    if (found != feeds_.end() && found->second.ticket == queue_.top().ticket && !found->second.out) return;
    queue_.pop();
  }
}

}  // namespace dprkwatch::watch
