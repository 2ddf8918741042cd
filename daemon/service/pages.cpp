#include "service/pages.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <vector>

#include "fetch/fetch.hpp"
#include "service/pacing.hpp"
#include "service/page_plan.hpp"
#include "store/async.hpp"

namespace dprkwatch::service {
namespace {

constexpr std::size_t kMaxInFlight = 16;
constexpr std::size_t kMaxPageBytes = 5 * 1024 * 1024;  // article::read_page reads no more
constexpr std::size_t kMaxHosts = 4096;                 // of which robots.txt is kept
constexpr auto kRobotsHold = std::chrono::hours(24);    // RFC 9309 §2.4: not longer than that
constexpr auto kRobotsRetry = std::chrono::minutes(10);
constexpr auto kStoreTrouble = std::chrono::seconds(1);

bool is_gone(int status) {
  return status == 404 || status == 410;
}

// "/path?query" of an absolute URL.
std::string path_of(const std::string& url) {
  const auto host = url.find("://");
  const auto begin = host == std::string::npos ? std::string::npos : url.find_first_of("/?#", host + 3);
  if (begin == std::string::npos) return "/";
  std::string path = url.substr(begin, url.find('#', begin) - begin);
  return path.starts_with('/') ? path : "/" + path;
}

std::string origin_of(const std::string& url) {
  return url.substr(0, url.find_first_of("/?#", url.find("://") + 3));
}

}  // namespace

Pages::Pages(Services services, std::string user_agent)
    : services_(std::move(services)), user_agent_(std::move(user_agent)), signal_(services_.loop) {}

void Pages::use(std::shared_ptr<const config::Config> config) {
  config_ = std::move(config);
  feeds_.clear();
  for (const config::Feed& feed : config_->feeds) feeds_.emplace(feed.name, &feed);
  wake();
}

const config::Feed* Pages::feed_of(const std::string& name) const {
  const auto found = feeds_.find(name);
  return found == feeds_.end() ? nullptr : found->second;
}

boost::asio::awaitable<void> Pages::run() {
  while (!stopping_ || !under_way_.empty()) {
    if (stopping_) {
      co_await signal_.wait();
    } else {
      co_await start_due();
    }
  }
}

void Pages::stop() {
  stopping_ = true;
  signal_.notify();
}

void Pages::wake() {
  idle_ = false;
  signal_.notify();
}

// Starts what is due, then waits for what changes.
boost::asio::awaitable<void> Pages::start_due() {
  const Time now = services_.clock.now();
  std::vector<store::ArticlePage> due;
  std::optional<Time> next;
  store::Job read = [&](store::Transaction& store) -> Result<void> {
    // Those under way are due still: enough for them and for as many more as may start.
    auto pages = store.due_pages(now, 2 * kMaxInFlight);
    if (!pages) return tl::unexpected(std::move(pages.error()));
    due = std::move(*pages);
    auto soonest = store.next_page_due();
    if (!soonest) return tl::unexpected(std::move(soonest.error()));
    next = *soonest;
    return {};
  };
  Result<void> done = co_await store::run_async(services_.store, std::move(read));
  if (!done) {
    services_.log.error("cannot read waiting pages", {{"error", describe(done.error())}});
    co_await signal_.wait(kStoreTrouble);
    co_return;
  }
  const auto is_waiting = [](const store::ArticlePage& page) { return page.is_first; };
  idle_ = std::ranges::none_of(due, is_waiting);
  for (store::ArticlePage& page : due) {
    if (under_way_.size() >= kMaxInFlight) break;
    if (!under_way_.insert(static_cast<std::int64_t>(page.article)).second) continue;
    boost::asio::co_spawn(services_.loop, handle(std::move(page)), boost::asio::detached);
  }
  std::optional<Duration> wait;
  if (next && under_way_.empty()) wait = std::max(*next - services_.clock.now(), Duration(1));
  if (next && *next > now) wait = *next - now;
  co_await signal_.wait(wait);
}

boost::asio::awaitable<void> Pages::handle(store::ArticlePage page) {
  const auto id = static_cast<std::int64_t>(page.article);
  const auto config = config_;  // keeps `feed` alive
  const config::Feed* feed = feed_of(page.feed_name);
  Look look = co_await this->look(page, feed);
  if (!stopping_) co_await settle(std::move(page), std::move(look), feed);
  under_way_.erase(id);
  signal_.notify();
}

boost::asio::awaitable<Pages::Look> Pages::look(const store::ArticlePage& page, const config::Feed* feed) {
  Look failed;
  if (feed == nullptr) {
    failed.kind = Look::Kind::kForbidden;
    failed.why = "its feed is watched no more";
    co_return failed;
  }
  const std::string host = host_of(page.url);
  const Time begin = services_.clock.now();
  if (const auto held = services_.hosts.held_until(host, begin)) {
    failed.kind = Look::Kind::kHeld;
    failed.wait = *held - begin;
    co_return failed;
  }
  const auto rules = co_await robots_of(page.url, host);
  if (!rules->robots.allows(path_of(page.url))) {
    failed.kind = Look::Kind::kForbidden;
    failed.why = "robots.txt forbids its page, or can not be read";
    co_return failed;
  }
  const bool turn = co_await wait_turn(host);
  if (!turn) co_return failed;
  // The feed's credentials are for its own host.
  const bool same_host = host == host_of(feed->url);
  http::Request request = fetch::make_request({page.url, same_host ? feed->details : nullptr}, config_->fetch);
  request.max_bytes = std::min(request.max_bytes, kMaxPageBytes);
  request.headers.emplace_back("Accept", "text/html, application/xhtml+xml;q=0.9, */*;q=0.1");
  Result<http::Response> response = co_await services_.client.send(std::move(request));
  if (!response) {
    failed.why = describe(response.error());
    co_return failed;
  }
  if (response->status == 200) co_return co_await read(std::move(*response));
  failed.why = "HTTP " + std::to_string(response->status);
  if (is_gone(response->status)) failed.kind = Look::Kind::kGone;
  if (response->status == 429 || response->status == 503) {
    const Time now = services_.clock.now();
    failed.wait = fetch::retry_after(response->headers, now).value_or(Duration::zero());
    failed.wait = std::min<Duration>(failed.wait, std::chrono::hours(24));
    if (failed.wait > Duration::zero()) services_.hosts.hold(host, now + failed.wait);
  }
  co_return failed;
}

boost::asio::awaitable<Pages::Look> Pages::read(http::Response response) {
  Look look;
  const std::string type(http::header(response.headers, "content-type"));
  auto work = [&response, &type] {
    return article::read_page(article::page_to_utf8(response.body, type), response.url);
  };
  look.page = co_await services_.workers.run(std::move(work));
  look.kind = Look::Kind::kRead;
  co_return look;
}

// False when stopped meanwhile.
boost::asio::awaitable<bool> Pages::wait_turn(const std::string& host) {
  const Time turn = services_.hosts.reserve(host, services_.clock.now());
  Signal ours(services_.loop);
  for (;;) {
    const Time now = services_.clock.now();
    if (stopping_) co_return false;
    if (turn <= now) co_return true;
    // In steps, to see a stop.
    const Duration step = std::min<Duration>(turn - now, std::chrono::milliseconds(200));
    co_await ours.wait(step);
  }
}

// What robots.txt says of the host; all is forbidden when it could not be read, or when stopped meanwhile.
boost::asio::awaitable<std::shared_ptr<const Pages::Rules>> Pages::robots_of(const std::string& url,
                                                                             const std::string& host) {
  const std::string origin = origin_of(url);
  if (const auto known = robots_.find(origin); known != robots_.end()) {
    const auto rules = known->second;
    while (rules->is_reading) {
      boost::system::error_code cancelled;
      auto wait = boost::asio::redirect_error(boost::asio::use_awaitable, cancelled);
      co_await rules->read.async_wait(wait);
    }
    if (rules->until > services_.clock.now()) co_return rules;
  }
  if (robots_.size() >= kMaxHosts) robots_.clear();
  const auto rules = std::make_shared<Rules>(services_.loop);
  robots_[origin] = rules;
  co_await read_robots(origin, host, rules);
  rules->is_reading = false;
  rules->read.cancel();
  co_return rules;
}

boost::asio::awaitable<void> Pages::read_robots(std::string origin, std::string host, std::shared_ptr<Rules> rules) {
  rules->robots = fetch::Robots::closed();
  const bool turn = co_await wait_turn(host);
  if (!turn) co_return;
  http::Request request = fetch::make_request({origin + "/robots.txt", nullptr}, config_->fetch);
  request.max_bytes = std::size_t{1} << 20;
  Result<http::Response> response = co_await services_.client.send(std::move(request));
  const Time now = services_.clock.now();
  if (!response || response->status >= 500 || response->status == 429) {
    // RFC 9309 §2.3.1.4: what can not be reached forbids everything.
    rules->until = now + kRobotsRetry;
    co_return;
  }
  rules->until = now + kRobotsHold;
  rules->robots = response->status == 200 ? fetch::Robots::parse(response->body, user_agent_) : fetch::Robots();
}

// Writes what the look came to.
boost::asio::awaitable<void> Pages::settle(store::ArticlePage page, Look look, const config::Feed* feed) {
  const Time now = services_.clock.now();
  const bool read = look.kind == Look::Kind::kRead;
  const bool gone = look.kind == Look::Kind::kGone;
  const bool give_up = look.kind == Look::Kind::kForbidden || gone;
  bool is_revised = false;
  store::Job job = [&](store::Transaction& store) -> Result<void> {
    if (look.kind == Look::Kind::kHeld)
      return store.plan_page(page.article, now + look.wait, page.failures, page.looks);
    std::optional<store::NewRevision> revision;
    if (page.is_first && (read || give_up || page.failures + 1 >= kFirstLooks)) {
      if (auto done = store.fill_article(read ? filled(page, look.page, *feed) : page); !done) return done;
    } else if (read) {
      revision = revision_of(page, look.page, *feed, now);
    } else if (gone && !page.is_first && !page.is_removed) {
      revision = store::NewRevision{store::RevisionKind::kRemoved, look.why, page.title, page.text, now};
    }
    if (revision) {
      auto added = store.add_revision(page.article, *revision);
      if (!added) return tl::unexpected(std::move(added.error()));
      is_revised = *added;
    }
    const std::int64_t looks = page.looks + 1;
    if (read || (gone && !page.is_first)) {
      const auto next = next_look(*feed, page.fetched, looks, now);
      return next ? store.plan_page(page.article, *next, 0, looks) : store.drop_page(page.article);
    }
    const std::int64_t failures = page.failures + 1;
    const bool last =
        page.is_first ? failures >= kFirstLooks : !feed || !feed->recheck || now > page.fetched + *feed->recheck;
    if (give_up || last) return store.drop_page(page.article);
    return store.plan_page(page.article, now + std::max(look.wait, wait_after_failure(failures)), failures, page.looks);
  };
  Result<void> done = co_await store::run_async(services_.store, std::move(job));
  if (!done) {
    services_.log.error("cannot store what a page holds", {{"error", describe(done.error())}});
    Signal pause(services_.loop);
    co_await pause.wait(kStoreTrouble);
    co_return;
  }
  if (!read && page.is_first) {
    services_.log.debug("could not read an article's page",
                        {{"feed", page.feed_name}, {"url", page.url}, {"reason", look.why}});
  }
  if (is_revised) services_.log.info("a published text was revised", {{"feed", page.feed_name}, {"title", page.title}});
  services_.on_stored();
}

}  // namespace dprkwatch::service
