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
  request.headers.emplace_back("Accept",
                               "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
                               "application/json;q=0.9, text/xml;q=0.8, */*;q=0.1");
  if (!validators.etag.empty()) request.headers.emplace_back("If-None-Match", validators.etag);
  if (!validators.last_modified.empty()) request.headers.emplace_back("If-Modified-Since", validators.last_modified);
  return request;
}

Error status_error(const http::Response& response) {
  const std::string status = std::to_string(response.status);
  const auto code = response.status >= 500 || response.status == 429 ? ErrorCode::kUnavailable
                    : response.status == 404 || response.status == 410 ? ErrorCode::kNotFound
                                                                       : ErrorCode::kRefused;
  return {code, "the server answered HTTP " + status + " instead of the feed", response.url};
}

}  // namespace

boost::asio::awaitable<Result<Document>> fetch(http::Client& client, std::string url, Validators validators,
                                               config::Fetch limits) {
  http::Request request = make_request(std::move(url), validators, limits);
  Result<http::Response> response = co_await client.send(std::move(request));
  if (!response) co_return tl::unexpected(std::move(response.error()));
  Document document;
  document.url = response->url;
  if (response->status == 304) {
    document.not_modified = true;
    document.validators = std::move(validators);
    co_return document;
  }
  if (response->status != 200) co_return tl::unexpected(status_error(*response));
  document.content_type = http::header(response->headers, "content-type");
  document.validators.etag = http::header(response->headers, "etag");
  document.validators.last_modified = http::header(response->headers, "last-modified");
  document.body = std::move(response->body);
  co_return document;
}

}  // namespace dprkwatch::fetch
