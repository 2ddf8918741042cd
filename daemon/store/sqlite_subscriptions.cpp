#include <utility>

#include "store/sqlite_transaction.hpp"

namespace dprkwatch::store {

Result<std::vector<Subscription>> SqliteTransaction::subscriptions() {
  std::vector<Subscription> found;
  auto done = each(
      "SELECT token, callback, feed_id, hub, topic, secret, state, asked, next_request, failures, last_error, "
      "lease_end, last_push, pushing FROM websub ORDER BY feed_id, token",
      [&](const Statement& row) {
        found.push_back({row.text(0), row.text(1), FeedId{row.integer(2)}, row.text(3), row.text(4), row.text(5),
                         static_cast<SubscriptionState>(row.integer(6) & 3), row.integer(7) != 0,
                         row.time(8).value_or(Time{}), row.integer(9), row.text(10), row.time(11), row.time(12),
                         row.integer(13) != 0});
      });
  if (!done) return tl::unexpected(std::move(done.error()));
  return found;
}

Result<void> SqliteTransaction::save_subscription(const Subscription& subscription) {
  return run(
      "INSERT OR REPLACE INTO websub (token, callback, feed_id, hub, topic, secret, state, asked, next_request, "
      "failures, last_error, lease_end, last_push, pushing) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
      subscription.token, subscription.callback, static_cast<std::int64_t>(subscription.feed), subscription.hub,
      subscription.topic, subscription.secret, static_cast<int>(subscription.state), subscription.asked ? 1 : 0,
      subscription.next_request, subscription.failures, subscription.last_error, subscription.lease_end,
      subscription.last_push, subscription.pushing ? 1 : 0);
}

Result<void> SqliteTransaction::remove_subscription(std::string_view token) {
  return run("DELETE FROM websub WHERE token = ?1", token);
}

Result<void> SqliteTransaction::note_push(std::string_view token, Time at) {
  return run("UPDATE websub SET last_push = ?2, pushing = 1, last_error = '' WHERE token = ?1", token, at);
}

}  // namespace dprkwatch::store
