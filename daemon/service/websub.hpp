#pragma once
// Pushes instead of polls (WebSub): subscribes to the hubs that feeds name, answers the hubs' calls, renews leases, and
// hands what is pushed to the poller's way in. The store keeps every subscription, so that a restart goes on with it.
// Private to service. [loop thread]

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "fetch/fetch.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "log/log.hpp"
#include "service/poller.hpp"
#include "service/signal.hpp"
#include "store/store.hpp"
#include "websub/websub.hpp"

namespace dprkwatch::service {

class WebSub final : public Pushes {
 public:
  // What it works with; all outlive it.
  struct Services {
    boost::asio::io_context& loop;
    store::Store& store;
    http::Client& client;
    const Clock& clock;
    log::Logger& log;
    // Poller::take_push and Poller::repace.
    std::function<boost::asio::awaitable<Result<std::size_t>>(store::FeedId, fetch::Document, store::Job)> take_push;
    std::function<void(store::FeedId)> repace;
  };

  explicit WebSub(Services services);

  // Takes over a configuration whose feeds the store knows already; blocks for the store. Subscriptions of feeds that
  // are gone from it, or that have WebSub switched off, are ended. At start-up and reload.
  [[nodiscard]] Result<void> use(const config::Config& config);

  // Answers the callbacks of hubs; everything else goes to `next`.
  [[nodiscard]] http::Handler serve(http::Handler next);
  // How large a request's body may be: a push's for callbacks that are in use, a megabyte for the rest.
  [[nodiscard]] std::size_t body_limit(std::string_view target) const;

  // Subscribes, renews and unsubscribes until stop; returns when nothing is in flight.
  [[nodiscard]] boost::asio::awaitable<void> run();
  void stop();
  [[nodiscard]] bool busy() const noexcept { return in_flight_ > 0; }

  [[nodiscard]] Duration interval(store::FeedId id) const override;
  void note_poll(store::FeedId id, std::optional<websub::Links> links, std::size_t fresh) override;

  // Authentic pushes since the start, and those that were ignored.
  [[nodiscard]] std::uint64_t pushes() const noexcept { return pushes_; }
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }
  // Subscriptions whose lease runs.
  [[nodiscard]] std::size_t live() const;

 private:
  // Shared with the coroutines that wait for a hub or the store. Forgotten ones are out of by_token_.
  using Shared = std::shared_ptr<store::Subscription>;
  struct Feed {
    std::string name;
    bool wanted = false;
    int without_hub = 0;      // documents in a row that named none
    std::vector<Shared> all;  // in the order they were made
  };

  [[nodiscard]] bool is_known(const Shared& subscription) const;
  [[nodiscard]] bool fits(const store::Subscription& subscription, const websub::Links& links) const;
  [[nodiscard]] std::string name_of(store::FeedId id) const;
  void hold_to_settings(store::FeedId id);
  void follow(store::FeedId id, const websub::Links& links);
  void subscribe(store::FeedId id, std::string hub, std::string topic);
  void leave(Shared subscription);
  void leave_others(const Shared& kept);
  void forget(const Shared& subscription);
  void doubt(const Shared& subscription, std::string_view event, const std::string& reason);
  void add(Shared subscription);
  void save(const Shared& subscription);

  std::optional<Duration> start_due();
  boost::asio::awaitable<void> request(Shared subscription);
  boost::asio::awaitable<void> ask(Shared subscription);
  boost::asio::awaitable<http::ServerResponse> answer(Shared subscription, http::ServerRequest request);
  boost::asio::awaitable<http::ServerResponse> verify(Shared subscription, const std::string& target);
  boost::asio::awaitable<http::ServerResponse> take_push(Shared subscription, http::ServerRequest& request);

  Services services_;
  config::WebSub settings_;
  std::unordered_map<store::FeedId, Feed> feeds_;
  std::unordered_map<std::string, Shared> by_token_;
  std::unordered_set<std::string> asking_;  // tokens whose request is under way
  Signal signal_;
  int in_flight_ = 0;  // requests to hubs
  int in_hand_ = 0;    // pushes
  bool loaded_ = false;
  bool stopping_ = false;
  std::uint64_t pushes_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace dprkwatch::service
