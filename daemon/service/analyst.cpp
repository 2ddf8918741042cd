#include "service/analyst.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cmath>
#include <iterator>
#include <set>
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
constexpr std::size_t kMarked = 32;      // of those that are analysed anew: a new article waits for so many at most
constexpr std::size_t kMaxBatch = 64;
constexpr std::chrono::milliseconds kBatchTime{100};  // so long an article waits for the others of its batch
// How soon what another process changed in the store is seen: articles taken out of quarantine or marked.
constexpr Duration kLook = std::chrono::seconds(1);

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
  outcome.seen_only = analysis.relevance == plugin::Relevance::kNone && analysis.awaited.empty();
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
  // What was revised stays in its story: it alerts anew only by rules on revisions, and the series has its new scores.
  if (*before) outcome.story = (*before)->story;
  if (auto done = store.finish_article(article.id, outcome); !done) return tl::unexpected(std::move(done.error()));
  if (auto done = store.await_plugins(article.id, analysis.awaited); !done) {
    return tl::unexpected(std::move(done.error()));
  }
  if (outcome.seen_only) return std::vector<alert::Raised>{};
  const auto day = trend::day_of(article.published.value_or(article.fetched));
  if (*before) {
    if (auto done = trend::rebuild(store, day); !done) return tl::unexpected(std::move(done.error()));
  } else if (!*copy && analysis.relevance == plugin::Relevance::kAbout) {
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

// One article of a batch that was analysed before, with what was found now.
struct Again {
  const store::Article* article;
  const plugin::Analysis* analysis;
  bool raises;
  store::ArticleOutcome outcome;
};

// Replaces the analyses of articles that have one, and all that follows from them, in one transaction. Their text stays
// even when they are no longer about the subject: the next version may see it otherwise.
Result<std::vector<alert::Raised>> settle_again(store::Transaction& store, const config::Config& config,
                                                std::vector<Again>& all) {
  std::set<std::chrono::sys_days> days;
  for (Again& one : all) {
    auto before = store.analysed_before(one.article->id);
    if (!before) return tl::unexpected(std::move(before.error()));
    if (*before) one.outcome.story = (*before)->story;
    auto done = store.finish_article(one.article->id, one.outcome);
    if (done) done = store.await_plugins(one.article->id, one.analysis->awaited);
    if (!done) return tl::unexpected(std::move(done.error()));
    days.insert(trend::day_of(one.article->published.value_or(one.article->fetched)));
  }
  for (const auto day : days) {
    if (auto done = trend::rebuild(store, day); !done) return tl::unexpected(std::move(done.error()));
  }
  std::vector<alert::Raised> raised;
  for (const Again& one : all) {
    if (!one.raises || one.analysis->relevance == plugin::Relevance::kNone) continue;
    trend::Reading reading;
    if (!one.analysis->dyads.empty()) {
      const plugin::Dyad& strongest = one.analysis->dyads.front();
      const auto day = trend::day_of(one.article->published.value_or(one.article->fetched));
      auto found = trend::read(store, strongest.actor, strongest.target, day);
      if (!found) return tl::unexpected(std::move(found.error()));
      reading = *found;
    }
    auto more =
        alert::raise(store, config, {*one.article, *one.analysis, one.outcome.story, reading}, one.outcome.analysed);
    if (!more) return tl::unexpected(std::move(more.error()));
    std::move(more->begin(), more->end(), std::back_inserter(raised));
  }
  return raised;
}

// The plugin that an error is about; empty when it is none.
std::string plugin_of(const Error& error) {
  constexpr std::string_view kPrefix = "plugin ";
  return error.where.starts_with(kPrefix) ? error.where.substr(kPrefix.size()) : std::string();
}

bool is_for_later(const Result<plugin::Analysis>& result) {
  return !result && (result.error().code == ErrorCode::kUnavailable || result.error().code == ErrorCode::kStopped);
}

}  // namespace

Analyst::Analyst(Services services) : services_(std::move(services)), signal_(services_.loop) {}

void Analyst::use(std::shared_ptr<const config::Config> config, std::shared_ptr<ChainPool> chains) {
  if (chains_) chains_->request_stop();
  config_ = std::move(config);
  chains_ = std::move(chains);
  blocked_.reset();
  signal_.notify();
}

boost::asio::awaitable<void> Analyst::run() {
  while (!stopping_ || batches_ > 0) {
    if (!stopping_ && trouble_) {
      co_await sit_out();
      continue;
    }
    if (!stopping_) {
      if (ready_.empty()) co_await refill();
      if (trouble_) continue;
      start_waiting();
      idle_ = in_hand_.empty();
    }
    co_await signal_.wait(kLook);
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

// As many as take kBatchTime together, and no more than leaves some for every worker. One while a required plugin is
// down: what the others find meanwhile is found in vain.
std::size_t Analyst::batch_size() const {
  if (blocked_) return 1;
  const auto in_time = static_cast<std::size_t>(kBatchTime / std::max(article_time_, std::chrono::microseconds(1)));
  const std::size_t share = (ready_.size() + chains_->size() - 1) / chains_->size();
  return std::clamp<std::size_t>(std::min(in_time, share), 1, kMaxBatch);
}

void Analyst::keep_pace(std::size_t articles, std::chrono::steady_clock::duration took) {
  const auto each = std::chrono::duration_cast<std::chrono::microseconds>(took) / static_cast<std::int64_t>(articles);
  article_time_ = (article_time_ * 3 + each) / 4;
}

void Analyst::start_waiting() {
  while (!ready_.empty()) {
    auto chain = chains_->take();
    if (!chain) return;
    std::vector<Work> batch;
    for (std::size_t left = batch_size(); left > 0 && !ready_.empty(); --left) {
      if (!batch.empty() && batch.front().again != ready_.front().again) break;
      batch.push_back(std::move(ready_.front()));
      ready_.pop_front();
    }
    ++batches_;
    boost::asio::co_spawn(services_.loop, handle(std::move(batch), std::move(chain)), boost::asio::detached);
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
  chains_->request_stop();
  signal_.notify();
}

boost::asio::awaitable<void> Analyst::refill() {
  std::vector<std::string> down;
  for (const plugin::Health& plugin : chains_->host().health()) {
    if (plugin.state == plugin::State::kDown && !plugin.trial_due) down.push_back(plugin.info.id);
  }
  std::vector<store::Article> fresh;
  std::vector<store::MarkedArticle> marked;
  const std::size_t limit = kReadAhead + in_hand_.size();
  const bool alone = in_hand_.empty();
  store::Job look = [&](store::Transaction& store) -> Result<void> {
    auto found = store.pending_articles(cursor_, limit);
    if (!found) return tl::unexpected(std::move(found.error()));
    fresh = std::move(*found);
    if (!fresh.empty() || !alone) return {};
    auto again = store.marked_articles(down, kMarked);
    if (!again) return tl::unexpected(std::move(again.error()));
    marked = std::move(*again);
    return {};
  };
  Result<void> looked = co_await store::run_async(services_.store, std::move(look));
  if (!looked) {
    services_.log.error("cannot read waiting articles", {{"error", describe(looked.error())}});
    trouble_ = kStoreTrouble;
    co_return;
  }
  // At the end it begins anew: articles before it may have been taken out of quarantine.
  cursor_ = fresh.size() < limit ? store::ArticleId{0} : fresh.back().id;
  for (store::Article& article : fresh) {
    if (in_hand_.insert(article.id).second) ready_.push_back({std::move(article), /*again=*/false, /*raises=*/true});
  }
  for (store::MarkedArticle& one : marked) {
    if (in_hand_.insert(one.article.id).second) ready_.push_back({std::move(one.article), /*again=*/true, one.raises});
  }
}

boost::asio::awaitable<void> Analyst::handle(std::vector<Work> batch, std::unique_ptr<plugin::Chain> chain) {
  const auto chains = chains_;
  const auto start = std::chrono::steady_clock::now();
  auto work = [&batch, &chain]() {
    std::vector<plugin::Input> inputs;
    for (const Work& one : batch) inputs.push_back(input_of(one.article));
    return chain->analyze_all(inputs);
  };
  std::vector<Result<plugin::Analysis>> results = co_await services_.workers.run(std::move(work));
  chains->give_back(std::move(chain));
  keep_pace(batch.size(), std::chrono::steady_clock::now() - start);
  if (batch.front().again) {
    co_await settle_again(std::move(batch), std::move(results));
  } else {
    co_await settle_new(std::move(batch), std::move(results));
  }
  --batches_;
  signal_.notify();
}

// A required plugin is down, or was told to stop: the article waits its turn anew. It stays waiting in the store, too.
void Analyst::put_back(Work work, const Error& why) {
  if (why.code == ErrorCode::kUnavailable) {
    trouble_ = kPluginDown;
    if (!blocked_) blocked_ = Blocked{why, std::chrono::steady_clock::now()};
  }
  ready_.push_back(std::move(work));
}

void Analyst::note_store_trouble(const Error& error) {
  // What could not be stored stays waiting, and is analysed again.
  services_.log.error("cannot store an analysis", {{"error", describe(error)}});
  trouble_ = kStoreTrouble;
  cursor_ = store::ArticleId{0};
}

boost::asio::awaitable<void> Analyst::settle_new(std::vector<Work> batch,
                                                 std::vector<Result<plugin::Analysis>> results) {
  // What each came to; at its place in the batch, so that the jobs may refer to it.
  struct Settled {
    store::ArticleOutcome outcome;
    std::vector<alert::Raised> raised;
  };
  const auto config = config_;
  const Time now = services_.clock.now();
  std::vector<Settled> settled(batch.size());
  std::vector<std::size_t> places;  // of the articles that the jobs are about
  std::vector<store::Job> jobs;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (is_for_later(results[i])) {
      put_back(std::move(batch[i]), results[i].error());
      continue;
    }
    const store::Article& article = batch[i].article;
    places.push_back(i);
    if (!results[i]) {
      const Error& reason = results[i].error();
      services_.log.warn("quarantined an article",
                         {{"feed", article.feed_name}, {"title", article.title}, {"reason", describe(reason)}});
      jobs.push_back([&article, &reason, now](store::Transaction& store) {
        return store.quarantine_article(article.id, plugin_of(reason), describe(reason), now);
      });
      continue;
    }
    settled[i].outcome = outcome_of(article, *results[i], now);
    jobs.push_back(
        [&article, &one = settled[i], &result = results[i], &config](store::Transaction& store) -> Result<void> {
          auto alerts = settle(store, *config, article, *result, one.outcome);
          if (!alerts) return tl::unexpected(std::move(alerts.error()));
          one.raised = std::move(*alerts);
          return {};
        });
  }
  std::vector<Result<void>> done = co_await store::run_all_async(services_.store, std::move(jobs));
  for (std::size_t k = 0; k < places.size(); ++k) {
    const std::size_t i = places[k];
    const store::Article& article = batch[i].article;
    in_hand_.erase(article.id);
    if (!done[k]) {
      note_store_trouble(done[k].error());
      continue;
    }
    ++analysed_;
    blocked_.reset();
    if (!results[i]) continue;
    services_.log.debug("analysed an article", {{"feed", article.feed_name},
                                                {"relevance", settled[i].outcome.relevance},
                                                {"escalation", std::lround(settled[i].outcome.escalation)},
                                                {"title", article.title}});
    for (const alert::Raised& alert : settled[i].raised) services_.on_alert(alert);
  }
}

boost::asio::awaitable<void> Analyst::settle_again(std::vector<Work> batch,
                                                   std::vector<Result<plugin::Analysis>> results) {
  const auto config = config_;
  const Time now = services_.clock.now();
  std::vector<Again> all;
  std::vector<store::ArticleId> failed;  // their mark goes, their analysis stays
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const store::Article& article = batch[i].article;
    in_hand_.erase(article.id);
    if (results[i]) {
      store::ArticleOutcome outcome = outcome_of(article, *results[i], now);
      outcome.seen_only = false;
      outcome.annotations_json = plugin::annotations_json(input_of(article), *results[i]);
      all.push_back({&article, &*results[i], batch[i].raises, std::move(outcome)});
    } else if (is_for_later(results[i])) {
      if (results[i].error().code == ErrorCode::kUnavailable) trouble_ = kPluginDown;  // it stays marked
    } else {
      services_.log.warn(
          "could not analyse an article anew; its analysis stays",
          {{"feed", article.feed_name}, {"title", article.title}, {"reason", describe(results[i].error())}});
      failed.push_back(article.id);
    }
  }
  std::vector<alert::Raised> raised;
  store::Job job = [&](store::Transaction& store) -> Result<void> {
    for (const store::ArticleId id : failed) {
      if (auto done = store.await_plugins(id, {}); !done) return done;
    }
    auto alerts = service::settle_again(store, *config, all);
    if (!alerts) return tl::unexpected(std::move(alerts.error()));
    raised = std::move(*alerts);
    return {};
  };
  Result<void> done = co_await store::run_async(services_.store, std::move(job));
  if (!done) {
    note_store_trouble(done.error());
    co_return;
  }
  services_.log.debug("analysed articles anew", {{"articles", all.size()}, {"failed", failed.size()}});
  for (const alert::Raised& alert : raised) services_.on_alert(alert);
}

}  // namespace dprkwatch::service
