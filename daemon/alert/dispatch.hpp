#pragma once
// From alerts to the outbox: groups, and when each is told. Everything is kept in the store: a restart goes on where
// the last run ended. [store thread, inside a transaction]

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alert/decide.hpp"
#include "alert/route.hpp"
#include "clock/clock.hpp"
#include "config/config.hpp"
#include "result/result.hpp"
#include "store/store.hpp"

namespace dprkwatch::alert {

// The path of alerts on the daemon's own troubles: no tree, no waits, no mute times.
inline constexpr std::string_view kOwnRoute = "self_alerts";
// Their rules' names begin so.
inline constexpr std::string_view kOwnRule = "dprkwatch:";

// Where an alert goes: a place in the tree and a receiver. `rule_receivers`: of its rule; used where the routes name
// none.
struct Destination {
  std::string route;
  Labels group;
  std::string receiver;
};
[[nodiscard]] std::vector<Destination> destinations(const config::Config& config, const Labels& labels,
                                                    const std::vector<std::string>& rule_receivers);

// Puts the alert, which is new or changed, into its groups; each is looked at by the next flush.
[[nodiscard]] Result<void> enter(store::Transaction& store, const config::Config& config,
                                 const store::AlertRecord& record, Time now);

// Looks at the groups whose time has come, at most `limit`, and writes what they have to say into the outbox. Gives the
// receivers that are owed something new.
[[nodiscard]] Result<std::vector<std::string>> flush(store::Transaction& store, const config::Config& config, Time now,
                                                     std::size_t limit);

// Ends the alerts whose time is over; their groups are looked at by the next flush.
[[nodiscard]] Result<void> resolve_due(store::Transaction& store, Time now, std::size_t limit);

// Acknowledges an alert; false when there is none of that id that fires.
[[nodiscard]] Result<bool> acknowledge(store::Transaction& store, const std::string& id, const std::string& by,
                                       const std::string& comment, Time now);

// When flush or resolve_due will next have work.
[[nodiscard]] Result<std::optional<Time>> next_work(store::Transaction& store);

// The body of a message: the lead alert's data, `type`, the receiver's sequence number and, when it tells of several,
// `group` with what they are. At most 20,000 bytes: evidence goes first, then alerts of the group. `shown` is not
// empty.
[[nodiscard]] std::string body_of(std::string_view type, const std::vector<const store::AlertRecord*>& shown,
                                  const std::string& group_labels, std::int64_t sequence, Time now);

// 24 hex digits of the SHA-256 over the parts, which hold no NUL.
[[nodiscard]] std::string digest_of(std::initializer_list<std::string_view> parts);

}  // namespace dprkwatch::alert
