#pragma once
// What the store keeps of alerts after they were raised: their states, the groups they are told in, silences, and how
// each receiver fares.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clock/clock.hpp"
#include "result/result.hpp"
#include "store/records.hpp"

namespace dprkwatch::store {

// How a receiver fares. Kept over restarts.
struct ReceiverHealth {
  std::string name;
  std::int64_t failures = 0;  // attempts in a row that were not taken
  std::optional<Time> failing_since;
  std::optional<Time> last_success;
  std::string last_error;
  std::optional<Time> disabled;  // since when nothing is sent: the endpoint answered 410
  std::string endpoint;          // mark of the address that did; another address enables the receiver again
  std::int64_t dead_letters = 0;
};

// No message goes out about alerts whose labels all matchers fit, from `starts` until `ends`.
struct Silence {
  std::string id;
  std::vector<std::string> matchers;  // as config::parse_matcher reads them; without line breaks
  std::string author;
  std::string comment;
  Time created{};
  Time starts{};
  Time ends{};
};

// An alert with what became of it.
struct AlertRecord {
  NewAlert alert;
  bool resolved = false;
  Time updated{};
  std::optional<Time> resolved_at;
  std::int64_t articles = 1;  // of its story, so far
  std::optional<Time> acked;
  std::string acked_by;
  std::string acked_comment;
};

// Alerts that one receiver is told of together, and what it was told last.
struct Group {
  std::string key;
  std::string receiver;
  std::string route;   // where in the routing tree it hangs
  std::string labels;  // JSON object: those it is grouped by
  Time created{};
  std::optional<Time> next_flush;
  std::optional<Time> last_flush;
  std::optional<Time> last_sent;
  std::int64_t messages = 0;
  std::string told;  // what the last message told; the alert step's own form
  std::string note;  // the last decision, in words
};

// A delivery with its whole history, the first attempt first.
struct DeliveryHistory {
  Delivery delivery;
  std::string kind;
  DeliveryState state = DeliveryState::kPending;
  Time created{};
  std::string reason;  // why it was given up on without an attempt
  std::vector<Attempt> attempts;
};

// The operations on these, inside a transaction. [store thread]
class AlertingOperations {
 public:
  virtual ~AlertingOperations() = default;

  // Receivers. Of a name that was never used: all zero.
  [[nodiscard]] virtual Result<ReceiverHealth> receiver_health(std::string_view name) = 0;
  [[nodiscard]] virtual Result<std::vector<ReceiverHealth>> receivers_health() = 0;
  [[nodiscard]] virtual Result<void> enable_receiver(std::string_view name) = 0;

  // The oldest pending delivery of the receiver, due or not: for receivers that keep the order.
  [[nodiscard]] virtual Result<std::optional<Delivery>> next_in_order(std::string_view receiver) = 0;
  // Gives up on the receiver's pending deliveries that were made (or taken up again) before `before`; how many.
  [[nodiscard]] virtual Result<std::int64_t> bury(std::string_view receiver, Time before, std::string_view reason) = 0;
  // Takes up a dead letter, or hastens a pending one: attempts begin anew at `at`. False when there is none of that id,
  // or it was delivered. An id of 0 takes up every dead letter; how many is in `count`.
  [[nodiscard]] virtual Result<std::int64_t> retry(DeliveryId id, Time at) = 0;
  // What the receiver answered when it took the group's last first message; empty when it did not yet.
  [[nodiscard]] virtual Result<std::string> first_answer(std::string_view receiver, std::string_view group) = 0;
  [[nodiscard]] virtual Result<std::optional<DeliveryHistory>> delivery(DeliveryId id) = 0;

  // Alerts. `firing_alerts`: without their data, the oldest first. `save_alert`: all but id, rule, story and article.
  [[nodiscard]] virtual Result<std::optional<AlertRecord>> alert(std::string_view id) = 0;
  [[nodiscard]] virtual Result<std::optional<AlertRecord>> alert_of(std::string_view rule, std::string_view story) = 0;
  [[nodiscard]] virtual Result<std::vector<AlertRecord>> firing_alerts() = 0;
  [[nodiscard]] virtual Result<std::vector<AlertRecord>> alerts_to_resolve(Time now, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<Time>> next_resolve() = 0;
  [[nodiscard]] virtual Result<void> save_alert(const AlertRecord& record) = 0;

  // Groups. A group's members come the oldest first; `join_group` takes a member that is in already.
  [[nodiscard]] virtual Result<std::optional<Group>> group(std::string_view key) = 0;
  [[nodiscard]] virtual Result<std::vector<Group>> groups_due(Time now, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::vector<Group>> groups_of(std::string_view alert) = 0;
  [[nodiscard]] virtual Result<std::optional<Time>> next_flush() = 0;
  [[nodiscard]] virtual Result<void> save_group(const Group& group) = 0;
  [[nodiscard]] virtual Result<void> drop_group(std::string_view key) = 0;
  [[nodiscard]] virtual Result<void> join_group(std::string_view key, std::string_view alert) = 0;
  // Those members that are resolved leave.
  [[nodiscard]] virtual Result<void> prune_group(std::string_view key) = 0;
  [[nodiscard]] virtual Result<std::vector<AlertRecord>> group_members(std::string_view key) = 0;

  // Silences that end after `after`, by their end.
  [[nodiscard]] virtual Result<std::vector<Silence>> silences(Time after) = 0;
  [[nodiscard]] virtual Result<void> add_silence(const Silence& silence) = 0;
  // False when there is none of that id that ends later.
  [[nodiscard]] virtual Result<bool> expire_silence(std::string_view id, Time at) = 0;

  // Notes that a story met the rule; how many stories did so from `since` on.
  [[nodiscard]] virtual Result<std::int64_t> note_match(std::string_view rule, std::string_view story, Time at,
                                                        Time since) = 0;
  [[nodiscard]] virtual Result<std::int64_t> count_matches(std::string_view rule) = 0;

  // A number that changes when another process has written to the store.
  [[nodiscard]] virtual Result<std::int64_t> outside_version() = 0;
};

}  // namespace dprkwatch::store
