#pragma once
// Gets a feed's document politely: only when it changed (RFC 9110 §13.1), within limits.

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "http/client.hpp"
#include "process/process.hpp"
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

// Where a feed's document comes from.
struct Source {
  std::string url;                                     // http or https; else what names it
  std::shared_ptr<const config::FeedDetails> details;  // a command or a file instead, credentials, a filter; or null
};

// [loop thread] The document of a URL, a command or a file, after the filter if there is one. Any status but 200 and
// 304 is an error that names it; errors of the client and of commands pass through. A file's validator is its time and
// size. Client and commands outlive the call.
[[nodiscard]] boost::asio::awaitable<Outcome> fetch(http::Client& client, process::Commands& commands, Source source,
                                                    Validators validators, config::Fetch limits);

// The request for a web page: with the limits, the credentials and headers of `details` when it is not null.
[[nodiscard]] http::Request make_request(const Source& source, const config::Fetch& limits);

// Retry-After (RFC 9110 §10.2.3), in seconds or as a date; nothing when there is none that can be read. A date that
// has passed is zero.
[[nodiscard]] std::optional<Duration> retry_after(const http::Headers& headers, Time now);

// For how long the answer holds: Cache-Control's max-age less Age, else Expires less Date (RFC 9111 §4.2). Nothing when
// the server does not say, or says no-cache or no-store.
[[nodiscard]] std::optional<Duration> fresh_for(const http::Headers& headers, Time now);

}  // namespace dprkwatch::fetch
