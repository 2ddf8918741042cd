#include "service/poller.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <functional>
#include <unordered_set>
#include <utility>

#include "store/async.hpp"

namespace dprkwatch::service {
namespace {

// "undeclared-entity (line 12), truncated (line 300)": what was mended, each code once.
std::string describe_warnings(const std::vector<feed::Warning>& warnings) {
  std::string text;
  std::unordered_set<std::string> told;
  for (const feed::Warning& warning : warnings) {
    if (!told.insert(warning.code).second) continue;
    if (!text.empty()) text += ", ";
    text += warning.code;
    if (warning.line != 0) text += " (line " + std::to_string(warning.line) + ")";
  }
  return text;
}

// What a poll says of its host: a bad document or a missing page is the feed's own affair.
watch::HostOutcome host_outcome(const fetch::Outcome& outcome, const std::optional<watch::Plan>& plan) {
  if (plan && plan->why == watch::Why::kRetryAfter) return watch::HostOutcome::kHoldOff;
  if (outcome.status >= 500 || outcome.status == 429) return watch::HostOutcome::kFailed;
  const bool answered = outcome.status != 0 || outcome.document;
  const bool unreachable = !answered && (outcome.document.error().code == ErrorCode::kTimeout ||
                                         outcome.document.error().code == ErrorCode::kUnavailable);
  return unreachable ? watch::HostOutcome::kFailed : watch::HostOutcome::kWell;
}

constexpr Duration kKeepFor = std::chrono::seconds(1);
constexpr std::size_t kMaxKept = 1024;

// Whether a restart that knows the state before the poll alone would do nothing but poll a little early.
bool is_quiet(const store::FeedState& before, const store::FeedState& after) {
  return before.last_success && before.last_error.empty() && before.failures == 0 && before.etag == after.etag &&
         before.last_modified == after.last_modified && before.moved_times == after.moved_times &&
         before.moved_url == after.moved_url;
}

watch::HostLimits host_limits(const config::Fetch& limits) {
  return {limits.max_per_host, limits.max_per_minute};
}

}  // namespace

Poller::Poller(Services services, const config::Fetch& limits, std::uint64_t seed)
    : services_(std::move(services)),
      limits_(limits),
      schedule_(limits.jitter, seed),
      hosts_(host_limits(limits)),
      signal_(services_.loop) {}

Result<void> Poller::set_feeds(const std::vector<config::Feed>& feeds, const config::Fetch& limits) {
  std::vector<store::FeedState> states;
  auto ready = services_.store.run([&](store::Transaction& store) -> Result<void> {
    for (const config::Feed& feed : feeds) {
      auto state = store.ensure_feed(feed.name, feed.url);
      if (!state) return tl::unexpected(std::move(state.error()));
      states.push_back(std::move(*state));
    }
    return {};
  });
  if (!ready) return ready;
  limits_ = limits;
  const Time now = services_.clock.now();
  std::unordered_map<store::FeedId, std::shared_ptr<Watched>> kept;
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    const store::FeedId id = states[i].id;
    auto watched = std::make_shared<Watched>(Watched{feeds[i], std::move(states[i]), 0, {}, {}, std::nullopt});
    if (is_gone(watched->state)) {
      services_.log.warn("a feed is gone and is not polled", {{"feed", feeds[i].name}});
    } else {
      const Duration interval = interval_to_keep(watched->state, bounds_of(feeds[i], limits));
      schedule_.add(id, interval, watched->state.last_poll, now);
    }
    kept.emplace(id, std::move(watched));
  }
  for (const auto& [id, watched] : feeds_) {
    if (!kept.contains(id)) schedule_.remove(id);
  }
  feeds_ = std::move(kept);
  std::unordered_map<std::string, int> hosts;
  for (const auto& [id, watched] : feeds_) ++hosts[host_of(url_to_ask(watched->state))];
  put_back(hosts_.reset(host_limits(limits), std::move(hosts)));
  signal_.notify();
  return {};
}

boost::asio::awaitable<void> Poller::run() {
  while (!stopping_ || in_flight_ > 0) {
    std::optional<Duration> wait;
    if (kept_since_) {
      wait = *kept_since_ + kKeepFor - services_.clock.now();
      if (*wait <= Duration::zero() || stopping_) {
        save_kept();
        wait.reset();
      }
    }
    if (!stopping_ && !paused_) {
      start_due();
      const auto next = schedule_.next_due();
      if (next && in_flight_ < limits_.max_in_flight) {
        const Duration due = std::max(*next - services_.clock.now(), Duration(1));
        wait = wait ? std::min(*wait, due) : due;
      }
    }
    co_await signal_.wait(wait);
  }
  save_kept();
}

boost::asio::awaitable<void> Poller::run_once() {
  once_.emplace();
  for (const auto& [id, watched] : feeds_) {
    if (!is_gone(watched->state)) once_->push_back(id);
  }
  const std::size_t asked = once_->size();
  while (in_flight_ > 0 || (!once_->empty() && !stopping_)) {
    while (!once_->empty() && !stopping_ && in_flight_ < limits_.max_in_flight) {
      const store::FeedId next = once_->back();
      once_->pop_back();
      start_if_host_permits(next);
    }
    if (in_flight_ > 0) co_await signal_.wait();
  }
  save_kept();
  if (polls_ < asked && !stopping_) {
    services_.log.warn("left out feeds of hosts that fail or ask to wait", {{"count", asked - polls_}});
  }
}

void Poller::stop() {
  stopping_ = true;
  signal_.notify();
}

void Poller::pause(bool paused) {
  if (paused_ == paused) return;
  paused_ = paused;
  signal_.notify();
}

void Poller::start_due() {
  const Time now = services_.clock.now();
  while (in_flight_ < limits_.max_in_flight) {
    const auto due = schedule_.take_due(now);
    if (!due) return;
    start_if_host_permits(*due);
  }
}

void Poller::start_if_host_permits(store::FeedId id) {
  const auto found = feeds_.find(id);
  if (found == feeds_.end()) return;
  std::string host = host_of(url_to_ask(found->second->state));
  const watch::Permit permit = hosts_.ask(host, id, services_.clock.now());
  if (permit.turn == watch::Turn::kLater && !once_) schedule_.retry(id, permit.at);
  if (permit.turn != watch::Turn::kNow) return;
  ++in_flight_;
  boost::asio::co_spawn(services_.loop, poll(id, std::move(host)), boost::asio::detached);
}

boost::asio::awaitable<void> Poller::poll(store::FeedId id, std::string host) {
  std::optional<watch::Plan> plan;
  watch::HostOutcome left = watch::HostOutcome::kWell;
  const auto found = feeds_.find(id);
  if (found != feeds_.end()) {
    const auto watched = found->second;
    watched->plan.reset();
    fetch::Outcome outcome = co_await ask(watched);
    Result<std::size_t> stored = co_await take_in(watched, outcome);
    ++polls_;
    if (stored) {
      if (*stored > 0) {
        services_.log.debug("stored new articles", {{"feed", watched->feed.name}, {"count", *stored}});
        services_.on_stored();
      }
    } else if (stored.error().code != ErrorCode::kStopped) {
      ++failures_;
      co_await note_failure(watched, std::move(stored.error()), outcome);
    }
    plan = watched->plan;
    left = host_outcome(outcome, plan);
  }
  --in_flight_;
  const Time now = services_.clock.now();
  if (plan) {
    schedule_.done(id, *plan, now);
  } else {
    schedule_.done(id, now);
  }
  put_back(hosts_.done(host, id, left, plan && plan->why != watch::Why::kGone ? plan->at : now));
  signal_.notify();
}

void Poller::put_back(const std::vector<store::FeedId>& released) {
  const Time now = services_.clock.now();
  for (const store::FeedId id : released) {
    if (once_) {
      once_->push_back(id);
    } else {
      schedule_.retry(id, now);
    }
  }
}

boost::asio::awaitable<fetch::Outcome> Poller::ask(std::shared_ptr<Watched> watched) {
  fetch::Validators validators{watched->state.etag, watched->state.last_modified};
  std::string url = url_to_ask(watched->state);
  co_return co_await fetch::fetch(services_.client, std::move(url), std::move(validators), limits_);
}

// Gives how many articles were new.
boost::asio::awaitable<Result<std::size_t>> Poller::take_in(std::shared_ptr<Watched> watched, fetch::Outcome& outcome) {
  if (!outcome.document) co_return tl::unexpected(outcome.document.error());
  fetch::Document document = std::move(*outcome.document);
  const Time now = services_.clock.now();
  store::FeedState state = watched->state;
  const std::size_t hash = document.not_modified ? watched->body_hash : std::hash<std::string>{}(document.body);
  std::vector<store::NewArticle> articles;
  if (!document.not_modified && hash != watched->body_hash) {
    auto parse = [url = document.url, type = document.content_type,
                  body = std::move(document.body)]() -> Result<Parsed> {
      auto feed = feed::parse(body, {url, type, {}});
      if (!feed) return tl::unexpected(std::move(feed.error()));
      Parsed parsed{std::move(*feed), {}};
      for (const feed::Entry& entry : parsed.feed.entries) parsed.identities.push_back(article::identity_of(entry));
      return parsed;
    };
    Result<Parsed> parsed = co_await services_.workers.run(std::move(parse));
    if (!parsed) co_return tl::unexpected(std::move(parsed.error()));
    watched->mended = describe_warnings(parsed->feed.warnings);
    keep_wishes(state, parsed->feed, now);
    Result<std::vector<store::NewArticle>> fresh = co_await new_articles(watched, std::move(*parsed), now);
    if (!fresh) co_return tl::unexpected(std::move(fresh.error()));
    articles = std::move(*fresh);
  }
  warn_once(*watched, "mended a damaged feed", watched->mended);
  state.etag = document.validators.etag;
  state.last_modified = document.validators.last_modified;
  state.last_success = now;
  state.last_error.clear();
  const watch::Plan plan = plan_success(state, bounds_of(watched->feed, limits_), outcome, now);
  if (document.not_modified && is_quiet(watched->state, state)) {
    watched->state = state;
    watched->plan = plan;
    keep_for_later(std::move(state));
    co_return 0;
  }
  // DESIGN §3 promise 1: validators and entries in one transaction.
  std::size_t stored = 0;
  store::Job intake = [&](store::Transaction& store) -> Result<void> {
    for (const store::NewArticle& article : articles) {
      auto inserted = store.insert_article(article);
      if (!inserted) return tl::unexpected(std::move(inserted.error()));
      if (*inserted) ++stored;
    }
    return store.save_feed(state);
  };
  save_kept();  // an older state of this feed must not come after this one
  Result<void> done = co_await store::run_async(services_.store, std::move(intake));
  if (!done) co_return tl::unexpected(std::move(done.error()));
  watched->state = std::move(state);
  watched->body_hash = hash;
  watched->plan = plan;
  co_return stored;
}

// Only what the feed has not had before is cleaned: that is the dear part.
boost::asio::awaitable<Result<std::vector<store::NewArticle>>> Poller::new_articles(std::shared_ptr<Watched> watched,
                                                                                    Parsed parsed, Time fetched) {
  std::vector<std::string> unknown;
  const store::FeedId id = watched->state.id;
  store::Job look = [&](store::Transaction& store) -> Result<void> {
    auto found = store.unknown(id, parsed.identities);
    if (!found) return tl::unexpected(std::move(found.error()));
    unknown = std::move(*found);
    return {};
  };
  Result<void> looked = co_await store::run_async(services_.store, std::move(look));
  if (!looked) co_return tl::unexpected(std::move(looked.error()));
  auto clean = [&parsed, &unknown, id, fetched, language = watched->feed.language]() {
    std::unordered_set<std::string> wanted(unknown.begin(), unknown.end());
    std::vector<store::NewArticle> articles;
    for (std::size_t i = 0; i < parsed.identities.size(); ++i) {
      if (wanted.erase(parsed.identities[i]) == 0) continue;
      article::Article made = article::make_article(parsed.feed.entries[i], parsed.feed, fetched);
      if (made.language.empty()) made.language = language;
      articles.push_back({id, std::move(made.identity), std::move(made.url), std::move(made.title),
                          std::move(made.text), std::move(made.language), made.published, fetched});
    }
    return articles;
  };
  // `parsed` and `unknown` live in this frame, which waits for the worker.
  co_return co_await services_.workers.run(std::move(clean));
}

boost::asio::awaitable<void> Poller::note_failure(std::shared_ptr<Watched> watched, Error error,
                                                  const fetch::Outcome& outcome) {
  const std::string text = describe(error);
  watched->state.last_error = text;
  const Time now = services_.clock.now();
  const watch::Plan plan = plan_failure(watched->state, bounds_of(watched->feed, limits_), outcome, now);
  watched->plan = plan;
  warn_once(*watched, is_gone(watched->state) ? "a feed is gone and is polled no more" : "could not read a feed", text);
  store::Job save = [state = watched->state](store::Transaction& store) { return store.save_feed(state); };
  save_kept();
  Result<void> saved = co_await store::run_async(services_.store, std::move(save));
  if (!saved) services_.log.error("cannot store a feed's state", {{"error", describe(saved.error())}});
}

void Poller::keep_for_later(store::FeedState state) {
  if (!kept_since_) kept_since_ = services_.clock.now();
  kept_.push_back(std::move(state));
  if (kept_.size() >= kMaxKept) save_kept();
}

void Poller::save_kept() {
  if (kept_.empty()) return;
  // The store outlives this and runs all that it was given before it closes.
  services_.store.submit(
      [states = std::exchange(kept_, {})](store::Transaction& store) -> Result<void> {
        for (const store::FeedState& state : states) {
          if (auto saved = store.save_feed(state); !saved) return saved;
        }
        return {};
      },
      [&log = services_.log](const Result<void>& saved) {
        if (!saved) log.error("cannot store the times of polls", {{"error", describe(saved.error())}});
      });
  kept_since_.reset();
}

void Poller::warn_once(Watched& watched, std::string_view event, const std::string& text) {
  if (text == watched.last_warning) return;
  if (text.empty()) {
    services_.log.info("a feed is well again", {{"feed", watched.feed.name}});
  } else {
    services_.log.warn(event, {{"feed", watched.feed.name}, {"reason", text}});
  }
  watched.last_warning = text;
}

}  // namespace dprkwatch::service
