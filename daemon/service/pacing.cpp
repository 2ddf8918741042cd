#include "service/pacing.hpp"

#include <algorithm>
#include <sstream>
#include <utility>
#include <vector>

namespace dprkwatch::service {
namespace {

bool is_followed(const store::FeedState& state) {
  return !state.moved_url.empty() && state.moved_times >= watch::kMovesToFollow;
}

void set_move(store::FeedState& state, watch::Move move) {
  state.moved_url = std::move(move.url);
  state.moved_times = move.times;
}

watch::Wishes wishes_of(const store::FeedState& state) {
  watch::Wishes wishes;
  if (state.ttl > Duration::zero()) wishes.ttl = state.ttl;
  std::istringstream words(state.skip);
  for (std::string word; words >> word;) {
    if (word.front() >= '0' && word.front() <= '9') {
      wishes.skip_hours.push_back(std::stoi(word));
    } else {
      wishes.skip_days.push_back(word);
    }
  }
  return wishes;
}

void keep_plan(store::FeedState& state, const watch::Plan& plan, Time now) {
  state.last_poll = now;
  state.poll_why = watch::name_of(plan.why);
  state.poll_interval = plan.interval;
  state.next_poll = plan.why == watch::Why::kGone ? std::nullopt : std::optional(plan.at);
}

}  // namespace

void configure(watch::Hosts& hosts, const config::Fetch& fetch) {
  constexpr int kDefaultPerMinute = 60;
  const auto spacing = [](int per_minute) { return Duration(std::chrono::minutes(1)) / per_minute; };
  const auto& limit = fetch.requests_per_minute;
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (const config::HostGroup& group : fetch.host_groups) groups.emplace_back(group.name, group.hosts);
  hosts.configure(spacing(limit.value_or(kDefaultPerMinute)), limit ? spacing(*limit) : Duration::zero(),
                  std::move(groups));
}

watch::Bounds bounds_of(const config::Feed& feed, const config::Fetch& limits) {
  const Duration interval = feed.interval.value_or(limits.interval);
  return {interval, limits.max_interval.value_or(96 * interval), limits.max_backoff.value_or(24 * interval), Duration{},
          feed.interval.has_value()};
}

Duration interval_to_keep(const store::FeedState& state, const watch::Bounds& bounds) {
  const bool asked = state.poll_why == watch::name_of(watch::Why::kRetryAfter) ||
                     state.poll_why == watch::name_of(watch::Why::kErrors);
  // Pushes may have been missed while the daemon was down: they are not relied on before the next one.
  const bool configured = state.poll_why.empty() || state.poll_why == watch::name_of(watch::Why::kInterval) ||
                          state.poll_why == watch::name_of(watch::Why::kPushed);
  if (configured || (bounds.fixed && !asked)) return bounds.interval;
  // The time planned says more than the interval where hours were left out.
  const Duration planned =
      state.next_poll && state.last_poll ? *state.next_poll - *state.last_poll : state.poll_interval;
  return std::clamp(planned, bounds.interval, std::max(bounds.interval, bounds.max_interval));
}

bool is_gone(const store::FeedState& state) {
  return state.poll_why == watch::name_of(watch::Why::kGone);
}

const std::string& url_to_ask(const store::FeedState& state) {
  return is_followed(state) ? state.moved_url : state.url;
}

std::string host_of(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos) return {};
  std::string host = url.substr(scheme + 3, url.find_first_of("/?#", scheme + 3) - scheme - 3);
  if (const auto user = host.rfind('@'); user != std::string::npos) host.erase(0, user + 1);
  std::ranges::transform(host, host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return host;
}

void keep_wishes(store::FeedState& state, const feed::Feed& feed, Time now) {
  constexpr std::int64_t kTenYears = 10LL * 365 * 24 * 3600;
  std::vector<Time> dates;
  for (const feed::Entry& entry : feed.entries) {
    if (entry.published) dates.push_back(*entry.published);
  }
  const watch::Rhythm rhythm = watch::rhythm_of(dates, now);
  state.entry_gap = rhythm.gap.value_or(Duration::zero());
  state.newest_entry = rhythm.newest;
  state.ttl = std::chrono::seconds(std::clamp<std::int64_t>(feed.ttl_seconds.value_or(0), 0, kTenYears));
  state.skip.clear();
  for (const int hour : feed.skip_hours) state.skip += std::to_string(hour) + ' ';
  for (const std::string& day : feed.skip_days) state.skip += day + ' ';
}

watch::Plan plan_success(store::FeedState& state, const watch::Bounds& bounds, const fetch::Outcome& outcome, bool gap,
                         Time now) {
  if (!is_followed(state)) {
    watch::Move move{state.moved_url, static_cast<int>(state.moved_times)};
    set_move(state, watch::note_move(std::move(move), outcome.moved_to));
  } else if (!outcome.moved_to.empty() && outcome.moved_to != state.moved_url) {
    set_move(state, {});  // it went on: what the feed's own URL says now counts
  }
  state.failures = 0;
  watch::Wishes wishes = wishes_of(state);
  wishes.fresh_for = fetch::fresh_for(outcome.headers, now);
  watch::Rhythm rhythm;
  if (state.entry_gap > Duration::zero()) rhythm = {state.entry_gap, state.newest_entry};
  const watch::Plan plan = gap ? watch::Plan{now + bounds.interval, bounds.interval, watch::Why::kGap}
                               : watch::after_success(bounds, wishes, rhythm, now);
  keep_plan(state, plan, now);
  return plan;
}

watch::Plan plan_failure(store::FeedState& state, const watch::Bounds& bounds, const fetch::Outcome& outcome,
                         Time now) {
  constexpr int kMaxCounted = 1'000'000;
  int status = outcome.status;
  if (is_followed(state) && status >= 400) {
    set_move(state, {});  // the new place is no good: ask the feed's own URL again
    status = 0;
  }
  ++state.failures;
  const auto failures = static_cast<int>(std::min<std::int64_t>(state.failures, kMaxCounted));
  const bool may_ask = outcome.status == 429 || outcome.status == 503;
  const auto asked = may_ask ? fetch::retry_after(outcome.headers, now) : std::nullopt;
  const watch::Plan plan = watch::after_failure(bounds, failures, status, asked, now);
  keep_plan(state, plan, now);
  return plan;
}

}  // namespace dprkwatch::service
