#include "fetch/fetch.hpp"

#include <utility>

namespace dprkwatch::fetch {
namespace {

http::Request make_request(std::string url, const Validators& validators, const config::Fetch& limits) {
  http::Request request;
  request.url = std::move(url);
  request.max_bytes = limits.max_bytes;
  request.connect_timeout = limits.connect_timeout;
  request.timeout = limits.timeout;
  request.max_redirects = limits.max_redirects;
  request.headers.emplace_back(
      "Accept",
      "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
      "application/json;q=0.9, text/xml;q=0.8, */*;q=0.1");
  if (!validators.etag.empty()) request.headers.emplace_back("If-None-Match", validators.etag);
  if (!validators.last_modified.empty()) request.headers.emplace_back("If-Modified-Since", validators.last_modified);
  return request;
}

Error status_error(const http::Response& response) {
  const std::string status = std::to_string(response.status);
  const auto code = response.status >= 500 || response.status == 429   ? ErrorCode::kUnavailable
                    : response.status == 404 || response.status == 410 ? ErrorCode::kNotFound
                                                                       : ErrorCode::kRefused;
  return {code, "the server answered HTTP " + status + " instead of the feed", response.url};
}

}  // namespace

boost::asio::awaitable<Outcome> fetch(http::Client& client, std::string url, Validators validators,
                                      config::Fetch limits) {
  http::Request request = make_request(std::move(url), validators, limits);
  Result<http::Response> response = co_await client.send(std::move(request));
  Outcome outcome;
  if (!response) {
    outcome.document = tl::unexpected(std::move(response.error()));
    co_return outcome;
  }
  outcome.status = response->status;
  if (response->moved_for_good) outcome.moved_to = response->url;
  if (response->status == 304) {
    outcome.document->not_modified = true;
    outcome.document->url = response->url;
    outcome.document->validators = std::move(validators);
  } else if (response->status == 200) {
    outcome.document->url = response->url;
    outcome.document->content_type = http::header(response->headers, "content-type");
    outcome.document->validators.etag = http::header(response->headers, "etag");
    outcome.document->validators.last_modified = http::header(response->headers, "last-modified");
    outcome.document->body = std::move(response->body);
  } else {
    outcome.document = tl::unexpected(status_error(*response));
  }
  outcome.headers = std::move(response->headers);
  outcome.address = std::move(response->address);
  co_return outcome;
}

}  // namespace dprkwatch::fetch
