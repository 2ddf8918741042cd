#pragma once
// From a feed's document to the store: what is new, what was edited, what was taken back, what may have been missed.
// Private to service. [loop thread]

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "feed/feed.hpp"
#include "result/result.hpp"
#include "store/store.hpp"
#include "watch/completeness.hpp"
#include "workers/workers.hpp"

namespace dprkwatch::service {

// A document as it came.
struct Incoming {
  std::string body;
  std::string content_type;
  std::string url;  // after redirects: what relative links are relative to
};

// An entry that is stored and now reads otherwise.
struct Edit {
  std::string identity;
  std::int64_t entry_hash = 0;
  std::string title;
  std::string text;
};

// What a document comes to.
struct Batch {
  std::vector<store::NewArticle> articles;
  std::vector<Edit> edits;
  std::string window;  // see watch::window_of
  watch::Change change;
  std::string mended;         // what the document needed; empty for a sound one
  std::optional<Time> since;  // the poll before that went well
  // What it says of WebSub, to be read with the HTTP headers.
  std::vector<std::string> hub_urls;
  std::string feed_url;
};

// How the store took it.
struct Taken {
  std::size_t articles = 0;  // that were new
  std::size_t revisions = 0;
  std::size_t pages = 0;  // to be looked at
  std::optional<store::Gap> gap;
};

// The entries of a document of this feed: those of a feed in any format, or the links of an index page. Any thread.
[[nodiscard]] Result<feed::Feed> parse_document(const Incoming& document, const config::Feed& config);

class Intake {
 public:
  // Both outlive it.
  Intake(store::Store& store, Workers& workers) : store_(store), workers_(workers) {}

  // Reads a document of the feed: parses it, and cleans the entries that the store does not have as they are. Writes
  // the feed's rhythm and wishes into `state`, which lives as long as the call. Fails when the document is no feed, or
  // a page has no link that is wanted.
  [[nodiscard]] boost::asio::awaitable<Result<Batch>> read(config::Feed feed, store::FeedState& state,
                                                           Incoming document, Time now);

  // Stores the batch and the feed's state in one transaction (DESIGN §3, promise 1).
  [[nodiscard]] boost::asio::awaitable<Result<Taken>> keep(config::Feed feed, store::FeedState state, Batch batch,
                                                           Time now);

  // Stores the batch of a document that was pushed, which may be a part of the feed: its new and edited entries, and
  // nothing of the feed's own state. `also` runs in the same transaction.
  [[nodiscard]] boost::asio::awaitable<Result<Taken>> keep_pushed(config::Feed feed, store::FeedId id, Batch batch,
                                                                  store::Job also, Time now);

 private:
  store::Store& store_;
  Workers& workers_;
};

}  // namespace dprkwatch::service
