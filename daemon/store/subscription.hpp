#pragma once
// What the store keeps of a WebSub subscription, as plain data.

#include <cstdint>
#include <optional>
#include <string>

#include "clock/clock.hpp"
#include "store/records.hpp"

namespace dprkwatch::store {

enum class SubscriptionState {
  kPending,  // wanted; the hub has not verified it yet
  kActive,   // verified; it counts until `lease_end`
  kDenied,   // the hub said no
  kLeaving,  // not wanted any more; the hub has not verified that yet
};

struct Subscription {
  std::string token;     // the last part of the callback's path, 32 hex digits; UNIQUE
  std::string callback;  // the whole URL that the hub was given
  FeedId feed{};
  std::string hub;
  std::string topic;
  std::string secret;  // what pushes are signed with; never shown
  SubscriptionState state = SubscriptionState::kPending;
  bool asked = false;             // the hub has been sent a request at least once
  Time next_request{};            // when the hub is asked (again)
  std::int64_t failures = 0;      // requests in a row that no verification followed
  std::string last_error;         // why; empty when all is well
  std::optional<Time> lease_end;  // of the last verification
  std::optional<Time> last_push;  // that was authentic
  bool pushing = false;           // pushes are relied on: see websub::is_pushing
};

}  // namespace dprkwatch::store
