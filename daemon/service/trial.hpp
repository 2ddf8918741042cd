#pragma once
// One poll of a feed as the daemon would make it, with everything that it met, for a person who wants to know why a
// feed does what it does. Nothing is stored.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "feed/feed.hpp"
#include "http/headers.hpp"
#include "result/result.hpp"

namespace dprkwatch::service {

// One request and its answer.
struct Hop {
  std::string url;
  std::string address;  // that answered; empty when none did
  int status = 0;       // 0 when no answer came
  std::string to;       // where a redirect leads; empty for other answers
  std::chrono::milliseconds took{};
};

struct TrialEntry {
  std::string title;  // plain text
  std::string url;
  std::optional<Time> published;
};

struct Trial {
  std::vector<Hop> hops;        // the last is where it ended
  bool moved_for_good = false;  // every redirect was 301 or 308
  http::Headers headers;        // of the last answer, those that steer polling
  std::size_t bytes = 0;        // of the document, decoded
  std::string encoding;         // "EUC-KR, by the HTTP header"
  std::optional<feed::Feed> feed;
  std::string title;  // of the feed, plain text
  std::vector<TrialEntry> entries;
  std::optional<Error> error;  // why there is no feed
  // The second request, with the first one's validators. Not made after an error.
  bool has_validators = false;
  std::optional<int> again_status;  // 304: the server knows that nothing changed
  // The next poll, were this the first.
  bool gone = false;  // there is none
  Time next_poll{};
  Duration interval{};
  std::string why;  // watch::name_of(Why)
};

// Polls `feed` on a loop of its own; blocks. Of `config`, `fetch` and `network` count. Fails when network.allow can not
// be read; what goes wrong with the feed is in the trial.
[[nodiscard]] Result<Trial> try_feed(const config::Feed& feed, const config::Config& config, const Clock& clock,
                                     const std::string& version);

}  // namespace dprkwatch::service
