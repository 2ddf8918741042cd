#pragma once
// Gets a feed's document politely: only when it changed (RFC 9110 §13.1), within limits.

#include <boost/asio/awaitable.hpp>
#include <string>

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

// [loop thread] Any status but 200 and 304 is an error that names it; errors of the client pass through.
[[nodiscard]] boost::asio::awaitable<Result<Document>> fetch(http::Client& client, std::string url,
                                                             Validators validators, config::Fetch limits);

}  // namespace dprkwatch::fetch
