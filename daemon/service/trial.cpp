#include "service/trial.hpp"

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <utility>

#include "article/article.hpp"
#include "article/url.hpp"
#include "fetch/fetch.hpp"
#include "http/client.hpp"
#include "service/client_options.hpp"
#include "service/intake.hpp"
#include "service/pacing.hpp"

namespace dprkwatch::service {
namespace {

using boost::asio::awaitable;

constexpr std::array kShownHeaders = std::to_array<const char*>(
    {"Content-Type", "ETag", "Last-Modified", "Cache-Control", "Expires", "Age", "Retry-After", "Link", "Server"});

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

http::Headers shown(const http::Headers& headers) {
  http::Headers kept;
  for (const char* name : kShownHeaders) {
    if (const auto value = http::header(headers, name); !value.empty()) kept.emplace_back(name, value);
  }
  return kept;
}

class Poll {
 public:
  Poll(const config::Feed& feed, const config::Config& config, const Clock& clock, const std::string& version,
       http::AddressGuard guard)
      : feed_(feed),
        limits_(config.fetch),
        clock_(clock),
        client_(loop_, client_options(config, version, std::move(guard))) {}

  Trial run() {
    boost::asio::co_spawn(loop_, poll(), boost::asio::detached);
    loop_.run();
    return std::move(trial_);
  }

 private:
  awaitable<void> poll() {
    fetch::Outcome outcome = co_await follow(feed_.url);
    trial_.headers = shown(outcome.headers);
    const Time now = clock_.now();
    store::FeedState state;
    state.url = feed_.url;
    const fetch::Validators validators = outcome.document ? outcome.document->validators : fetch::Validators();
    if (outcome.document) read(*outcome.document, now);
    if (!outcome.document) trial_.error = outcome.document.error();
    if (trial_.feed) keep_wishes(state, *trial_.feed, now);
    const watch::Bounds bounds = bounds_of(feed_, limits_);
    const watch::Plan plan = trial_.feed ? plan_success(state, bounds, outcome, /*gap=*/false, now)
                                         : plan_failure(state, bounds, outcome, now);
    trial_.gone = plan.why == watch::Why::kGone;
    trial_.next_poll = plan.at;
    trial_.interval = plan.interval;
    trial_.why = watch::name_of(plan.why);
    if (trial_.feed) co_await ask_again(validators);
  }

  // As the daemon's client follows redirects, but one by one, so that each can be shown.
  awaitable<fetch::Outcome> follow(std::string url) {
    bool for_good = true;
    for (;;) {
      fetch::Validators none;
      fetch::Outcome outcome = co_await ask(url, std::move(none));
      Hop& hop = trial_.hops.back();
      if (!is_redirect(outcome.status)) {
        trial_.moved_for_good = trial_.hops.size() > 1 && for_good;
        if (trial_.moved_for_good) outcome.moved_to = url;
        co_return outcome;
      }
      for_good = for_good && (outcome.status == 301 || outcome.status == 308);
      const std::string location(http::header(outcome.headers, "location"));
      hop.to = article::resolve_link(location, url, article::LinkUse::kImage);
      if (hop.to.empty() || trial_.hops.size() > static_cast<std::size_t>(limits_.max_redirects)) {
        const std::string message = hop.to.empty()
                                        ? "a redirect leads nowhere that a feed may be fetched from: '" + location + "'"
                                        : "more than " + std::to_string(limits_.max_redirects) + " redirects";
        outcome.document = fail(ErrorCode::kRefused, message, url);
        co_return outcome;
      }
      url = hop.to;
    }
  }

  awaitable<fetch::Outcome> ask(std::string url, fetch::Validators validators) {
    config::Fetch one_step = limits_;
    one_step.max_redirects = 0;
    const auto start = std::chrono::steady_clock::now();
    std::string asked = url;
    // Credentials are for the feed's own host, not for where it redirects.
    const bool own_host = host_of(asked) == host_of(feed_.url);
    fetch::Source source{std::move(asked), feed_.details};
    if (!own_host && source.details) {
      config::FeedDetails open = *source.details;
      open.user.clear();
      open.password.clear();
      open.token.clear();
      source.details = std::make_shared<const config::FeedDetails>(std::move(open));
    }
    fetch::Outcome outcome =
        co_await fetch::fetch(client_, commands_, std::move(source), std::move(validators), std::move(one_step));
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    trial_.hops.push_back({std::move(url), outcome.address, outcome.status, {}, took});
    co_return outcome;
  }

  void read(const fetch::Document& document, Time now) {
    trial_.bytes = document.body.size();
    trial_.encoding = feed::describe_encoding(document.body, document.content_type);
    auto parsed = parse_document({document.body, document.content_type, document.url}, feed_);
    if (!parsed) {
      trial_.error = std::move(parsed.error());
      return;
    }
    trial_.feed = std::move(*parsed);
    const feed::Text& title = trial_.feed->title;
    trial_.title = title.is_html ? article::html_to_text(title.value) : article::clean_text(title.value);
    for (const feed::Entry& entry : trial_.feed->entries) {
      article::Article made = article::make_article(entry, *trial_.feed, now);
      trial_.entries.push_back({std::move(made.title), std::move(made.url), made.published});
    }
  }

  awaitable<void> ask_again(fetch::Validators validators) {
    trial_.has_validators = !validators.etag.empty() || !validators.last_modified.empty();
    if (!trial_.has_validators) co_return;
    std::string url = trial_.hops.back().url;
    const fetch::Outcome again = co_await ask(std::move(url), std::move(validators));
    trial_.hops.pop_back();
    trial_.again_status = again.status;
  }

  config::Feed feed_;
  config::Fetch limits_;
  const Clock& clock_;
  boost::asio::io_context loop_{1};
  http::Client client_;
  process::Commands commands_;
  Trial trial_;
};

}  // namespace

Result<Trial> try_feed(const config::Feed& feed, const config::Config& config, const Clock& clock,
                       const std::string& version) {
  auto guard = http::AddressGuard::from(config.network.allow);
  if (!guard) return tl::unexpected(std::move(guard.error()));
  Poll poll(feed, config, clock, version, std::move(*guard));
  return poll.run();
}

}  // namespace dprkwatch::service
