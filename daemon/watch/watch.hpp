#pragma once
// When to poll which feed. Pure scheduling: the clock's value and the random numbers are passed in.

#include <cstdint>
#include <optional>
#include <queue>
#include <random>
#include <unordered_map>
#include <vector>

#include "clock/clock.hpp"
#include "store/records.hpp"
#include "watch/pace.hpp"

namespace dprkwatch::watch {

// A feed is waiting, or out (being polled); never polled twice at once. Next-due in O(log n).
class Schedule {
 public:
  // `jitter`: 0..0.5, the share of an interval by which a poll may come early or late, so that daemons and feeds that
  // started together drift apart.
  Schedule(double jitter, std::uint64_t seed) : jitter_(jitter), random_(seed) {}

  // Adds a feed, or changes its interval. A feed that was polled before the daemon started keeps its rhythm; a new one
  // is due at once.
  void add(store::FeedId feed, Duration interval, std::optional<Time> last_poll, Time now);
  void remove(store::FeedId feed);

  // Makes a waiting feed due at `now`. Nothing happens to one that is out, and to one that is not here.
  void hasten(store::FeedId feed, Time now);

  // When the next waiting feed is due; nothing when none waits.
  [[nodiscard]] std::optional<Time> next_due();
  // Takes out a feed that is due at `now`.
  [[nodiscard]] std::optional<store::FeedId> take_due(Time now);
  // Puts a polled feed back; it is due one interval, give or take the jitter, after `now`.
  void done(store::FeedId feed, Time now);
  // The same, by a plan: due at its time, give or take the jitter, but not early when a server asked to wait or the
  // feed leaves those hours out; exactly then for its turn at its host. A feed that is gone is never due again.
  void done(store::FeedId feed, const Plan& plan, Time now);

  // Puts a feed that was taken out and not polled back, due at `at`.
  void retry(store::FeedId feed, Time at);

  [[nodiscard]] std::size_t size() const noexcept { return feeds_.size(); }

 private:
  struct Feed {
    Duration interval{};
    std::uint64_t ticket = 0;  // of its entry in the queue; older entries of the same feed are stale
    bool out = false;
  };
  struct Due {
    Time at;
    std::uint64_t ticket;
    store::FeedId feed;
    bool operator>(const Due& other) const noexcept { return at != other.at ? at > other.at : ticket > other.ticket; }
  };
  void enqueue(store::FeedId feed, Feed& state, Time at);
  void drop_stale();

  double jitter_;
  std::mt19937_64 random_;
  std::uint64_t next_ticket_ = 1;
  std::unordered_map<store::FeedId, Feed> feeds_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> queue_;
};

}  // namespace dprkwatch::watch
