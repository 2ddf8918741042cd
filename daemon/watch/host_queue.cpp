#include "watch/host_queue.hpp"

#include <algorithm>
#include <utility>

namespace dprkwatch::watch {
namespace {

// After failures of so many different feeds in a row the fault is the host's; of all its feeds where it has fewer.
constexpr int kFeedsToBelieve = 3;

}  // namespace

std::vector<store::FeedId> HostQueue::reset(HostLimits limits, std::unordered_map<std::string, int> feeds) {
  limits_ = limits;
  feeds_ = std::move(feeds);
  std::erase_if(feeds_, [](const auto& host) { return host.second < 2; });
  std::vector<store::FeedId> released;
  for (auto& [name, host] : hosts_) {
    released.insert(released.end(), host.parked.begin(), host.parked.end());
    host.parked.clear();
    // The scout may be one of the feeds that are no more; the next that asks takes its place.
    host.scout.reset();
    const auto found = feeds_.find(name);
    host.feeds = found == feeds_.end() ? 1 : found->second;
  }
  return released;
}

Permit HostQueue::park(Host& host, store::FeedId feed) {
  host.parked.push_back(feed);
  return {Turn::kParked, {}};
}

Permit HostQueue::ask(const std::string& name, store::FeedId feed, Time now) {
  const auto [place, fresh] = hosts_.try_emplace(name);
  Host& host = place->second;
  if (fresh) {
    if (const auto found = feeds_.find(name); found != feeds_.end()) host.feeds = found->second;
  }
  if (host.held_until != Time{}) {
    if (!host.scout) host.scout = feed;
    if (host.scout != feed) return park(host, feed);
    if (host.held_until > now) return {Turn::kLater, host.held_until};
  }
  if (host.in_flight >= limits_.max_in_flight) return park(host, feed);
  ++host.in_flight;
  return {};
}

std::vector<store::FeedId> HostQueue::done(const std::string& name, store::FeedId feed, HostOutcome outcome,
                                           Time next) {
  const auto place = hosts_.find(name);
  if (place == hosts_.end()) return {};
  Host& host = place->second;
  --host.in_flight;
  if (outcome == HostOutcome::kWell) {
    host.failing.clear();
    host.scout.reset();
    host.held_until = {};
  } else {
    const bool known = std::ranges::find(host.failing, feed) != host.failing.end();
    if (!known && host.failing.size() < kFeedsToBelieve) host.failing.push_back(feed);
    const bool down = std::cmp_greater_equal(host.failing.size(), std::min(host.feeds, kFeedsToBelieve));
    if (outcome == HostOutcome::kHoldOff || down) {
      // The wait that the host asks for replaces a scout's that had another in mind.
      if (!host.scout || outcome == HostOutcome::kHoldOff) host.scout = feed;
      if (host.scout == feed) host.held_until = next;
    }
  }
  std::vector<store::FeedId> released;
  const bool held = host.held_until != Time{};
  for (int room = limits_.max_in_flight - host.in_flight; room > 0 && !held && !host.parked.empty(); --room) {
    released.push_back(host.parked.front());
    host.parked.pop_front();
  }
  if (idle(host)) hosts_.erase(place);
  return released;
}

bool HostQueue::idle(const Host& host) {
  return host.in_flight == 0 && host.held_until == Time{} && host.failing.empty() && host.parked.empty();
}

}  // namespace dprkwatch::watch
