#include <algorithm>
#include <boost/url.hpp>
#include <utility>

#include "text/text.hpp"
#include "websub/websub.hpp"

namespace dprkwatch::websub {
namespace {

using store::Subscription;
using store::SubscriptionState;

constexpr Duration kLongestRetry = std::chrono::hours(24);
// After so many requests to end it a hub that does not answer is left alone; the lease ends by itself.
constexpr std::int64_t kGoodbyes = 4;
constexpr std::size_t kMaxReason = 200;
constexpr std::size_t kMaxAnswerBytes = std::size_t{64} * 1024;

Duration backoff(const Timing& timing, std::int64_t failures) {
  const Duration cap = std::max(timing.retry, kLongestRetry);
  Duration wait = timing.retry;
  for (std::int64_t i = 1; i < failures && wait < cap; ++i) wait *= 2;
  return std::min(wait, cap);
}

// After four fifths of the lease: the last fifth is for a hub that does not answer at once.
Time renewal(Time now, Duration lease) {
  return now + lease * 4 / 5;
}

void add(std::string& body, std::string_view name, std::string_view value) {
  if (!body.empty()) body += '&';
  body += name;
  body += '=';
  body += boost::urls::encode(value, boost::urls::unreserved_chars);
}

}  // namespace

http::Request make_request(const Subscription& subscription, const Timing& timing) {
  const bool leaving = subscription.state == SubscriptionState::kLeaving;
  http::Request request;
  request.method = "POST";
  request.url = subscription.hub;
  request.max_bytes = kMaxAnswerBytes;
  request.max_redirects = 3;
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  add(request.body, "hub.mode", leaving ? "unsubscribe" : "subscribe");
  add(request.body, "hub.topic", subscription.topic);
  add(request.body, "hub.callback", subscription.callback);
  if (leaving) return request;
  const auto seconds = std::max(std::chrono::ceil<std::chrono::seconds>(timing.lease), std::chrono::seconds(1));
  add(request.body, "hub.lease_seconds", std::to_string(seconds.count()));
  add(request.body, "hub.secret", subscription.secret);
  return request;
}

void note_request(Subscription& subscription, const Timing& timing, Time now) {
  if (subscription.state == SubscriptionState::kDenied) subscription.state = SubscriptionState::kPending;
  if (subscription.failures > 0 && subscription.last_error.empty()) {
    subscription.last_error = "the hub did not verify the last request";
  }
  subscription.asked = true;
  ++subscription.failures;
  subscription.next_request = now + backoff(timing, subscription.failures);
}

void note_refusal(Subscription& subscription, std::string_view reason, std::optional<Duration> wait, Time now) {
  subscription.last_error = text::shorten(text::printable(reason), kMaxReason);
  if (wait) subscription.next_request = std::max(subscription.next_request, now + std::min(*wait, kLongestRetry));
}

Verdict take_call(Subscription& subscription, const Call& call, const Timing& timing, Time now) {
  if (call.topic != subscription.topic || !subscription.asked) return Verdict::kNotFound;
  const SubscriptionState state = subscription.state;
  if (call.mode == "denied") {
    if (state == SubscriptionState::kLeaving) return Verdict::kNotFound;
    subscription.state = SubscriptionState::kDenied;
    subscription.lease_end.reset();
    subscription.pushing = false;
    subscription.last_error = "the hub denied the subscription" + (call.reason.empty() ? "" : ": " + call.reason);
    subscription.next_request = now + std::max(timing.retry, kLongestRetry);
    return Verdict::kNoted;
  }
  if (call.challenge.empty()) return Verdict::kNotFound;
  if (call.mode == "unsubscribe") {
    return state == SubscriptionState::kLeaving ? Verdict::kGone : Verdict::kNotFound;
  }
  // §5: a hub may reconfirm an active subscription at any time. A denied one that was asked for again is pending.
  if (call.mode != "subscribe" || (state != SubscriptionState::kPending && state != SubscriptionState::kActive)) {
    return Verdict::kNotFound;
  }
  const Duration lease = call.lease ? Duration(*call.lease) : timing.lease;
  subscription.state = SubscriptionState::kActive;
  subscription.lease_end = now + lease;
  subscription.next_request = renewal(now, lease);
  subscription.failures = 0;
  subscription.last_error.clear();
  return Verdict::kEcho;
}

bool leave(Subscription& subscription, Time now) {
  if (!subscription.asked || subscription.state == SubscriptionState::kDenied) return false;
  subscription.state = SubscriptionState::kLeaving;
  subscription.pushing = false;
  subscription.failures = 0;
  subscription.next_request = now;
  return true;
}

bool may_forget(const Subscription& subscription, Time now) {
  if (subscription.state != SubscriptionState::kLeaving) return false;
  return subscription.failures >= kGoodbyes || (subscription.lease_end && *subscription.lease_end <= now);
}

bool is_live(const Subscription& subscription, Time now) {
  return subscription.state == SubscriptionState::kActive && subscription.lease_end && *subscription.lease_end > now;
}

bool is_pushing(const Subscription& subscription, Time now) {
  return subscription.pushing && is_live(subscription, now);
}

const char* name_of(const Subscription& subscription, Time now) {
  switch (subscription.state) {
    case SubscriptionState::kPending:
      return "pending";
    case SubscriptionState::kActive:
      return is_live(subscription, now) ? "active" : "expired";
    case SubscriptionState::kDenied:
      return "denied";
    case SubscriptionState::kLeaving:
      return "leaving";
  }
  return "pending";
}

}  // namespace dprkwatch::websub
