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

}  // namespace

Poller::Poller(Services services, const config::Fetch& limits, std::uint64_t seed)
    : services_(std::move(services)), limits_(limits), schedule_(limits.jitter, seed), signal_(services_.loop) {}

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
  signal_.notify();
  return {};
}

boost::asio::awaitable<void> Poller::run() {
  while (!stopping_ || in_flight_ > 0) {
    std::optional<Duration> wait;
    if (!stopping_ && !paused_) {
      start_due();
      const auto next = schedule_.next_due();
      if (next && in_flight_ < limits_.max_in_flight) {
        wait = std::max(*next - services_.clock.now(), Duration(1));
      }
    }
    co_await signal_.wait(wait);
  }
}

boost::asio::awaitable<void> Poller::run_once() {
  std::vector<store::FeedId> waiting;
  for (const auto& [id, watched] : feeds_) {
    if (!is_gone(watched->state)) waiting.push_back(id);
  }
  while (in_flight_ > 0 || (!waiting.empty() && !stopping_)) {
    while (!waiting.empty() && !stopping_ && in_flight_ < limits_.max_in_flight) {
      start(waiting.back());
      waiting.pop_back();
    }
    co_await signal_.wait();
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
    start(*due);
  }
}

void Poller::start(store::FeedId id) {
  ++in_flight_;
  boost::asio::co_spawn(services_.loop, poll(id), boost::asio::detached);
}

boost::asio::awaitable<void> Poller::poll(store::FeedId id) {
  std::optional<watch::Plan> plan;
  const auto found = feeds_.find(id);
  if (found != feeds_.end()) plan = held_back(found->second->state);
  if (found != feeds_.end() && !plan) {
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
  }
  --in_flight_;
  if (plan) {
    schedule_.done(id, *plan, services_.clock.now());
  } else {
    schedule_.done(id, services_.clock.now());
  }
  signal_.notify();
}

boost::asio::awaitable<Result<std::size_t>> Poller::take_push(store::FeedId id, fetch::Document document,
                                                              store::Job also) {
  const auto found = feeds_.find(id);
  if (found == feeds_.end()) co_return fail(ErrorCode::kNotFound, "the feed is not watched");
  if (paused_ || stopping_) co_return fail(ErrorCode::kUnavailable, "intake is paused");
  const auto watched = found->second;
  document.url = url_to_ask(watched->state);
  fetch::Outcome outcome{std::move(document), 0, {}, {}};
  Result<std::size_t> stored = co_await take_in(watched, outcome, std::move(also));
  if (stored && *stored > 0) services_.on_stored();
  co_return stored;
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
  services_.store.submit([state = watched.state](store::Transaction& store) { return store.save_feed(state); },
                         [](const Result<void>&) {});
}

watch::Bounds Poller::bounds(const Watched& watched) const {
  watch::Bounds limits = bounds_of(watched.feed, limits_);
  if (services_.pushes != nullptr) limits.pushed = services_.pushes->interval(watched.state.id);
  return limits;
}

// A server that asked to wait is left alone by all feeds of its host.
std::optional<watch::Plan> Poller::held_back(const store::FeedState& state) {
  const auto held = held_hosts_.find(host_of(url_to_ask(state)));
  if (held == held_hosts_.end()) return std::nullopt;
  const Time now = services_.clock.now();
  if (held->second <= now) {
    held_hosts_.erase(held);
    return std::nullopt;
  }
  return watch::Plan{held->second, held->second - now, watch::Why::kRetryAfter};
}

boost::asio::awaitable<fetch::Outcome> Poller::ask(std::shared_ptr<Watched> watched) {
  fetch::Validators validators{watched->state.etag, watched->state.last_modified};
  std::string url = url_to_ask(watched->state);
  co_return co_await fetch::fetch(services_.client, std::move(url), std::move(validators), limits_);
}

// Gives how many articles were new.
boost::asio::awaitable<Result<std::size_t>> Poller::take_in(std::shared_ptr<Watched> watched, fetch::Outcome& outcome,
                                                            store::Job also) {
  if (!outcome.document) co_return tl::unexpected(outcome.document.error());
  fetch::Document document = std::move(*outcome.document);
  const Time now = services_.clock.now();
  store::FeedState state = watched->state;
  const std::size_t hash = document.not_modified ? watched->body_hash : std::hash<std::string>{}(document.body);
  std::vector<store::NewArticle> articles;
  std::optional<websub::Links> links;
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
    links = websub::discover(outcome.headers, document.url, parsed->feed.hub_urls, parsed->feed.feed_url);
    Result<std::vector<store::NewArticle>> fresh = co_await new_articles(watched, std::move(*parsed), now);
    if (!fresh) co_return tl::unexpected(std::move(fresh.error()));
    articles = std::move(*fresh);
  }
  warn_once(*watched, "mended a damaged feed", watched->mended);
  state.etag = document.validators.etag;
  state.last_modified = document.validators.last_modified;
  state.last_success = now;
  state.last_error.clear();
  const watch::Plan plan = plan_success(state, bounds(*watched), outcome, now);
  // DESIGN §3 promise 1: validators and entries in one transaction.
  std::size_t stored = 0;
  store::Job intake = [&](store::Transaction& store) -> Result<void> {
    for (const store::NewArticle& article : articles) {
      auto inserted = store.insert_article(article);
      if (!inserted) return tl::unexpected(std::move(inserted.error()));
      if (*inserted) ++stored;
    }
    return also ? also(store) : store.save_feed(state);
  };
  Result<void> done = co_await store::run_async(services_.store, std::move(intake));
  if (!done) co_return tl::unexpected(std::move(done.error()));
  if (also) co_return stored;
  watched->state = std::move(state);
  watched->body_hash = hash;
  watched->plan = plan;
  if (services_.pushes != nullptr) services_.pushes->note_poll(watched->state.id, std::move(links), stored);
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
  const std::string host = host_of(url_to_ask(watched->state));
  watched->state.last_error = text;
  const Time now = services_.clock.now();
  const watch::Plan plan = plan_failure(watched->state, bounds(*watched), outcome, now);
  watched->plan = plan;
  if (plan.why == watch::Why::kRetryAfter) held_hosts_[host] = plan.at;
  warn_once(*watched, is_gone(watched->state) ? "a feed is gone and is polled no more" : "could not read a feed", text);
  store::Job save = [state = watched->state](store::Transaction& store) { return store.save_feed(state); };
  Result<void> saved = co_await store::run_async(services_.store, std::move(save));
  if (!saved) services_.log.error("cannot store a feed's state", {{"error", describe(saved.error())}});
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
