#pragma once
// What people are shown of the store: reads on a connection of their own, beside the daemon that writes.
//
// Lists come newest first and in pages: `before` is the `cursor` of the last row of the page before, 0 for the first
// page.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clock/clock.hpp"
#include "result/result.hpp"
#include "store/records.hpp"
#include "store/store.hpp"
#include "store/subscription.hpp"

namespace dprkwatch::store {

[[nodiscard]] const char* name_of(DeliveryState state) noexcept;  // "pending", "delivered", "dead"

struct Page {
  std::int64_t before = 0;
  std::size_t limit = 50;
};

// Which articles; an empty or absent field asks nothing. Times are those of publication, else of fetching.
struct ArticleQuery {
  Page page;
  std::string feed;
  std::string language;
  std::string relevance;
  std::string story;
  std::string actor;  // of one of its dyads
  std::string target;
  std::optional<double> min_escalation;
  std::optional<Time> from;  // inclusive
  std::optional<Time> to;    // exclusive
  std::string words;         // all stand in title or text of a relevant article; docs/api.md says how they match
};

struct ArticleRow {
  std::int64_t cursor = 0;
  Article article;     // `text` only from Reader::article
  std::string state;   // waiting, analysed, seen, quarantined, page (waits for its page)
  std::string reason;  // why it was quarantined
  std::optional<ArticleOutcome> outcome;
};

struct AlertRow {
  std::int64_t cursor = 0;
  NewAlert alert;
  bool resolved = false;
  Time updated{};
  std::int64_t articles = 1;
  std::string acked_by;  // empty: nobody
};

struct DeliveryRow {
  Delivery delivery;  // without the body
  DeliveryState state = DeliveryState::kPending;
  int last_status = 0;  // of the last attempt; 0 when there was none, or no answer
  std::string last_answer;
  std::optional<Time> last_attempt;
};

struct StoryRow {
  std::int64_t cursor = 0;
  std::string story;
  std::int64_t size = 0;  // articles
  std::string title;      // of the first
  double escalation = 0;  // the highest
  Time first{};           // fetched
  Time last{};
};

struct FeedCount {
  FeedId feed{};
  std::int64_t articles = 0;
};

struct SeriesRow {
  std::string actor;
  std::string target;
  SeriesDay day;
};

// One thread at a time.
class Reader {
 public:
  // The database of `url` must exist: a Store has been opened on it before.
  [[nodiscard]] static Result<std::unique_ptr<Reader>> open(const std::string& url);
  virtual ~Reader() = default;

  [[nodiscard]] virtual Result<std::vector<ArticleRow>> articles(const ArticleQuery& query) = 0;
  // One article with its text; nothing when there is none of that id.
  [[nodiscard]] virtual Result<std::optional<ArticleRow>> article(ArticleId id) = 0;
  // By rising number.
  [[nodiscard]] virtual Result<std::vector<Revision>> revisions(ArticleId article) = 0;
  // Those that reach into [from, to), by rising time.
  [[nodiscard]] virtual Result<std::vector<Gap>> gaps(Time from, Time to) = 0;
  // Articles that an analyzer failed on, and how many of them each plugin has.
  [[nodiscard]] virtual Result<std::vector<Quarantined>> quarantined(const Page& page) = 0;
  [[nodiscard]] virtual Result<std::vector<std::pair<std::string, std::int64_t>>> quarantined_by_plugin() = 0;
  [[nodiscard]] virtual Result<std::vector<AlertRow>> alerts(const Page& page) = 0;
  // Those with a cursor beyond `cursor`, oldest first.
  [[nodiscard]] virtual Result<std::vector<AlertRow>> alerts_after(std::int64_t cursor, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::vector<DeliveryRow>> deliveries(const Page& page,
                                                                    std::optional<DeliveryState> state) = 0;
  [[nodiscard]] virtual Result<std::vector<StoryRow>> stories(const Page& page) = 0;
  // Every dyad's days in [from, to), by dyad and rising day.
  [[nodiscard]] virtual Result<std::vector<SeriesRow>> series(std::chrono::sys_days from, std::chrono::sys_days to) = 0;
  [[nodiscard]] virtual Result<std::vector<FeedState>> feeds() = 0;
  // Articles of each feed since `from`, by the time of publication, else of fetching; feeds without are absent. By id.
  [[nodiscard]] virtual Result<std::vector<FeedCount>> feed_counts(Time from) = 0;
  [[nodiscard]] virtual Result<std::vector<Subscription>> subscriptions() = 0;
  [[nodiscard]] virtual Result<Counts> counts() = 0;
  // The reads that the writer makes too; what would write fails.
  [[nodiscard]] virtual Transaction& transaction() = 0;
};

}  // namespace dprkwatch::store
