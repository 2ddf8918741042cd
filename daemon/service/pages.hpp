#pragma once
// Fetches the pages of articles: for their full text, and again to see whether they were edited or removed. As polite
// as the poller: robots.txt, turns and waits of hosts, limits. What is to be done lies in the store, so that a restart
// loses none of it. Private to service. [loop thread]

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "article/page.hpp"
#include "clock/clock.hpp"
#include "config/config.hpp"
#include "fetch/robots.hpp"
#include "http/client.hpp"
#include "log/log.hpp"
#include "service/signal.hpp"
#include "store/store.hpp"
#include "watch/hosts.hpp"
#include "workers/workers.hpp"

namespace dprkwatch::service {

class Pages {
 public:
  // What it works with; all outlive it.
  struct Services {
    boost::asio::io_context& loop;
    store::Store& store;
    http::Client& client;
    watch::Hosts& hosts;
    Workers& workers;
    const Clock& clock;
    log::Logger& log;
    std::function<void()> on_stored;  // articles wait for analysis
  };

  Pages(Services services, std::string user_agent);

  // What the feeds' settings say of their pages.
  void use(std::shared_ptr<const config::Config> config);

  // Looks at pages until stop; returns when nothing is in flight.
  [[nodiscard]] boost::asio::awaitable<void> run();
  void stop();
  // Pages may be due.
  void wake();

  [[nodiscard]] bool busy() const noexcept { return !under_way_.empty(); }
  // Whether no article waits for its page.
  [[nodiscard]] bool idle() const noexcept { return idle_ && under_way_.empty(); }

 private:
  // What robots.txt of a host said, and until when that counts.
  struct Rules {
    explicit Rules(boost::asio::io_context& loop) : read(loop, boost::asio::steady_timer::time_point::max()) {}
    fetch::Robots robots;
    Time until{};
    bool is_reading = true;
    boost::asio::steady_timer read;  // ends when it has been read: one asks, the others wait
  };
  // How a look at a page went.
  struct Look {
    enum class Kind { kRead, kGone, kForbidden, kHeld, kFailed };
    Kind kind = Kind::kFailed;
    article::Page page;
    std::string why;
    Duration wait{};  // that the server asks for
  };

  boost::asio::awaitable<void> start_due();
  boost::asio::awaitable<void> handle(store::ArticlePage page);
  boost::asio::awaitable<Look> look(const store::ArticlePage& page, const config::Feed* feed);
  boost::asio::awaitable<Look> read(http::Response response);
  boost::asio::awaitable<bool> wait_turn(const std::string& host);
  boost::asio::awaitable<std::shared_ptr<const Rules>> robots_of(const std::string& url, const std::string& host);
  boost::asio::awaitable<void> read_robots(std::string origin, std::string host, std::shared_ptr<Rules> rules);
  boost::asio::awaitable<void> settle(store::ArticlePage page, Look look, const config::Feed* feed);
  [[nodiscard]] const config::Feed* feed_of(const std::string& name) const;

  Services services_;
  std::string user_agent_;
  std::shared_ptr<const config::Config> config_;
  std::unordered_map<std::string_view, const config::Feed*> feeds_;  // by name; into config_
  std::unordered_map<std::string, std::shared_ptr<Rules>> robots_;   // by scheme and host
  std::unordered_set<std::int64_t> under_way_;                       // articles
  Signal signal_;
  bool stopping_ = false;
  bool idle_ = false;
};

}  // namespace dprkwatch::service
