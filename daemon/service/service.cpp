#include "service/service.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdlib>
#include <future>
#include <optional>
#include <random>
#include <thread>
#include <utility>

#include "api/api.hpp"
#include "deliver/deliver.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "service/analyst.hpp"
#include "service/client_options.hpp"
#include "service/herald.hpp"
#include "service/indexer.hpp"
#include "service/pacing.hpp"
#include "service/pages.hpp"
#include "service/poller.hpp"
#include "service/signal.hpp"
#include "service/websub.hpp"
#include "store/async.hpp"
#include "store/reader.hpp"
#include "store/store.hpp"
#include "workers/workers.hpp"

namespace dprkwatch::service {
namespace {

// What is in hand when the daemon is told to stop gets this long; then it is cut off, and done again after the restart.
constexpr auto kDrainTime = std::chrono::seconds(3);
// How often a wait for the end looks again; only while starting or stopping.
constexpr auto kDrainLook = std::chrono::milliseconds(10);
constexpr auto kHousekeeping = std::chrono::seconds(5);
// How long a single run waits for a required plugin that is down.
constexpr auto kOncePatience = std::chrono::seconds(5);

std::size_t worker_count(const config::Config& config) {
  if (config.limits.workers > 0) return static_cast<std::size_t>(config.limits.workers);
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

class Service::Impl {
 public:
  Impl(config::Config config, Environment environment)
      : config_(std::make_shared<const config::Config>(std::move(config))),
        environment_(std::move(environment)),
        deadline_(loop_),
        signals_(loop_),
        housekeeping_(loop_),
        quiet_(loop_) {}

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  // A service that was started and never run still has a listener on the loop.
  ~Impl() {
    if (server_) server_->stop();
    loop_.restart();
    loop_.poll();
  }

  tl::expected<void, std::vector<Error>> start() {
    auto guard = http::AddressGuard::from(config_->network.allow);
    if (!guard) return tl::unexpected(std::vector<Error>{std::move(guard.error())});
    workers_ = std::make_unique<Workers>(worker_count(*config_));
    Loaded chains = load_plugins_and_wait();
    if (!chains) return tl::unexpected(std::move(chains.error()));
    auto store = store::Store::open(config_->store.url);
    if (!store) return tl::unexpected(std::vector<Error>{std::move(store.error())});
    store_ = std::move(*store);
    client_ = std::make_unique<http::Client>(loop_, client_options(*config_, environment_.version, *guard));
    mailbox_ = std::make_unique<http::Client>(loop_, delivery_options(*config_, environment_.version, *guard));
    build_steps(std::move(*chains));
    configure(hosts_, config_->fetch);
    if (auto ready = poller_->set_feeds(config_->feeds, config_->fetch); !ready) {
      return tl::unexpected(std::vector<Error>{std::move(ready.error())});
    }
    if (auto ready = websub_->use(*config_); !ready) {
      return tl::unexpected(std::vector<Error>{std::move(ready.error())});
    }
    return listen();
  }

  [[nodiscard]] std::string address() const { return server_ ? server_->address() : std::string(); }

  void run(bool signals) {
    if (signals) handle_signals();
    set_couriers();
    boost::asio::co_spawn(loop_, analyst_->run(), boost::asio::detached);
    boost::asio::co_spawn(loop_, poller_->run(), boost::asio::detached);
    boost::asio::co_spawn(loop_, pages_->run(), boost::asio::detached);
    boost::asio::co_spawn(loop_, websub_->run(), boost::asio::detached);
    boost::asio::co_spawn(loop_, herald_->run(), boost::asio::detached);
    boost::asio::co_spawn(loop_, keep_house(), boost::asio::detached);
    boost::asio::co_spawn(loop_, indexer_->run(), boost::asio::detached);
    environment_.log.info("started", {{"feeds", config_->feeds.size()},
                                      {"rules", config_->rules.size()},
                                      {"receivers", config_->receivers.size()},
                                      {"api", address()}});
    loop_.run();
    environment_.log.info("stopped");
  }

  void run_once() {
    handle_signals();
    set_couriers();
    boost::asio::co_spawn(loop_, analyst_->run(), boost::asio::detached);
    boost::asio::co_spawn(loop_, pages_->run(), boost::asio::detached);
    boost::asio::co_spawn(loop_, herald_->run(), boost::asio::detached);
    boost::asio::co_spawn(loop_, once(), boost::asio::detached);
    loop_.run();
  }

  void reload(config::Config config) {
    boost::asio::post(loop_, [this, next = std::move(config)]() mutable { take_over(std::move(next)); });
  }

  void stop() {
    boost::asio::post(loop_, [this] { begin_stop(); });
  }

  [[nodiscard]] Totals totals() const {
    return {poller_->polls(), poller_->failures(), analyst_->analysed(), alerts_, unfinished_};
  }

 private:
  using Loaded = tl::expected<std::shared_ptr<ChainPool>, std::vector<Error>>;

  // [on nursery_]
  Loaded load_plugins(const config::Config& config, std::shared_ptr<plugin::StopFlag> stop) {
    auto host = plugin::load(config.plugins, environment_.paths, plugin_log(environment_.log), std::move(stop));
    if (!host) return tl::unexpected(std::move(host.error()));
    for (const plugin::PluginInfo& plugin : (*host)->plugins()) {
      environment_.log.debug("loaded a plugin", {{"plugin", plugin.id}, {"version", plugin.version}});
    }
    auto pool = ChainPool::make(std::move(*host), worker_count(config), nursery_);
    if (!pool) return tl::unexpected(std::vector<Error>{std::move(pool.error())});
    return std::move(*pool);
  }

  // At start-up, when there is no loop yet that could wait.
  Loaded load_plugins_and_wait() {
    Loaded loaded;
    std::promise<void> done;
    nursery_.post([&] {
      loaded = load_plugins(*config_, std::make_shared<plugin::StopFlag>());
      done.set_value();
    });
    done.get_future().wait();
    return loaded;
  }

  void build_steps(std::shared_ptr<ChainPool> chains) {
    analyst_ =
        std::make_unique<Analyst>(Analyst::Services{loop_, *store_, *workers_, environment_.clock, environment_.log,
                                                    [this](const alert::Raised& alert) { announce(alert); }});
    analyst_->use(config_, std::move(chains));
    herald_ = std::make_unique<Herald>(Herald::Services{loop_, *store_, environment_.clock, environment_.log,
                                                        [this](const alert::Raised& alert) { announce(alert); },
                                                        [this] { wake_couriers(); }});
    herald_->use(config_);
    indexer_ = std::make_unique<Indexer>(loop_, *store_, environment_.log);
    websub_ = std::make_unique<WebSub>(
        WebSub::Services{loop_, *store_, *client_, environment_.clock, environment_.log,
                         [this](store::FeedId feed, fetch::Document document, store::Job also) {
                           return poller_->take_push(feed, std::move(document), std::move(also));
                         },
                         [this](store::FeedId feed) { poller_->repace(feed); }});
    pages_ = std::make_unique<Pages>(Pages::Services{loop_, *store_, *client_, hosts_, *workers_, environment_.clock,
                                                     environment_.log, [this] { analyst_->wake(); }},
                                     user_agent_of(config_->fetch, environment_.version));
    pages_->use(config_);
    const auto on_stored = [this] {
      analyst_->wake();
      pages_->wake();
    };
    poller_ = std::make_unique<Poller>(Poller::Services{loop_, *store_, *client_, commands_, hosts_, *workers_,
                                                        environment_.clock, environment_.log, on_stored, websub_.get()},
                                       config_->fetch, std::random_device{}());
  }

  tl::expected<void, std::vector<Error>> listen() {
    if (config_->api.listen.empty()) return {};
    auto reader = store::Reader::open(config_->store.url);
    if (!reader) return tl::unexpected(std::vector<Error>{std::move(reader.error())});
    reader_ = std::move(*reader);
    reading_ = std::make_unique<Workers>(1);
    auto handler = api::make_handler({*reader_, *reading_, environment_.clock, [this] { return analyst_->plugins(); },
                                      [this] { return activity(); }, environment_.version, config_->api.token,
                                      [this](const std::optional<std::string>& name) {
                                        const Poller::Refreshed refreshed = poller_->refresh(name);
                                        return api::Refreshed{refreshed.asked, refreshed.gone};
                                      },
                                      store_.get(), [this] { return config_; }});
    http::ServerOptions options;
    options.max_body_bytes = websub::kMaxPushBytes;
    options.body_limit = [this](std::string_view target) { return websub_->body_limit(target); };
    auto server = http::Server::start(loop_, config_->api.listen, websub_->serve(std::move(handler)), options);
    if (!server) return tl::unexpected(std::vector<Error>{std::move(server.error())});
    server_ = std::move(*server);
    return {};
  }

  [[nodiscard]] api::Activity activity() const {
    return {poller_->polls(),  poller_->failures(), analyst_->analysed(), alerts_,
            websub_->pushes(), websub_->refused(),  websub_->live()};
  }

  // One courier a receiver. One whose settings did not change goes on; another's successor begins when it has ended, so
  // that no delivery is under way twice.
  void set_couriers() {
    std::vector<std::shared_ptr<deliver::Courier>> next;
    for (const config::Receiver& receiver : config_->receivers) {
      const auto same_name = [&](const auto& courier) { return courier->receiver().name == receiver.name; };
      const auto found = std::find_if(couriers_.begin(), couriers_.end(), same_name);
      if (found != couriers_.end() && (*found)->receiver() == receiver) {
        next.push_back(*found);
        continue;
      }
      next.push_back(std::make_shared<deliver::Courier>(
          deliver::Services{loop_, *store_, *mailbox_, environment_.clock, environment_.log}, receiver));
      auto task = run_courier(next.back(), found == couriers_.end() ? nullptr : *found);
      boost::asio::co_spawn(loop_, std::move(task), boost::asio::detached);
    }
    for (const auto& courier : couriers_) {
      if (std::find(next.begin(), next.end(), courier) == next.end()) courier->stop();
    }
    couriers_ = std::move(next);
  }

  boost::asio::awaitable<void> run_courier(std::shared_ptr<deliver::Courier> courier,
                                           std::shared_ptr<deliver::Courier> predecessor) {
    while (predecessor && predecessor->busy()) co_await quiet_.wait(kDrainLook);
    co_await courier->run();
  }

  void announce(const alert::Raised& alert) {
    if (alert.fresh) {
      ++alerts_;
      environment_.log.info("alert", {{"severity", alert.severity}, {"rule", alert.rule}, {"summary", alert.summary}});
    }
    for (const auto& courier : couriers_) {
      if (std::find(alert.receivers.begin(), alert.receivers.end(), courier->receiver().name) !=
          alert.receivers.end()) {
        courier->wake();
      }
    }
    if (alert.fresh) herald_->wake();
  }

  void wake_couriers() {
    for (const auto& courier : couriers_) courier->wake();
  }

  void handle_signals() {
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) signals_.add(number);
    wait_for_signal();
  }

  void wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int number) {
      if (error) return;
      // First, since a stop with nothing in hand ends this wait at once.
      wait_for_signal();
      if (number == SIGHUP) {
        boost::asio::co_spawn(loop_, reload_from_file(), boost::asio::detached);
      } else {
        begin_stop();
      }
    });
  }

  // A large file takes longer to read than the loop may be held up.
  boost::asio::awaitable<void> reload_from_file() {
    const std::string file = config_->file;
    auto work = [file] {
      return config::load_file(file, [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
      });
    };
    tl::expected<config::Config, std::vector<Error>> next = co_await workers_->run(std::move(work));
    if (!next) {
      refuse(next.error());
    } else if (!stopping_) {
      take_over(std::move(*next));
    }
  }

  void refuse(const std::vector<Error>& mistakes) {
    for (const Error& mistake : mistakes) {
      environment_.log.error("refused the new configuration; the old one stays", {{"error", describe(mistake)}});
    }
  }

  // Plugins may take long to start: they do so beside the loop, while those in use go on. Of several configurations
  // that come meanwhile the last one counts.
  void take_over(config::Config config) {
    next_config_ = std::move(config);
    if (loading_) return;
    loading_ = std::make_shared<plugin::StopFlag>();
    boost::asio::co_spawn(loop_, take_over_when_loaded(), boost::asio::detached);
  }

  boost::asio::awaitable<void> take_over_when_loaded() {
    while (next_config_ && !stopping_) {
      config::Config config = std::move(*next_config_);
      next_config_.reset();
      auto work = [this, &config, stop = loading_] { return load_plugins(config, stop); };
      Loaded chains = co_await nursery_.run(std::move(work));
      if (stopping_) break;
      if (chains) {
        adopt(std::move(config), std::move(*chains));
      } else {
        refuse(chains.error());
      }
      // The flag is the new plugins' own now.
      loading_ = std::make_shared<plugin::StopFlag>();
    }
    loading_.reset();
  }

  void adopt(config::Config config, std::shared_ptr<ChainPool> chains) {
    auto guard = http::AddressGuard::from(config.network.allow);
    if (!guard) return refuse({guard.error()});
    if (config.store.url != config_->store.url || config.api.listen != config_->api.listen) {
      environment_.log.warn("store.url and api.listen take effect after a restart");
    }
    auto next = std::make_shared<const config::Config>(std::move(config));
    if (auto ready = poller_->set_feeds(next->feeds, next->fetch); !ready) return refuse({ready.error()});
    if (auto ready = websub_->use(*next); !ready) return refuse({ready.error()});
    config_ = std::move(next);
    configure(hosts_, config_->fetch);
    pages_->use(config_);
    client_->set_guard(*guard);
    mailbox_->set_guard(std::move(*guard));
    analyst_->use(config_, std::move(chains));
    herald_->use(config_);
    set_couriers();
    environment_.log.info("took over the new configuration", {{"feeds", config_->feeds.size()}});
  }

  // Intake pauses while too much is owed to receivers: feeds keep their entries, the outbox stays bounded.
  boost::asio::awaitable<void> keep_house() {
    bool paused = false;
    while (!stopping_) {
      store::Counts counts;
      store::Job look = [&](store::Transaction& store) -> Result<void> {
        auto found = store.counts();
        if (!found) return tl::unexpected(std::move(found.error()));
        counts = *found;
        return {};
      };
      Result<void> looked = co_await store::run_async(*store_, std::move(look));
      const bool full = looked && counts.owed > config_->limits.max_outbox;
      if (full != paused) {
        paused = full;
        poller_->pause(full);
        if (full) {
          environment_.log.error("paused polling: too many deliveries are owed", {{"owed", counts.owed}});
        } else {
          environment_.log.info("resumed polling", {{"owed", counts.owed}});
        }
      }
      co_await housekeeping_.wait(kHousekeeping);
    }
  }

  boost::asio::awaitable<void> once() {
    co_await poller_->run_once();
    analyst_->wake();
    pages_->wake();
    while (!stopping_ && !(pages_->idle() && analyst_->idle() && herald_->idle() && couriers_idle())) {
      co_await quiet_.wait(kDrainLook);
      const auto& blocked = analyst_->blocked();
      if (!blocked || std::chrono::steady_clock::now() - blocked->since < kOncePatience) continue;
      unfinished_ = blocked->why;
      unfinished_->message += "; articles wait for it in the store. Mend it and run again, or set need: optional";
      break;
    }
    begin_stop();
  }

  [[nodiscard]] bool couriers_idle() const {
    return std::all_of(couriers_.begin(), couriers_.end(), [](const auto& courier) { return courier->idle(); });
  }

  void begin_stop() {
    if (stopping_) return;
    stopping_ = true;
    if (loading_) loading_->set();
    if (server_) server_->stop();
    poller_->stop();
    pages_->stop();
    websub_->stop();
    analyst_->stop();
    herald_->stop();
    indexer_->stop();
    housekeeping_.notify();
    quiet_.notify();
    for (const auto& courier : couriers_) courier->stop();
    deadline_.expires_after(kDrainTime);
    deadline_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      client_->cancel_all();
      commands_.cancel_all();
      mailbox_->cancel_all();
      for (const auto& courier : couriers_) courier->cut();
    });
    boost::asio::co_spawn(loop_, finish_stop(), boost::asio::detached);
  }

  // The deadline and the signals keep the loop alive until everything else has ended.
  boost::asio::awaitable<void> finish_stop() {
    while (poller_->busy() || pages_->busy() || websub_->busy() || analyst_->busy() || couriers_busy()) {
      co_await quiet_.wait(kDrainLook);
    }
    deadline_.cancel();
    signals_.cancel();
  }

  [[nodiscard]] bool couriers_busy() const {
    return std::any_of(couriers_.begin(), couriers_.end(), [](const auto& courier) { return courier->busy(); });
  }

  std::shared_ptr<const config::Config> config_;
  Environment environment_;
  boost::asio::io_context loop_{1};
  boost::asio::steady_timer deadline_;
  boost::asio::signal_set signals_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Workers> workers_;
  Workers nursery_{1};                         // makes and ends plugins
  std::shared_ptr<plugin::StopFlag> loading_;  // of a load under way
  std::optional<config::Config> next_config_;  // waits for that
  std::unique_ptr<store::Reader> reader_;
  std::unique_ptr<Workers> reading_;  // the reader's thread
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<http::Client>
      mailbox_;  // deliveries: a feed that hangs takes no connection from them, nor they from it
  std::unique_ptr<http::Server> server_;
  process::Commands commands_;
  watch::Hosts hosts_;
  std::unique_ptr<Pages> pages_;
  std::unique_ptr<WebSub> websub_;
  std::unique_ptr<Herald> herald_;
  std::unique_ptr<Indexer> indexer_;
  std::unique_ptr<Poller> poller_;
  std::unique_ptr<Analyst> analyst_;
  std::vector<std::shared_ptr<deliver::Courier>> couriers_;
  Signal housekeeping_;
  Signal quiet_;
  bool stopping_ = false;
  std::uint64_t alerts_ = 0;
  std::optional<Error> unfinished_;
};

Service::Service(config::Config config, Environment environment)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(environment))) {}
Service::~Service() = default;
tl::expected<void, std::vector<Error>> Service::start() {
  return impl_->start();
}
std::string Service::address() const {
  return impl_->address();
}
void Service::run(bool signals) {
  impl_->run(signals);
}
void Service::run_once() {
  impl_->run_once();
}
void Service::reload(config::Config config) {
  impl_->reload(std::move(config));
}
void Service::stop() {
  impl_->stop();
}
Totals Service::totals() const {
  return impl_->totals();
}

}  // namespace dprkwatch::service
