#pragma once
// Gets a feed's document politely: only when it changed (RFC 9110 §13.1), within limits.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "http/client.hpp"
#include "result/result.hpp"

namespace dprkwatch::fetch {

// What the server said of the document last time; sent back so that an unchanged one is not sent again.
struct Validators {
  std::string etag;
  std::string last_modified;
};

struct Document {
  bool not_modified = false;  // 304; then there is no body
  std::string body;
  std::string content_type;
  std::string url;  // where it came from, after redirects
  Validators validators;
};

// How one fetch went. What server and headers ask for is there whether it succeeded or not.
struct Outcome {
  Result<Document> document;
  int status = 0;            // of the last answer; 0 when none came
  std::string moved_to;      // where it was sent for good (301, 308); empty when it was not
  http::Headers headers;     // of the last answer
  std::string address = {};  // that gave it, with its port
};

// [loop thread] Any status but 200 and 304 is an error that names it; errors of the client pass through.
[[nodiscard]] boost::asio::awaitable<Outcome> fetch(http::Client& client, std::string url, Validators validators,
                                                    config::Fetch limits);

// Retry-After (RFC 9110 §10.2.3), in seconds or as a date; nothing when there is none that can be read. A date that
// has passed is zero.
[[nodiscard]] std::optional<Duration> retry_after(const http::Headers& headers, Time now);

// For how long the answer holds: Cache-Control's max-age less Age, else Expires less Date (RFC 9111 §4.2). Nothing when
// the server does not say, or says no-cache or no-store.
[[nodiscard]] std::optional<Duration> fresh_for(const http::Headers& headers, Time now);

}  // namespace dprkwatch::fetch
