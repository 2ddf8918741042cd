#pragma once
// Between what watch plans with and what store, config, feed and fetch know: pure functions of plain data. Private to
// service.

#include <string>

#include "config/config.hpp"
#include "feed/feed.hpp"
#include "fetch/fetch.hpp"
#include "store/records.hpp"
#include "watch/hosts.hpp"
#include "watch/pace.hpp"

namespace dprkwatch::service {

// What the configuration says of hosts.
void configure(watch::Hosts& hosts, const config::Fetch& fetch);

[[nodiscard]] watch::Bounds bounds_of(const config::Feed& feed, const config::Fetch& limits);

// The interval to go on with after a start or a reload: the one planned last, unless the configuration's is what
// counts.
[[nodiscard]] Duration interval_to_keep(const store::FeedState& state, const watch::Bounds& bounds);

// Whether a 410 ended it. Another URL in the configuration begins it anew.
[[nodiscard]] bool is_gone(const store::FeedState& state);

// Where the feed is asked for: its URL, or where that has moved to for good.
[[nodiscard]] const std::string& url_to_ask(const store::FeedState& state);

// "host:port" as the URL has it, in lower case: what a server's wish to wait holds for.
[[nodiscard]] std::string host_of(const std::string& url);

// Keeps what the document shows of the feed's rhythm and wishes.
void keep_wishes(store::FeedState& state, const feed::Feed& feed, Time now);

// Plan the next poll after one that went well, or did not, and write it into the state with `last_poll`, `failures`
// (counted here) and the moves. `gap`: entries may have been missed, so the next poll comes as soon as it may.
[[nodiscard]] watch::Plan plan_success(store::FeedState& state, const watch::Bounds& bounds,
                                       const fetch::Outcome& outcome, bool gap, Time now);
[[nodiscard]] watch::Plan plan_failure(store::FeedState& state, const watch::Bounds& bounds,
                                       const fetch::Outcome& outcome, Time now);

}  // namespace dprkwatch::service
