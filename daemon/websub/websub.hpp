#pragma once
// The subscriber's side of WebSub (W3C Recommendation of 23 January 2018): what a feed says of its hub, what the hub is
// asked, and what its calls mean. Pure functions of plain data, but for random_hex; any thread. The service sends,
// stores and answers.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clock/clock.hpp"
#include "http/client.hpp"
#include "http/headers.hpp"
#include "result/result.hpp"
#include "store/subscription.hpp"

namespace dprkwatch::websub {

// Where a feed says that it is pushed from (§4).
struct Links {
  std::vector<std::string> hubs;  // absolute, http or https, those over TLS first; empty when there is none
  std::string topic;              // what to subscribe to
};

// From the answer's Link headers (RFC 8288), else from the document's own links `hubs` and `self`. A feed that names a
// hub and no self is its own topic. `url`: where the document came from.
[[nodiscard]] Links discover(const http::Headers& headers, const std::string& url, std::vector<std::string> hubs,
                             std::string self);

// `bytes` random bytes of OpenSSL's generator as hex digits. Fails only when the system gives no randomness.
[[nodiscard]] Result<std::string> random_hex(std::size_t bytes);

// Whether an X-Hub-Signature header ("sha256=HEX"; sha1, sha256, sha384, sha512) is right for the body (§7.1), compared
// in constant time. The error says what is wrong with it.
[[nodiscard]] Result<void> check_signature(std::string_view secret, std::string_view header, std::string_view body);

// The largest body of a push.
inline constexpr std::size_t kMaxPushBytes = std::size_t{16} * 1024 * 1024;

// The callback's URL for a token, below the public base URL of the configuration.
[[nodiscard]] std::string callback_url(std::string_view base, std::string_view token);

// The token of a request's target, whatever path stands before /websub/; "" when it is no callback's.
[[nodiscard]] std::string token_of(std::string_view target);

// A hub's GET to the callback: a verification of intent (§5.3), or a denial (§5.2).
struct Call {
  std::string mode;
  std::string topic;
  std::string challenge;
  std::string reason;  // printable, shortened
  std::optional<std::chrono::seconds> lease;
};
// Nothing for what is no target with a query.
[[nodiscard]] std::optional<Call> parse_call(const std::string& target);

// How long leases are asked for, and how soon a request is made again that came to nothing.
struct Timing {
  Duration lease = std::chrono::days(10);
  Duration retry = std::chrono::minutes(1);  // doubled with each failure, up to a day
};

// The request that asks the hub for the subscription, or for its end when it is leaving (§5.1). Follows the hub's
// redirects.
[[nodiscard]] http::Request make_request(const store::Subscription& subscription, const Timing& timing);

// Before each request: counts it as one that came to nothing until the hub verifies it, so that a lost answer, a silent
// hub and a restart all lead to the next attempt.
void note_request(store::Subscription& subscription, const Timing& timing, Time now);
// The request came to nothing. `wait`: what the hub asked for (Retry-After).
void note_refusal(store::Subscription& subscription, std::string_view reason, std::optional<Duration> wait, Time now);

// What a hub's call changes in the subscription. kEcho: it is what was asked for; answer the challenge. kGone: the
// same, and the subscription has ended. kNoted: a denial. kNotFound: nothing of ours; nothing has changed.
enum class Verdict { kEcho, kGone, kNoted, kNotFound };
[[nodiscard]] Verdict take_call(store::Subscription& subscription, const Call& call, const Timing& timing, Time now);

// Ends it: true when the hub must be told, false when it can be forgotten at once.
[[nodiscard]] bool leave(store::Subscription& subscription, Time now);
// Whether a subscription that is leaving has been said goodbye to often enough, or its lease has run out.
[[nodiscard]] bool may_forget(const store::Subscription& subscription, Time now);

// Verified, and the lease runs.
[[nodiscard]] bool is_live(const store::Subscription& subscription, Time now);
// Live, and its pushes are relied on: one has come, and no poll has found since what none had brought.
[[nodiscard]] bool is_pushing(const store::Subscription& subscription, Time now);

// "pending", "active", "expired", "denied", "leaving": stable, for the API.
[[nodiscard]] const char* name_of(const store::Subscription& subscription, Time now);

}  // namespace dprkwatch::websub
