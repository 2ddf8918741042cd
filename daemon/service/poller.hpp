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
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "fetch/fetch.hpp"
#include "http/client.hpp"
#include "log/log.hpp"
#include "process/process.hpp"
#include "service/intake.hpp"
#include "service/pacing.hpp"
#include "service/signal.hpp"
#include "store/store.hpp"
#include "watch/host_queue.hpp"
#include "watch/hosts.hpp"
#include "watch/watch.hpp"
#include "websub/websub.hpp"
#include "workers/workers.hpp"

namespace dprkwatch::service {

// What the poller asks and tells of feeds that hubs push. [loop thread]
class Pushes {
 public:
  virtual ~Pushes() = default;
  // How often a feed is polled while its pushes are relied on; zero when they are not.
  [[nodiscard]] virtual Duration interval(store::FeedId id) const = 0;
  // A poll went well and brought `fresh` new articles. `links`: nothing when the document is an unchanged one.
  virtual void note_poll(store::FeedId id, std::optional<websub::Links> links, std::size_t fresh) = 0;
};

class Poller {
 public:
  // What it works with; all outlive it.
  struct Services {
    boost::asio::io_context& loop;
    store::Store& store;
    http::Client& client;
    process::Commands& commands;
    watch::Hosts& hosts;
    Workers& workers;
    const Clock& clock;
    log::Logger& log;
    std::function<void()> on_stored;  // articles wait for analysis, or for their pages
    Pushes* pushes = nullptr;         // who subscribes to hubs; none without WebSub
  };

  Poller(Services services, const config::Fetch& limits, std::uint64_t seed);

  // Watches these feeds and no others; blocks for the store. At start-up and reload.
  [[nodiscard]] Result<void> set_feeds(const std::vector<config::Feed>& feeds, const config::Fetch& limits);

  // Takes in what a hub pushed, as if it had been polled: the same parsing, identities and store. Of the feed's own
  // state nothing changes: a push may be a part of the document. `also` runs in the transaction that stores the new
  // articles. Gives how many were new. kUnavailable while paused, kNotFound for a feed that is not watched.
  [[nodiscard]] boost::asio::awaitable<Result<std::size_t>> take_push(store::FeedId id, fetch::Document document,
                                                                      store::Job also);
  // The feed's pushes are relied on from now on, or no longer.
  void repace(store::FeedId id);

  // Polls until stop; returns when nothing is in flight.
  [[nodiscard]] boost::asio::awaitable<void> run();
  // Polls every feed once, whatever its rhythm.
  [[nodiscard]] boost::asio::awaitable<void> run_once();
  void stop();
  // Makes one feed due now, or all of them when no name is given; what a host asked for still holds.
  struct Refreshed {
    std::size_t asked = 0;  // feeds that are due now or being polled
    std::size_t gone = 0;   // feeds that were meant, but are polled no more
  };
  Refreshed refresh(const std::optional<std::string>& name);
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
    std::optional<Time> place;                       // the turn at its host that it waits for
  };

  void start_due();
  void start_if_host_permits(store::FeedId id);
  boost::asio::awaitable<void> poll(store::FeedId id, std::shared_ptr<Watched> watched, std::string host);
  void put_back(const std::vector<store::FeedId>& released);
  [[nodiscard]] std::optional<watch::Plan> held_back(Watched& watched);
  boost::asio::awaitable<fetch::Outcome> ask(std::shared_ptr<Watched> watched);
  [[nodiscard]] watch::Bounds bounds(const Watched& watched) const;
  boost::asio::awaitable<Result<Taken>> take_in(std::shared_ptr<Watched> watched, fetch::Outcome& outcome);
  void report(const Watched& watched, const Taken& taken);
  boost::asio::awaitable<void> note_failure(std::shared_ptr<Watched> watched, Error error,
                                            const fetch::Outcome& outcome);
  // Polls that changed nothing but times are stored together, a moment later: a commit each would bound the rate of
  // polls.
  void keep_for_later(store::FeedState state);
  void save_kept();
  void warn_once(Watched& watched, std::string_view event, const std::string& text);

  Services services_;
  config::Fetch limits_;
  Intake intake_;
  watch::Schedule schedule_;
  std::unordered_map<store::FeedId, std::shared_ptr<Watched>> feeds_;
  watch::HostQueue queue_;
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
