#pragma once
// From "due" to "stored": fetches a feed, parses it, and stores its new entries with its validators in one transaction.
// Private to service. [loop thread]

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "article/article.hpp"
#include "clock/clock.hpp"
#include "config/config.hpp"
#include "feed/feed.hpp"
#include "fetch/fetch.hpp"
#include "http/client.hpp"
#include "log/log.hpp"
#include "service/pacing.hpp"
#include "service/signal.hpp"
#include "store/store.hpp"
#include "watch/hosts.hpp"
#include "watch/watch.hpp"
#include "workers/workers.hpp"

namespace dprkwatch::service {

class Poller {
 public:
  // What it works with; all outlive it.
  struct Services {
    boost::asio::io_context& loop;
    store::Store& store;
    http::Client& client;
    Workers& workers;
    const Clock& clock;
    log::Logger& log;
    std::function<void()> on_stored;  // new articles wait for analysis
  };

  Poller(Services services, const config::Fetch& limits, std::uint64_t seed);

  // Watches these feeds and no others; blocks for the store. At start-up and reload.
  [[nodiscard]] Result<void> set_feeds(const std::vector<config::Feed>& feeds, const config::Fetch& limits);

  // Polls until stop; returns when nothing is in flight.
  [[nodiscard]] boost::asio::awaitable<void> run();
  // Polls every feed once, whatever its rhythm.
  [[nodiscard]] boost::asio::awaitable<void> run_once();
  void stop();
  // While paused no poll starts.
  void pause(bool paused);

  [[nodiscard]] bool busy() const noexcept { return in_flight_ > 0; }

  // Polls since the start, and those of them that failed.
  [[nodiscard]] std::uint64_t polls() const noexcept { return polls_; }
  [[nodiscard]] std::uint64_t failures() const noexcept { return failures_; }

 private:
  struct Watched {
    config::Feed feed;
    store::FeedState state;
    std::size_t body_hash = 0;  // of the last document stored: an unchanged one is not parsed again
    std::string mended;         // what that document needed; empty for a sound one
    std::string last_warning;   // logged; a lasting trouble is told once
    std::optional<watch::Plan> plan = std::nullopt;  // made by the last poll; none when it was stopped
  };
  struct Parsed {
    feed::Feed feed;
    std::vector<std::string> identities;  // of its entries
  };

  void start_due();
  void start_if_host_permits(store::FeedId id);
  boost::asio::awaitable<void> poll(store::FeedId id, std::string host);
  void put_back(const std::vector<store::FeedId>& released);
  boost::asio::awaitable<fetch::Outcome> ask(std::shared_ptr<Watched> watched);
  boost::asio::awaitable<Result<std::size_t>> take_in(std::shared_ptr<Watched> watched, fetch::Outcome& outcome);
  boost::asio::awaitable<Result<std::vector<store::NewArticle>>> new_articles(std::shared_ptr<Watched> watched,
                                                                              Parsed parsed, Time fetched);
  boost::asio::awaitable<void> note_failure(std::shared_ptr<Watched> watched, Error error,
                                            const fetch::Outcome& outcome);
  // Polls that changed nothing but times are stored together, a moment later: a commit each would bound the rate of
  // polls.
  void keep_for_later(store::FeedState state);
  void save_kept();
  void warn_once(Watched& watched, std::string_view event, const std::string& text);

  Services services_;
  config::Fetch limits_;
  watch::Schedule schedule_;
  std::unordered_map<store::FeedId, std::shared_ptr<Watched>> feeds_;
  watch::Hosts hosts_;
  std::optional<std::vector<store::FeedId>> once_;  // run_once: those that are still to be polled
  std::vector<store::FeedState> kept_;
  std::optional<Time> kept_since_;
  Signal signal_;
  int in_flight_ = 0;
  bool paused_ = false;
  bool stopping_ = false;
  std::uint64_t polls_ = 0;
  std::uint64_t failures_ = 0;
};

}  // namespace dprkwatch::service
