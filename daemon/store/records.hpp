#pragma once
// What the store keeps, as plain data. Each step turns its own types into these.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "clock/clock.hpp"

namespace dprkwatch::store {

// Strong ids: a feed's number is never mistaken for an article's.
enum class FeedId : std::int64_t {};
enum class ArticleId : std::int64_t {};
enum class DeliveryId : std::int64_t {};

// What one poll left behind: the conditions of the next request, and how it went.
struct FeedState {
  FeedId id{};
  std::string name;
  std::string url;
  std::string etag;           // as the server sent it; empty when it sent none
  std::string last_modified;  // the same
  std::optional<Time> last_poll;
  std::optional<Time> last_success;
  std::string last_error;     // of the last poll; empty when it succeeded
  std::int64_t failures = 0;  // in a row
  // The next poll as it was planned after the last one. No time once the feed is gone (410).
  std::optional<Time> next_poll;
  std::string poll_why;      // watch::name_of(Why); empty before the first poll
  Duration poll_interval{};  // as planned, without jitter
  // What the plan is made from.
  std::string moved_url;         // where the server said, for good, that the feed went
  std::int64_t moved_times = 0;  // in a row
  Duration entry_gap{};          // usual time between two entries; 0: unknown
  std::optional<Time> newest_entry;
  Duration ttl{};    // that the feed asks for; 0: none
  std::string skip;  // hours and days the feed leaves out, by blanks: "0 1 Sunday"
};

struct NewArticle {
  FeedId feed{};
  std::string identity;  // UNIQUE within the feed
  std::string url;
  std::string title;
  std::string text;
  std::string language;
  std::optional<Time> published;
  Time fetched{};
  std::int64_t entry_hash = 0;  // of the entry it came from, to see when that changes; 0: unknown
  bool wants_page = false;      // it waits for its page before it is analysed
};

// A published text that became another, or went away.
enum class RevisionKind { kEdited, kRemoved, kRestored };
[[nodiscard]] const char* name_of(RevisionKind kind) noexcept;  // "edited", "removed", "restored"

struct NewRevision {
  RevisionKind kind = RevisionKind::kEdited;
  std::string detail;  // how it was seen: "HTTP 404", "left the feed while older entries stayed"
  std::string title;   // the article's from now on
  std::string text;
  Time at{};
};

struct Revision {
  std::int64_t number = 0;  // 1, 2, ... of the article
  RevisionKind kind = RevisionKind::kEdited;
  Time at{};
  std::string detail;
  std::string title;  // before
  std::string text;   // before
  std::optional<double> escalation;  // before; nothing when it had not been analysed
};

struct Article {
  ArticleId id{};
  FeedId feed{};
  std::string feed_name;
  std::string identity;
  std::string url;
  std::string title;
  std::string text;
  std::string language;
  std::optional<Time> published;
  Time fetched{};
  // The last one, without texts; only from pending_articles, and with its kind alone from find_article.
  std::optional<Revision> revision;
};

// An article's page that is to be fetched: for the first time, or to see whether it changed.
struct ArticlePage {
  ArticleId article{};
  std::string feed_name;
  std::string url;
  std::string title;
  std::string text;
  std::string language;
  std::optional<Time> published;
  Time fetched{};        // the article
  bool is_first = true;  // the article waits for it
  bool is_removed = false;  // the last revision says that it is gone
  std::int64_t failures = 0;  // in a row
  std::int64_t looks = 0;     // that went well
};

// A time in which a feed may have had entries that nobody saw.
struct Gap {
  FeedId feed{};
  Time begin{};
  Time end{};
  std::int64_t entries = 0;  // that may be missing, by the feed's rhythm; 0: unknown
};

// An analysed article that is analysed anew.
struct MarkedArticle {
  Article article;
  bool raises = false;  // may raise alerts
};

// An article that an analyzer failed on.
struct Quarantined {
  ArticleId id{};
  std::string feed_name;
  std::string title;
  std::string plugin;  // empty when no plugin is to blame
  std::string reason;
  std::optional<Time> since;
};

// What analysis came to. Analysed articles keep their text; of those that are not about the subject (`seen`) only
// the identity, URL and title stay.
struct ArticleOutcome {
  bool seen_only = false;
  std::string relevance;  // about, passing, none
  double relevance_probability = 0;
  double escalation = 0;
  double deescalation = 0;
  int level = 0;
  std::string story;             // key that articles of one story share
  std::string annotations_json;  // array, as DESIGN §5 prints it
  std::string versions_json;     // object
  Time analysed{};
};

// One article's share in the series of a directed dyad.
struct SeriesPoint {
  std::string actor;
  std::string target;
  std::chrono::sys_days day;
  double escalation = 0;
  double deescalation = 0;
};

// A day of a dyad's series.
struct SeriesDay {
  std::chrono::sys_days day;
  std::int64_t articles = 0;
  double escalation_max = 0;
  double escalation_sum = 0;
  double deescalation_max = 0;
};

struct NewAlert {
  std::string id;    // stable: made from rule and story
  std::string rule;  // (rule, story) is UNIQUE
  std::string story;
  std::string severity;
  ArticleId article{};  // 0 for what the daemon says of itself
  std::string summary;  // one line for people
  std::string data_json;
  Time created{};
  std::string labels_json = "{}";
  std::optional<Time> resolve_at = {};  // when it ends by itself
};

// One alert on its way to one receiver. The body is fixed here and the same in every attempt.
struct NewDelivery {
  std::string alert_id;
  std::string receiver;
  std::string webhook_id;     // UNIQUE; the same in every attempt
  std::int64_t sequence = 0;  // of the receiver; see Transaction::next_sequence
  std::string body;
  Time first_attempt{};
  std::string kind = "alert.created";
  std::string group = {};  // key of the group it tells of; empty for none
};

struct Delivery {
  DeliveryId id{};
  std::string alert_id;
  std::string receiver;
  std::string webhook_id;
  std::int64_t sequence = 0;
  std::string body;
  std::int64_t attempts = 0;  // made so far
  Time next_attempt{};
  std::int64_t tries = 0;  // attempts since it was made or taken up again by hand: the place in the retry schedule
  Time created{};          // or taken up again
  std::string group = {};   // key of the group it tells of
  std::string thread = {};  // the receiver's own name of the message that it continues, set by the courier
};

enum class DeliveryState { kPending, kDelivered, kDead };

// How one attempt ended.
struct Attempt {
  DeliveryId delivery{};
  Time at{};
  int status = 0;      // HTTP status, 0 when there was no answer
  std::string answer;  // first bytes of the answer, or the error
  DeliveryState state = DeliveryState::kPending;
  std::optional<Time> next_attempt = {};  // when it stays pending
  std::string gone = {};  // mark of the endpoint that wants nothing more (410): disables the receiver
};

struct Counts {
  std::int64_t feeds = 0;
  std::int64_t articles = 0;
  std::int64_t pending = 0;  // stored, not yet analysed
  std::int64_t quarantined = 0;
  std::int64_t alerts = 0;
  std::int64_t owed = 0;  // deliveries still pending
  std::int64_t dead_letters = 0;
};

}  // namespace dprkwatch::store
