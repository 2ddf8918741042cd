#include "service/feed_health.hpp"

#include <filesystem>
#include <map>
#include <utility>

#include "service/pacing.hpp"
#include "store/reader.hpp"

namespace dprkwatch::service {
namespace {

constexpr std::chrono::days kPast{7};

bool exists(const std::string& url) {
  constexpr std::string_view kScheme = "sqlite:";
  std::error_code ignored;
  return !url.starts_with(kScheme) || std::filesystem::exists(url.substr(kScheme.size()), ignored);
}

std::string state_of(const store::FeedState& state) {
  if (is_gone(state)) return "gone";
  if (state.failures > 0) return "failing";
  if (!state.last_poll) return "new";
  return state.moved_url.empty() ? "good" : "moving";
}

void fill(FeedHealth& health, store::FeedState state, std::int64_t articles) {
  health.state = state_of(state);
  health.moved_url = std::move(state.moved_url);
  health.last_poll = state.last_poll;
  health.last_success = state.last_success;
  health.next_poll = state.next_poll;
  health.why = std::move(state.poll_why);
  health.interval = state.poll_interval;
  health.failures = state.failures;
  health.error = std::move(state.last_error);
  health.entries_a_day = static_cast<double>(articles) / kPast.count();
  health.newest_entry = state.newest_entry;
}

}  // namespace

Result<std::vector<FeedHealth>> feed_health(const config::Config& config, const Clock& clock) {
  std::map<std::string, store::FeedState> states;
  std::map<store::FeedId, std::int64_t> articles;
  if (exists(config.store.url)) {
    auto reader = store::Reader::open(config.store.url);
    if (!reader) return tl::unexpected(std::move(reader.error()));
    auto feeds = (*reader)->feeds();
    if (!feeds) return tl::unexpected(std::move(feeds.error()));
    for (store::FeedState& feed : *feeds) states.emplace(feed.name, std::move(feed));
    const auto counts = (*reader)->feed_counts(clock.now() - kPast);
    if (!counts) return tl::unexpected(counts.error());
    for (const store::FeedCount& count : *counts) articles[count.feed] = count.articles;
  }
  std::vector<FeedHealth> all;
  for (const config::Feed& feed : config.feeds) {
    FeedHealth& health = all.emplace_back();
    health.name = feed.name;
    health.url = feed.url;
    health.state = "new";
    const auto found = states.find(feed.name);
    // A state of another address is not this feed's; the daemon will begin it anew.
    if (found == states.end() || found->second.url != feed.url) continue;
    const store::FeedId id = found->second.id;
    fill(health, std::move(found->second), articles[id]);
  }
  return all;
}

}  // namespace dprkwatch::service
