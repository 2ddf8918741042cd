#pragma once
// Which feed may ask its host now. Pure data: the clock's value is passed in. One thread at a time.
//
// A host is asked by a bounded number of feeds at once. One that asks to wait, or that fails for feed after feed, is
// left alone by all of its feeds but one, the scout, until the scout reads an answer. How often a host is asked:
// hosts.hpp.

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "clock/clock.hpp"
#include "store/records.hpp"

namespace dprkwatch::watch {

struct HostLimits {
  int max_in_flight = 4;
};

enum class Turn {
  kNow,     // ask; done() must follow
  kLater,   // try again at the time given
  kParked,  // held here until a done() or release_all() gives it back
};

struct Permit {
  Turn turn = Turn::kNow;
  Time at{};
  bool operator==(const Permit&) const = default;
};

// How a poll left its host.
enum class HostOutcome {
  kWell,     // it answered, even with an error of the feed's own
  kFailed,   // no answer, or an error of the server (5xx)
  kHoldOff,  // it asked to wait
};

class HostQueue {
 public:
  explicit HostQueue(HostLimits limits) : limits_(limits) {}

  // Begins anew with these limits and numbers of feeds; polls in flight and holds stay. Gives back all feeds parked.
  [[nodiscard]] std::vector<store::FeedId> reset(HostLimits limits, std::unordered_map<std::string, int> feeds);

  // `feed` of `host` is due. O(1).
  [[nodiscard]] Permit ask(const std::string& host, store::FeedId feed, Time now);

  // Its poll ended; the feed itself is planned for `next`. Gives back the feeds that may now try. O(feeds given back).
  [[nodiscard]] std::vector<store::FeedId> done(const std::string& host, store::FeedId feed, HostOutcome outcome,
                                                Time next);

 private:
  struct Host {
    int feeds = 1;
    int in_flight = 0;
    Time held_until{};
    std::optional<store::FeedId> scout;  // while the host is held
    std::vector<store::FeedId> failing;  // different ones since the last answer
    std::deque<store::FeedId> parked;
  };
  [[nodiscard]] static Permit park(Host& host, store::FeedId feed);
  [[nodiscard]] static bool idle(const Host& host);

  HostLimits limits_;
  std::unordered_map<std::string, int> feeds_;  // only hosts with several
  std::unordered_map<std::string, Host> hosts_;
};

}  // namespace dprkwatch::watch
