#pragma once
// The durable state: feeds' validators, articles, findings, series, alerts and the outbox.
//
// One thread owns the write connection. Jobs are queued to it, run in order, several in one commit (group commit), each
// inside a savepoint of its own so that one that fails takes no other with it. A job's completion is called after the
// commit: what it was told is on disk. SQLite in WAL mode with synchronous=FULL; `kill -9` or a power cut loses no
// commit.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clock/clock.hpp"
#include "result/result.hpp"
#include "store/alerting.hpp"
#include "store/records.hpp"
#include "store/subscription.hpp"

namespace dprkwatch::store {

// The operations inside one transaction. Implemented by each engine. [store thread]
class Transaction : public AlertingOperations {
 public:
  // Feeds. `ensure_feed` finds by name or makes; a changed URL clears the validators.
  [[nodiscard]] virtual Result<FeedState> ensure_feed(std::string_view name, std::string_view url) = 0;
  [[nodiscard]] virtual Result<std::vector<FeedState>> feeds() = 0;
  [[nodiscard]] virtual Result<void> save_feed(const FeedState& state) = 0;

  // Puts relevant articles that are not in the index of words yet into it, at most `limit` (each takes a few tenths of
  // a millisecond); how many it were.
  [[nodiscard]] virtual Result<std::size_t> index_articles(std::size_t limit) = 0;

  // Articles. `unknown`: those of the identities that the feed has not stored yet, in the order given.
  [[nodiscard]] virtual Result<std::vector<std::string>> unknown(FeedId feed,
                                                                 std::span<const std::string> identities) = 0;
  // False when the identity was there already: the same entry never becomes two articles.
  [[nodiscard]] virtual Result<bool> insert_article(const NewArticle& article) = 0;
  // Those of the identities that are stored and whose entry was another then (NewArticle::entry_hash), in the order
  // given.
  [[nodiscard]] virtual Result<std::vector<std::string>> changed(FeedId feed, std::span<const std::string> identities,
                                                                 std::span<const std::int64_t> hashes) = 0;
  // By its identity, or by the first 16 digits of it; nothing when the feed has none.
  [[nodiscard]] virtual Result<std::optional<Article>> find_article(FeedId feed, std::string_view identity) = 0;
  [[nodiscard]] virtual Result<void> set_entry_hash(ArticleId article, std::int64_t hash) = 0;

  // Pages. `due_pages`: by rising time, those to look at by `now`.
  [[nodiscard]] virtual Result<std::vector<ArticlePage>> due_pages(Time now, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<Time>> next_page_due() = 0;
  // Looks at the page again at `due`; `failures` and `looks` as they are then.
  [[nodiscard]] virtual Result<void> plan_page(ArticleId article, Time due, std::int64_t failures,
                                               std::int64_t looks) = 0;
  [[nodiscard]] virtual Result<void> drop_page(ArticleId article) = 0;
  // What its page holds; the article then waits for analysis.
  [[nodiscard]] virtual Result<void> fill_article(const ArticlePage& page) = 0;

  // Keeps the article as it was, gives it the new texts, and has it analysed again. False, and nothing done, when the
  // article is not one that was analysed.
  [[nodiscard]] virtual Result<bool> add_revision(ArticleId article, const NewRevision& revision) = 0;
  // How the article was analysed before; nothing when it was not.
  struct Before {
    std::string story;
    double escalation = 0;
  };
  [[nodiscard]] virtual Result<std::optional<Before>> analysed_before(ArticleId article) = 0;

  // Completeness: the identities of the feed's last document (see schema.cpp), and the times in which entries may have
  // been missed. A gap that begins where another does replaces it.
  [[nodiscard]] virtual Result<std::string> window(FeedId feed) = 0;
  [[nodiscard]] virtual Result<void> save_window(FeedId feed, std::string_view window) = 0;
  [[nodiscard]] virtual Result<void> add_gap(const Gap& gap) = 0;

  // Articles that wait for analysis, by rising id, after `after`.
  [[nodiscard]] virtual Result<std::vector<Article>> pending_articles(ArticleId after, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<void> finish_article(ArticleId article, const ArticleOutcome& outcome) = 0;
  // `plugin`: the id of the analyzer that failed on it; empty when it was none.
  [[nodiscard]] virtual Result<void> quarantine_article(ArticleId article, std::string_view plugin,
                                                        std::string_view reason, Time at) = 0;
  // Makes quarantined articles wait for analysis again: the one, or with no id all (of the plugin, unless it is empty).
  // Gives how many.
  [[nodiscard]] virtual Result<std::int64_t> release_articles(std::optional<ArticleId> article,
                                                              std::string_view plugin) = 0;

  // Analysed articles that are to be analysed anew. `await_plugins`: when these, which were down, are back; replaces
  // the article's mark, and with none removes it. `mark_since`: those published (else fetched) since then, without
  // raising alerts; gives how many. Marks that are there stay.
  [[nodiscard]] virtual Result<void> await_plugins(ArticleId article, std::span<const std::string> plugins) = 0;
  [[nodiscard]] virtual Result<std::int64_t> mark_since(Time since) = 0;
  // By rising id, without those that wait for a plugin of `down`.
  [[nodiscard]] virtual Result<std::vector<MarkedArticle>> marked_articles(std::span<const std::string> down,
                                                                           std::size_t limit) = 0;
  // Of those that wait for no plugin.
  [[nodiscard]] virtual Result<std::int64_t> count_marked() = 0;

  // Whether an analysed article already tells this story.
  [[nodiscard]] virtual Result<bool> story_known(std::string_view story) = 0;

  // Series.
  [[nodiscard]] virtual Result<void> add_to_series(const SeriesPoint& point) = 0;
  // Makes the days [day, day + 1) of all dyads anew from what is stored of the articles of [from, to): those about the
  // subject, the first of each story. After an analysis was replaced.
  [[nodiscard]] virtual Result<void> rebuild_series(std::chrono::sys_days day, Time from, Time to) = 0;
  // Days of a dyad in [from, to), by rising day; days without articles are absent.
  [[nodiscard]] virtual Result<std::vector<SeriesDay>> series(std::string_view actor, std::string_view target,
                                                              std::chrono::sys_days from, std::chrono::sys_days to) = 0;

  // Alerts and the outbox. `insert_alert`: false when the rule has already alerted on the story.
  [[nodiscard]] virtual Result<bool> insert_alert(const NewAlert& alert) = 0;
  // The next number for the receiver: 1, 2, 3, ... without gaps among committed deliveries.
  [[nodiscard]] virtual Result<std::int64_t> next_sequence(std::string_view receiver) = 0;
  [[nodiscard]] virtual Result<void> enqueue(const NewDelivery& delivery) = 0;
  // Pending deliveries of the receiver that are due at `now`, first attempts by sequence before retries by time.
  [[nodiscard]] virtual Result<std::vector<Delivery>> due_deliveries(std::string_view receiver, Time now,
                                                                     std::size_t limit) = 0;
  // When the next pending delivery of the receiver that is not due at `after` will be; nothing when there is none.
  [[nodiscard]] virtual Result<std::optional<Time>> next_due(std::string_view receiver, Time after) = 0;
  [[nodiscard]] virtual Result<void> record_attempt(const Attempt& attempt) = 0;

  // WebSub subscriptions. `save_subscription` adds one, or changes the one of that token.
  [[nodiscard]] virtual Result<std::vector<Subscription>> subscriptions() = 0;
  [[nodiscard]] virtual Result<void> save_subscription(const Subscription& subscription) = 0;
  [[nodiscard]] virtual Result<void> remove_subscription(std::string_view token) = 0;
  // Sets `last_push` and `pushing`, clears `last_error`; nothing for a token that is not there.
  [[nodiscard]] virtual Result<void> note_push(std::string_view token, Time at) = 0;

  [[nodiscard]] virtual Result<Counts> counts() = 0;
};

using Job = std::function<Result<void>(Transaction&)>;
// Called once on the store thread, after the commit; an error when the job or the commit failed, and then nothing of
// the job was kept.
using Completion = std::function<void(Result<void>)>;

class Store {
 public:
  // Opens (makes, migrates) the database of `url`: "sqlite:PATH". Fails with kStorage and what to do: no such folder,
  // not a database, written by a newer version, locked by another daemon.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::string& url);

  // For one short job beside a daemon that may be running on the same store: where one is, its schema must be this
  // program's, and SQLite's own lock puts the two writers in turn.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open_beside(const std::string& url);

  virtual ~Store() = default;  // runs what is queued, then closes

  // [any thread] Queues a job; never blocks. Callers bound what they have in flight.
  virtual void submit(Job job, Completion completion) = 0;

  // [any thread but the store's] Runs a job and waits for its commit. For start-up and tests.
  [[nodiscard]] virtual Result<void> run(Job job) = 0;
};

}  // namespace dprkwatch::store
