#include "service/poller.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <functional>
#include <utility>

#include "store/async.hpp"

namespace dprkwatch::service {
namespace {

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

}  // namespace

Poller::Poller(Services services, const config::Fetch& limits, std::uint64_t seed)
    : services_(std::move(services)),
      limits_(limits),
      intake_(services_.store, services_.workers),
      schedule_(limits.jitter, seed),
      queue_({limits.max_per_host}),
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
    auto watched = std::make_shared<Watched>(Watched{feeds[i], std::move(states[i]), 0, {}, {}, {}, {}});
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
  for (const auto& [id, watched] : feeds_) ++hosts[services_.hosts.key_of(host_of(url_to_ask(watched->state)))];
  put_back(queue_.reset({limits.max_per_host}, std::move(hosts)));
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

Poller::Refreshed Poller::refresh(const std::optional<std::string>& name) {
  Refreshed refreshed;
  for (const auto& [id, watched] : feeds_) {
    if (name && watched->feed.name != *name) continue;
    if (is_gone(watched->state)) {
      ++refreshed.gone;
      continue;
    }
    ++refreshed.asked;
    schedule_.hasten(id, services_.clock.now());
  }
  signal_.notify();
  return refreshed;
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
  const auto watched = found->second;
  const Time now = services_.clock.now();
  if (const auto plan = held_back(*watched)) {
    if (!once_) schedule_.done(id, *plan, now);
    return;
  }
  // What has no host, such as a command, waits for nobody.
  std::string host = services_.hosts.key_of(host_of(url_to_ask(watched->state)));
  if (!host.empty()) {
    const watch::Permit permit = queue_.ask(host, id, now);
    if (permit.turn == watch::Turn::kLater && !once_) schedule_.retry(id, permit.at);
    if (permit.turn != watch::Turn::kNow) return;
  }
  watched->place.reset();
  ++in_flight_;
  boost::asio::co_spawn(services_.loop, poll(id, watched, std::move(host)), boost::asio::detached);
}

boost::asio::awaitable<void> Poller::poll(store::FeedId id, std::shared_ptr<Watched> watched, std::string host) {
  watched->plan.reset();
  fetch::Outcome outcome = co_await ask(watched);
  Result<Taken> taken = co_await take_in(watched, outcome);
  ++polls_;
  if (taken) {
    report(*watched, *taken);
  } else if (taken.error().code != ErrorCode::kStopped) {
    ++failures_;
    co_await note_failure(watched, std::move(taken.error()), outcome);
  }
  --in_flight_;
  const auto plan = watched->plan;
  const Time now = services_.clock.now();
  if (plan) {
    schedule_.done(id, *plan, now);
  } else {
    schedule_.done(id, now);
  }
  if (!host.empty()) {
    const Time next = plan && plan->why != watch::Why::kGone ? plan->at : now;
    put_back(queue_.done(host, id, host_outcome(outcome, plan), next));
  }
  signal_.notify();
}

boost::asio::awaitable<Result<std::size_t>> Poller::take_push(store::FeedId id, fetch::Document document,
                                                              store::Job also) {
  const auto found = feeds_.find(id);
  if (found == feeds_.end()) co_return fail(ErrorCode::kNotFound, "the feed is not watched");
  if (paused_ || stopping_) co_return fail(ErrorCode::kUnavailable, "intake is paused");
  const auto watched = found->second;
  const Time now = services_.clock.now();
  store::FeedState state = watched->state;  // a push may be a part of the document: it says nothing of the rhythm
  Incoming incoming{std::move(document.body), std::move(document.content_type), url_to_ask(state)};
  Result<Batch> batch = co_await intake_.read(watched->feed, state, std::move(incoming), now);
  if (!batch) co_return tl::unexpected(std::move(batch.error()));
  Result<Taken> taken = co_await intake_.keep_pushed(watched->feed, id, std::move(*batch), std::move(also), now);
  if (!taken) co_return tl::unexpected(std::move(taken.error()));
  report(*watched, *taken);
  co_return taken->articles;
}

void Poller::repace(store::FeedId id) {
  const auto found = feeds_.find(id);
  if (found == feeds_.end() || is_gone(found->second->state)) return;
  Watched& watched = *found->second;
  const watch::Bounds limits = bounds(watched);
  const Time now = services_.clock.now();
  const Duration interval = std::max(limits.interval, limits.pushed);
  const watch::Why why = limits.pushed > limits.interval ? watch::Why::kPushed : watch::Why::kInterval;
  // Back-off and a server's wait go on; what was planned for the feed's rhythm stays while its pushes are relied on.
  const bool counts = watched.state.poll_why == watch::name_of(watch::Why::kPushed) ||
                      (why == watch::Why::kPushed && watched.state.failures == 0);
  if (!counts) return;
  const Time at = watched.state.last_poll.value_or(now) + interval;
  if (why == watch::Why::kPushed && watched.state.next_poll && *watched.state.next_poll >= at) return;
  watched.state.poll_why = watch::name_of(why);
  watched.state.poll_interval = interval;
  watched.state.next_poll = at;
  const bool is_out = !watched.plan;  // then the poll under way saves the state, and its plan counts
  watched.plan = watch::Plan{std::max(at, now), interval, why};
  schedule_.add(id, interval, watched.state.last_poll, now);
  signal_.notify();
  if (is_out) return;
  save_kept();  // an older state of this feed must not come after this one
  services_.store.submit([state = watched.state](store::Transaction& store) { return store.save_feed(state); },
                         [](const Result<void>&) {});
}

watch::Bounds Poller::bounds(const Watched& watched) const {
  watch::Bounds limits = bounds_of(watched.feed, limits_);
  if (services_.pushes != nullptr) limits.pushed = services_.pushes->interval(watched.state.id);
  return limits;
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

// When the feed is to try again: a server that asked to wait is left alone by all feeds of its host; others take turns.
std::optional<watch::Plan> Poller::held_back(Watched& watched) {
  const std::string host = host_of(url_to_ask(watched.state));
  const Time now = services_.clock.now();
  if (const auto until = services_.hosts.held_until(host, now)) {
    return watch::Plan{*until, *until - now, watch::Why::kRetryAfter};
  }
  if (once_) return std::nullopt;
  if (!watched.place) watched.place = services_.hosts.reserve(host, now);
  if (*watched.place > now) return watch::Plan{*watched.place, *watched.place - now, watch::Why::kHost};
  return std::nullopt;
}

boost::asio::awaitable<fetch::Outcome> Poller::ask(std::shared_ptr<Watched> watched) {
  fetch::Validators validators{watched->state.etag, watched->state.last_modified};
  fetch::Source source{url_to_ask(watched->state), watched->feed.details};
  co_return co_await fetch::fetch(services_.client, services_.commands, std::move(source), std::move(validators),
                                  limits_);
}

boost::asio::awaitable<Result<Taken>> Poller::take_in(std::shared_ptr<Watched> watched, fetch::Outcome& outcome) {
  if (!outcome.document) co_return tl::unexpected(outcome.document.error());
  fetch::Document document = std::move(*outcome.document);
  const Time now = services_.clock.now();
  store::FeedState state = watched->state;
  const std::size_t hash = document.not_modified ? watched->body_hash : std::hash<std::string>{}(document.body);
  Batch batch;
  std::optional<websub::Links> links;
  if (!document.not_modified && hash != watched->body_hash) {
    Incoming incoming{std::move(document.body), std::move(document.content_type), document.url};
    Result<Batch> read = co_await intake_.read(watched->feed, state, std::move(incoming), now);
    if (!read) co_return tl::unexpected(std::move(read.error()));
    batch = std::move(*read);
    watched->mended = batch.mended;
    links = websub::discover(outcome.headers, document.url, batch.hub_urls, batch.feed_url);
  }
  warn_once(*watched, "mended a damaged feed", watched->mended);
  state.etag = document.validators.etag;
  state.last_modified = document.validators.last_modified;
  state.last_success = now;
  state.last_error.clear();
  const watch::Plan plan = plan_success(state, bounds(*watched), outcome, batch.change.gap, now);
  const store::FeedId id = state.id;
  if (document.not_modified && is_quiet(watched->state, state)) {
    watched->state = state;
    watched->plan = plan;
    keep_for_later(std::move(state));
    if (services_.pushes != nullptr) services_.pushes->note_poll(id, std::nullopt, 0);
    co_return Taken{};
  }
  save_kept();  // an older state of this feed must not come after this one
  Result<Taken> taken = co_await intake_.keep(watched->feed, state, std::move(batch), now);
  if (!taken) co_return tl::unexpected(std::move(taken.error()));
  watched->state = std::move(state);
  watched->body_hash = hash;
  watched->plan = plan;
  if (services_.pushes != nullptr) services_.pushes->note_poll(id, std::move(links), taken->articles);
  co_return taken;
}

void Poller::report(const Watched& watched, const Taken& taken) {
  if (taken.gap) {
    services_.log.warn("a feed may have had entries unseen", {{"feed", watched.feed.name},
                                                              {"from", to_rfc3339(taken.gap->begin)},
                                                              {"to", to_rfc3339(taken.gap->end)},
                                                              {"entries", taken.gap->entries}});
  }
  if (taken.revisions > 0) {
    services_.log.info("a feed changed what it had published",
                       {{"feed", watched.feed.name}, {"articles", taken.revisions}});
  }
  if (taken.articles > 0) {
    services_.log.debug("stored new articles", {{"feed", watched.feed.name}, {"count", taken.articles}});
  }
  if (taken.articles + taken.revisions + taken.pages > 0) services_.on_stored();
}

boost::asio::awaitable<void> Poller::note_failure(std::shared_ptr<Watched> watched, Error error,
                                                  const fetch::Outcome& outcome) {
  const std::string text = describe(error);
  const std::string host = host_of(url_to_ask(watched->state));
  watched->state.last_error = text;
  const Time now = services_.clock.now();
  const watch::Plan plan = plan_failure(watched->state, bounds(*watched), outcome, now);
  watched->plan = plan;
  if (plan.why == watch::Why::kRetryAfter) services_.hosts.hold(host, plan.at);
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
