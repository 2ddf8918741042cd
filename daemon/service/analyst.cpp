#include "service/analyst.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cmath>
#include <utility>

#include "article/article.hpp"
#include "plugin/analyze.hpp"
#include "store/async.hpp"
#include "trend/trend.hpp"

namespace dprkwatch::service {
namespace {

constexpr Duration kStoreTrouble = std::chrono::seconds(1);
constexpr Duration kPluginDown = std::chrono::milliseconds(200);
constexpr std::size_t kReadAhead = 128;  // articles held in memory before their analysis

plugin::Input input_of(const store::Article& article) {
  plugin::Input input;
  input.id = article.identity;
  input.title = article.title;
  input.text = article.text;
  input.language = article.language;
  input.url = article.url;
  input.source = article.feed_name;
  input.published = article.published;
  return input;
}

store::ArticleOutcome outcome_of(const store::Article& article, const plugin::Analysis& analysis, Time now) {
  store::ArticleOutcome outcome;
  outcome.seen_only = analysis.relevance == plugin::Relevance::kNone;
  outcome.relevance = plugin::name_of(analysis.relevance);
  outcome.relevance_probability = analysis.relevance_probability;
  outcome.escalation = analysis.escalation;
  outcome.deescalation = analysis.deescalation;
  outcome.level = analysis.level;
  outcome.story = article::story_key(article.title, article.text);
  outcome.annotations_json = outcome.seen_only ? "[]" : plugin::annotations_json(input_of(article), analysis);
  outcome.versions_json = plugin::versions_json(analysis);
  outcome.analysed = now;
  return outcome;
}

// Everything that follows from one article, in the transaction that marks it analysed.
Result<std::vector<alert::Raised>> settle(store::Transaction& store, const config::Config& config,
                                          const store::Article& article, const plugin::Analysis& analysis,
                                          store::ArticleOutcome outcome) {
  auto copy = store.story_known(outcome.story);
  if (!copy) return tl::unexpected(std::move(copy.error()));
  auto before = store.analysed_before(article.id);
  if (!before) return tl::unexpected(std::move(before.error()));
  // What was revised stays in its story: it counts once in the series, and alerts anew only by rules on revisions.
  if (*before) {
    outcome.story = (*before)->story;
    *copy = true;
  }
  if (auto done = store.finish_article(article.id, outcome); !done) return tl::unexpected(std::move(done.error()));
  if (outcome.seen_only) return std::vector<alert::Raised>{};
  const auto day = trend::day_of(article.published.value_or(article.fetched));
  if (!*copy && analysis.relevance == plugin::Relevance::kAbout) {
    if (auto done = trend::record(store, analysis, day); !done) return tl::unexpected(std::move(done.error()));
  }
  trend::Reading reading;
  if (!analysis.dyads.empty()) {
    const plugin::Dyad& strongest = analysis.dyads.front();
    auto found = trend::read(store, strongest.actor, strongest.target, day);
    if (!found) return tl::unexpected(std::move(found.error()));
    reading = *found;
  }
  return alert::raise(store, config, {article, analysis, outcome.story, reading}, outcome.analysed);
}

}  // namespace

Result<std::shared_ptr<ChainPool>> ChainPool::make(std::unique_ptr<plugin::Host> host, std::size_t size) {
  auto pool = std::make_shared<ChainPool>();
  for (std::size_t i = 0; i < size; ++i) {
    auto chain = host->make_chain();
    if (!chain) return tl::unexpected(std::move(chain.error()));
    pool->free_.push_back(std::move(*chain));
  }
  pool->host_ = std::move(host);
  return pool;
}

std::unique_ptr<plugin::Chain> ChainPool::take() {
  if (free_.empty()) return nullptr;
  auto chain = std::move(free_.back());
  free_.pop_back();
  return chain;
}

Analyst::Analyst(Services services) : services_(std::move(services)), signal_(services_.loop) {}

void Analyst::use(std::shared_ptr<const config::Config> config, std::shared_ptr<ChainPool> chains) {
  config_ = std::move(config);
  chains_ = std::move(chains);
  signal_.notify();
}

boost::asio::awaitable<void> Analyst::run() {
  while (!stopping_ || !under_way_.empty()) {
    if (!stopping_ && trouble_) {
      co_await sit_out();
      continue;
    }
    if (!stopping_) {
      if (ready_.empty()) co_await refill();
      if (trouble_) continue;
      start_waiting();
      idle_ = under_way_.empty() && ready_.empty();
    }
    co_await signal_.wait();
  }
}

// What wakes the analyst meanwhile makes neither the store nor a plugin well.
boost::asio::awaitable<void> Analyst::sit_out() {
  const auto end = std::chrono::steady_clock::now() + trouble_.value_or(Duration::zero());
  for (auto now = std::chrono::steady_clock::now(); now < end && !stopping_; now = std::chrono::steady_clock::now()) {
    co_await signal_.wait(std::chrono::ceil<Duration>(end - now));
  }
  trouble_.reset();
}

void Analyst::start_waiting() {
  while (!ready_.empty()) {
    auto chain = chains_->take();
    if (!chain) return;
    store::Article article = std::move(ready_.front());
    ready_.pop_front();
    under_way_.insert(article.id);
    boost::asio::co_spawn(services_.loop, handle(std::move(article), std::move(chain)), boost::asio::detached);
  }
}

void Analyst::wake() {
  idle_ = false;
  // An older article may wait again: its page came, or it was revised.
  cursor_ = store::ArticleId{0};
  signal_.notify();
}

void Analyst::stop() {
  stopping_ = true;
  signal_.notify();
}

boost::asio::awaitable<void> Analyst::refill() {
  std::vector<store::Article> articles;
  store::Job look = [&](store::Transaction& store) -> Result<void> {
    auto found = store.pending_articles(cursor_, kReadAhead);
    if (!found) return tl::unexpected(std::move(found.error()));
    articles = std::move(*found);
    return {};
  };
  Result<void> looked = co_await store::run_async(services_.store, std::move(look));
  if (!looked) {
    services_.log.error("cannot read waiting articles", {{"error", describe(looked.error())}});
    trouble_ = kStoreTrouble;
    co_return;
  }
  for (store::Article& article : articles) {
    cursor_ = article.id;
    // After trouble with the store the cursor begins anew, and meets those that are still being analysed.
    if (!under_way_.contains(article.id)) ready_.push_back(std::move(article));
  }
}

boost::asio::awaitable<void> Analyst::handle(store::Article article, std::unique_ptr<plugin::Chain> chain) {
  const auto chains = chains_;
  auto work = [&article, &chain]() { return chain->analyze(input_of(article)); };
  Result<plugin::Analysis> analysis = co_await services_.workers.run(std::move(work));
  chains->give_back(std::move(chain));
  if (!analysis && analysis.error().code == ErrorCode::kUnavailable) {
    // A required plugin is down: the article waits its turn anew. It stays waiting in the store, too.
    under_way_.erase(article.id);
    ready_.push_back(std::move(article));
    trouble_ = kPluginDown;
    signal_.notify();
    co_return;
  }
  Result<void> done;
  if (analysis) {
    done = co_await finish(article, *analysis);
  } else {
    done = co_await quarantine(article, analysis.error());
  }
  if (done) {
    ++analysed_;
  } else {
    // It stays waiting and is analysed again.
    services_.log.error("cannot store an analysis", {{"error", describe(done.error())}});
    trouble_ = kStoreTrouble;
    cursor_ = store::ArticleId{0};
    ready_.clear();
  }
  under_way_.erase(article.id);
  signal_.notify();
}

boost::asio::awaitable<Result<void>> Analyst::finish(const store::Article& article, const plugin::Analysis& analysis) {
  const auto config = config_;
  const store::ArticleOutcome outcome = outcome_of(article, analysis, services_.clock.now());
  std::vector<alert::Raised> raised;
  store::Job job = [&](store::Transaction& store) -> Result<void> {
    auto alerts = settle(store, *config, article, analysis, outcome);
    if (!alerts) return tl::unexpected(std::move(alerts.error()));
    raised = std::move(*alerts);
    return {};
  };
  Result<void> done = co_await store::run_async(services_.store, std::move(job));
  if (done) {
    services_.log.debug("analysed an article", {{"feed", article.feed_name},
                                                {"relevance", outcome.relevance},
                                                {"escalation", std::lround(outcome.escalation)},
                                                {"title", article.title}});
    for (const alert::Raised& alert : raised) services_.on_alert(alert);
  }
  co_return done;
}

boost::asio::awaitable<Result<void>> Analyst::quarantine(const store::Article& article, const Error& reason) {
  services_.log.warn("quarantined an article",
                     {{"feed", article.feed_name}, {"title", article.title}, {"reason", describe(reason)}});
  const Time now = services_.clock.now();
  store::Job job = [&](store::Transaction& store) {
    return store.quarantine_article(article.id, describe(reason), now);
  };
  co_return co_await store::run_async(services_.store, std::move(job));
}

}  // namespace dprkwatch::service
