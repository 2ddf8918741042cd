#include "service/websub.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <utility>

#include "store/async.hpp"

namespace dprkwatch::service {
namespace {

using store::SubscriptionState;

constexpr std::size_t kTokenBytes = 16;   // the callback's path
constexpr std::size_t kSecretBytes = 32;  // 64 digits; the Recommendation allows 199 bytes
constexpr int kMaxInFlight = 8;           // requests to hubs at once
constexpr int kMaxInHand = 16;            // pushes at once, each up to 16 MiB
constexpr int kDocumentsWithoutHub = 3;   // in a row, before a subscription is ended
constexpr std::int64_t kFailuresOfAHub = 3;
constexpr std::size_t kMaxOtherBytes = std::size_t{1024} * 1024;

http::ServerResponse answer_of(int status, std::string body = "") {
  http::ServerResponse response;
  response.status = status;
  // §8.2: what a hub wanted echoed is never taken for a page.
  response.headers.emplace_back("Content-Type", "application/octet-stream");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.body = std::move(body);
  return response;
}

}  // namespace

WebSub::WebSub(Services services) : services_(std::move(services)), signal_(services_.loop) {}

Result<void> WebSub::use(const config::Config& config) {
  std::vector<store::FeedState> states;
  std::vector<store::Subscription> stored;
  auto read = services_.store.run([&](store::Transaction& store) -> Result<void> {
    auto feeds = store.feeds();
    if (!feeds) return tl::unexpected(std::move(feeds.error()));
    states = std::move(*feeds);
    auto subscriptions = store.subscriptions();
    if (!subscriptions) return tl::unexpected(std::move(subscriptions.error()));
    stored = std::move(*subscriptions);
    return {};
  });
  if (!read) return read;
  settings_ = config.websub;
  std::unordered_set<std::string> wanted;
  for (const config::Feed& feed : config.feeds) {
    if (feed.websub && !settings_.callback_url.empty()) wanted.insert(feed.name);
  }
  for (store::Subscription& subscription : stored) {
    if (loaded_) break;
    subscription.pushing = false;  // pushes may have been missed while the daemon was down
    add(std::make_shared<store::Subscription>(std::move(subscription)));
  }
  loaded_ = true;
  for (const store::FeedState& state : states) {
    const bool is_wanted = wanted.contains(state.name);
    if (!is_wanted && !feeds_.contains(state.id)) continue;
    Feed& feed = feeds_[state.id];
    feed.name = state.name;
    feed.wanted = is_wanted;
    hold_to_settings(state.id);
  }
  signal_.notify();
  return {};
}

void WebSub::hold_to_settings(store::FeedId id) {
  const Feed& feed = feeds_[id];
  const std::vector<Shared> all = feed.all;  // a copy, since the list changes on the way
  for (const Shared& subscription : all) {
    if (subscription->state == SubscriptionState::kLeaving) continue;
    if (!feed.wanted) {
      leave(subscription);
      continue;
    }
    // Where the callback's URL is another now, the old subscription is left when the new one is verified.
    const websub::Links same{{subscription->hub}, subscription->topic};
    const auto fits_now = [&](const Shared& one) { return fits(*one, same); };
    if (std::ranges::none_of(feed.all, fits_now)) subscribe(id, subscription->hub, subscription->topic);
  }
}

boost::asio::awaitable<void> WebSub::run() {
  while (!stopping_ || in_flight_ > 0) {
    std::optional<Duration> wait;
    if (!stopping_) wait = start_due();
    co_await signal_.wait(wait);
  }
}

void WebSub::stop() {
  stopping_ = true;
  signal_.notify();
}

// Gives how long until the next request is due.
std::optional<Duration> WebSub::start_due() {
  const Time now = services_.clock.now();
  std::optional<Time> next;
  std::vector<Shared> due;
  std::vector<Shared> over;
  for (const auto& [token, subscription] : by_token_) {
    if (asking_.contains(token)) continue;
    if (subscription->next_request > now) {
      next = std::min(next.value_or(subscription->next_request), subscription->next_request);
    } else if (websub::may_forget(*subscription, now)) {
      over.push_back(subscription);
    } else if (in_flight_ < kMaxInFlight) {
      ++in_flight_;
      asking_.insert(token);
      due.push_back(subscription);
    }
  }
  for (const Shared& subscription : over) forget(subscription);
  for (const Shared& subscription : due) {
    boost::asio::co_spawn(services_.loop, request(subscription), boost::asio::detached);
  }
  if (!next) return std::nullopt;
  return std::max(*next - now, Duration(1));
}

boost::asio::awaitable<void> WebSub::request(Shared subscription) {
  if (is_known(subscription)) co_await ask(subscription);
  asking_.erase(subscription->token);
  --in_flight_;
  signal_.notify();
}

boost::asio::awaitable<void> WebSub::ask(Shared subscription) {
  const websub::Timing timing{settings_.lease, settings_.retry};
  websub::note_request(*subscription, timing, services_.clock.now());
  const std::int64_t number = subscription->failures;
  // On disk before the hub can call back.
  store::Job keep = [copy = *subscription](store::Transaction& store) { return store.save_subscription(copy); };
  Result<void> kept = co_await store::run_async(services_.store, std::move(keep));
  if (!kept) {
    services_.log.error("cannot store a subscription", {{"error", describe(kept.error())}});
    co_return;
  }
  http::Request asked = websub::make_request(*subscription, timing);
  Result<http::Response> answered = co_await services_.client.send(std::move(asked));
  if (answered && answered->status >= 200 && answered->status < 300) co_return;
  // One that was verified meanwhile, or ended, is past this; so is a daemon that stops.
  const bool stopped = !answered && answered.error().code == ErrorCode::kStopped;
  if (stopped || !is_known(subscription) || subscription->failures != number) co_return;
  const Time now = services_.clock.now();
  const std::string before = std::exchange(subscription->last_error, {});
  if (answered) {
    const std::string status = "the hub answered HTTP " + std::to_string(answered->status);
    const std::string said = answered->body.substr(0, answered->body.find('\n'));
    const auto wait = fetch::retry_after(answered->headers, now);
    websub::note_refusal(*subscription, said.empty() ? status : status + ": " + said, wait, now);
  } else {
    websub::note_refusal(*subscription, describe(answered.error()), std::nullopt, now);
  }
  if (subscription->last_error != before) {
    services_.log.warn(
        "a hub took no request",
        {{"feed", name_of(subscription->feed)}, {"hub", subscription->hub}, {"reason", subscription->last_error}});
  }
  save(subscription);
}

http::Handler WebSub::serve(http::Handler next) {
  return [this, next = std::move(next)](http::ServerRequest request) {
    const std::string token = websub::token_of(request.target);
    if (token.empty()) return next(std::move(request));
    const auto found = by_token_.find(token);
    return answer(found == by_token_.end() ? nullptr : found->second, std::move(request));
  };
}

std::size_t WebSub::body_limit(std::string_view target) const {
  const std::string token = websub::token_of(target);
  return !token.empty() && by_token_.contains(token) ? websub::kMaxPushBytes : kMaxOtherBytes;
}

boost::asio::awaitable<http::ServerResponse> WebSub::answer(Shared subscription, http::ServerRequest request) {
  if (request.method == "POST") {
    // §7: 410 tells the hub that the subscription has been deleted.
    if (!subscription || subscription->state == SubscriptionState::kLeaving) co_return answer_of(410);
    if (subscription->state != SubscriptionState::kActive) co_return answer_of(404);
    co_return co_await take_push(std::move(subscription), request);
  }
  if (request.method != "GET") co_return answer_of(405);
  if (!subscription) co_return answer_of(404);
  co_return co_await verify(std::move(subscription), request.target);
}

boost::asio::awaitable<http::ServerResponse> WebSub::verify(Shared subscription, const std::string& target) {
  const auto call = websub::parse_call(target);
  if (!call) co_return answer_of(404);
  const websub::Timing timing{settings_.lease, settings_.retry};
  const bool was_live = websub::is_live(*subscription, services_.clock.now());
  const websub::Verdict verdict = websub::take_call(*subscription, *call, timing, services_.clock.now());
  const std::string feed = name_of(subscription->feed);
  if (verdict == websub::Verdict::kNotFound) {
    services_.log.warn("refused a hub's call that nobody asked for", {{"feed", feed}, {"mode", call->mode}});
    co_return answer_of(404);
  }
  if (verdict == websub::Verdict::kGone) {
    services_.log.info("unsubscribed from a hub", {{"feed", feed}, {"hub", subscription->hub}});
    forget(subscription);
    co_return answer_of(200, call->challenge);
  }
  // What the hub is told is on disk.
  store::Job keep = [copy = *subscription](store::Transaction& store) { return store.save_subscription(copy); };
  Result<void> kept = co_await store::run_async(services_.store, std::move(keep));
  signal_.notify();
  if (!kept) co_return answer_of(503);
  if (verdict == websub::Verdict::kNoted) {
    services_.log.warn("a hub denied a subscription",
                       {{"feed", feed}, {"hub", subscription->hub}, {"reason", subscription->last_error}});
    services_.repace(subscription->feed);
    co_return answer_of(200);
  }
  if (!was_live) services_.log.info("subscribed to a hub", {{"feed", feed}, {"hub", subscription->hub}});
  leave_others(subscription);
  co_return answer_of(200, call->challenge);
}

// The answer comes after the commit: a hub that reads it need not send the push again. It is the same for a push that
// is not authentic (§7.1), so that nobody learns from it.
boost::asio::awaitable<http::ServerResponse> WebSub::take_push(Shared subscription, http::ServerRequest& request) {
  const std::string_view signature = http::header(request.headers, "x-hub-signature");
  if (const auto right = websub::check_signature(subscription->secret, signature, request.body); !right) {
    ++refused_;
    doubt(subscription, "ignored a push that is not authentic", right.error().message);
    co_return answer_of(202);
  }
  if (in_hand_ >= kMaxInHand) co_return answer_of(503);
  fetch::Document document;
  document.content_type = std::string(http::header(request.headers, "content-type"));
  document.body = std::move(request.body);
  const bool first = !subscription->pushing;
  const Time now = services_.clock.now();
  subscription->last_push = now;
  subscription->pushing = true;
  subscription->last_error.clear();
  store::Job note = [token = subscription->token, now](store::Transaction& store) {
    return store.note_push(token, now);
  };
  ++in_hand_;
  Result<std::size_t> stored = co_await services_.take_push(subscription->feed, std::move(document), std::move(note));
  --in_hand_;
  if (!stored) {
    doubt(subscription, "could not take in a push", describe(stored.error()));
    // What is no feed now is none when it is sent again.
    co_return answer_of(stored.error().code == ErrorCode::kInvalidInput ? 202 : 503);
  }
  ++pushes_;
  services_.log.debug("took in a push", {{"feed", name_of(subscription->feed)}, {"new", *stored}});
  if (first) services_.repace(subscription->feed);
  co_return answer_of(202);
}

Duration WebSub::interval(store::FeedId id) const {
  const auto found = feeds_.find(id);
  if (found == feeds_.end()) return Duration::zero();
  const Time now = services_.clock.now();
  for (const Shared& subscription : found->second.all) {
    // No longer than the lease.
    if (websub::is_pushing(*subscription, now)) return std::min(settings_.interval, *subscription->lease_end - now);
  }
  return Duration::zero();
}

void WebSub::note_poll(store::FeedId id, std::optional<websub::Links> links, std::size_t fresh) {
  const auto found = feeds_.find(id);
  if (found == feeds_.end() || !found->second.wanted) return;
  const Feed& feed = found->second;
  if (links) follow(id, *links);
  if (fresh == 0) return;
  for (const Shared& subscription : feed.all) {
    if (subscription->pushing) doubt(subscription, "a hub left something out", "a poll found what no push had brought");
  }
}

std::size_t WebSub::live() const {
  const Time now = services_.clock.now();
  return static_cast<std::size_t>(
      std::ranges::count_if(by_token_, [&](const auto& entry) { return websub::is_live(*entry.second, now); }));
}

// Holds the feed's subscriptions against what it says now.
void WebSub::follow(store::FeedId id, const websub::Links& links) {
  Feed& feed = feeds_[id];
  const std::vector<Shared> all = feed.all;
  if (links.hubs.empty()) {
    if (++feed.without_hub < kDocumentsWithoutHub) return;
    for (const Shared& subscription : all) leave(subscription);
    return;
  }
  feed.without_hub = 0;
  const auto found = std::ranges::find_if(all, [&](const Shared& one) { return fits(*one, links); });
  if (found == all.end()) {
    // One that never came about goes at once; a live one stays until its successor is verified.
    for (const Shared& subscription : all) {
      if (subscription->state != SubscriptionState::kActive) leave(subscription);
    }
    subscribe(id, links.hubs.front(), links.topic);
    return;
  }
  const Shared& kept = *found;
  const Time now = services_.clock.now();
  if (websub::is_live(*kept, now)) {
    leave_others(kept);
    return;
  }
  // A hub that does not do its part makes room for the feed's next one.
  const auto at = std::ranges::find(links.hubs, kept->hub);
  if (links.hubs.size() < 2 || kept->failures < kFailuresOfAHub) return;
  const std::string next = std::next(at) == links.hubs.end() ? links.hubs.front() : *std::next(at);
  leave(kept);
  subscribe(id, next, links.topic);
}

bool WebSub::fits(const store::Subscription& subscription, const websub::Links& links) const {
  return subscription.state != SubscriptionState::kLeaving && subscription.topic == links.topic &&
         subscription.callback == websub::callback_url(settings_.callback_url, subscription.token) &&
         std::ranges::find(links.hubs, subscription.hub) != links.hubs.end();
}

std::string WebSub::name_of(store::FeedId id) const {
  const auto found = feeds_.find(id);
  return found == feeds_.end() ? std::string() : found->second.name;
}

bool WebSub::is_known(const Shared& subscription) const {
  const auto found = by_token_.find(subscription->token);
  return found != by_token_.end() && found->second == subscription;
}

void WebSub::subscribe(store::FeedId id, std::string hub, std::string topic) {
  auto token = websub::random_hex(kTokenBytes);
  auto secret = websub::random_hex(kSecretBytes);
  if (!token || !secret) {
    services_.log.error("cannot subscribe to a hub", {{"error", describe(token ? secret.error() : token.error())}});
    return;
  }
  auto made = std::make_shared<store::Subscription>();
  made->token = std::move(*token);
  made->callback = websub::callback_url(settings_.callback_url, made->token);
  made->feed = id;
  made->hub = std::move(hub);
  made->topic = std::move(topic);
  made->secret = std::move(*secret);
  made->next_request = services_.clock.now();
  add(std::move(made));
  signal_.notify();
}

void WebSub::leave(Shared subscription) {
  if (subscription->state == SubscriptionState::kLeaving) return;
  const store::FeedId id = subscription->feed;
  if (websub::leave(*subscription, services_.clock.now())) {
    save(subscription);
    signal_.notify();
  } else {
    forget(subscription);
  }
  services_.repace(id);
}

void WebSub::leave_others(const Shared& kept) {
  const std::vector<Shared> all = feeds_[kept->feed].all;
  for (const Shared& subscription : all) {
    if (subscription != kept) leave(subscription);
  }
}

void WebSub::forget(const Shared& subscription) {
  std::erase(feeds_[subscription->feed].all, subscription);
  by_token_.erase(subscription->token);
  services_.store.submit(
      [token = subscription->token](store::Transaction& store) { return store.remove_subscription(token); },
      [](const Result<void>&) {});
}

// Its pushes are not relied on before the next one that is authentic. A lasting trouble is told once.
void WebSub::doubt(const Shared& subscription, std::string_view event, const std::string& reason) {
  if (subscription->last_error != reason) {
    subscription->last_error = reason;
    services_.log.warn(event, {{"feed", name_of(subscription->feed)}, {"hub", subscription->hub}, {"reason", reason}});
    if (!subscription->pushing) save(subscription);
  }
  if (!subscription->pushing) return;
  subscription->pushing = false;
  save(subscription);
  services_.repace(subscription->feed);
}

void WebSub::add(Shared subscription) {
  feeds_[subscription->feed].all.push_back(subscription);
  by_token_.emplace(subscription->token, subscription);
}

void WebSub::save(const Shared& subscription) {
  if (!is_known(subscription)) return;
  services_.store.submit([copy = *subscription](store::Transaction& store) { return store.save_subscription(copy); },
                         [&log = services_.log](const Result<void>& done) {
                           if (!done) log.error("cannot store a subscription", {{"error", describe(done.error())}});
                         });
}

}  // namespace dprkwatch::service
