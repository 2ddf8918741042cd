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
    auto watched = std::make_shared<Watched>(Watched{feeds[i], std::move(states[i]), 0, {}, {}});
    schedule_.add(id, feeds[i].interval.value_or(limits.interval), watched->state.last_poll, now);
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
  for (const auto& [id, watched] : feeds_) waiting.push_back(id);
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
  const auto found = feeds_.find(id);
  if (found != feeds_.end()) {
    const auto watched = found->second;
    Result<std::size_t> stored = co_await read(watched);
    ++polls_;
    if (stored) {
      if (*stored > 0) {
        services_.log.debug("stored new articles", {{"feed", watched->feed.name}, {"count", *stored}});
        services_.on_stored();
      }
    } else if (stored.error().code != ErrorCode::kStopped) {
      ++failures_;
      co_await note_failure(watched, std::move(stored.error()));
    }
  }
  --in_flight_;
  schedule_.done(id, services_.clock.now());
  signal_.notify();
}

// Gives how many articles were new.
boost::asio::awaitable<Result<std::size_t>> Poller::read(std::shared_ptr<Watched> watched) {
  fetch::Validators validators{watched->state.etag, watched->state.last_modified};
  Result<fetch::Document> document =
      co_await fetch::fetch(services_.client, watched->feed.url, std::move(validators), limits_);
  if (!document) co_return tl::unexpected(std::move(document.error()));
  co_return co_await take_in(watched, std::move(*document));
}

boost::asio::awaitable<Result<std::size_t>> Poller::take_in(std::shared_ptr<Watched> watched,
                                                            fetch::Document document) {
  const Time now = services_.clock.now();
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
    Result<std::vector<store::NewArticle>> fresh = co_await new_articles(watched, std::move(*parsed), now);
    if (!fresh) co_return tl::unexpected(std::move(fresh.error()));
    articles = std::move(*fresh);
  }
  warn_once(*watched, "mended a damaged feed", watched->mended);
  store::FeedState state = watched->state;
  state.etag = document.validators.etag;
  state.last_modified = document.validators.last_modified;
  state.last_poll = now;
  state.last_success = now;
  state.last_error.clear();
  state.failures = 0;
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
  Result<void> done = co_await store::run_async(services_.store, std::move(intake));
  if (!done) co_return tl::unexpected(std::move(done.error()));
  watched->state = std::move(state);
  watched->body_hash = hash;
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

boost::asio::awaitable<void> Poller::note_failure(std::shared_ptr<Watched> watched, Error error) {
  const std::string text = describe(error);
  warn_once(*watched, "could not read a feed", text);
  watched->state.last_poll = services_.clock.now();
  watched->state.last_error = text;
  ++watched->state.failures;
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
