#include "api/api.hpp"

#include <boost/json.hpp>
#include <utility>

#include "store/async.hpp"

namespace dprkwatch::api {
namespace {

namespace json = boost::json;

http::ServerResponse answer(int status, json::object body) {
  http::ServerResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body = json::serialize(std::move(body)) + "\n";
  return response;
}

boost::asio::awaitable<http::ServerResponse> ready(store::Store& store) {
  store::Counts counts;
  store::Job look = [&counts](store::Transaction& transaction) -> Result<void> {
    auto found = transaction.counts();
    if (!found) return tl::unexpected(std::move(found.error()));
    counts = *found;
    return {};
  };
  Result<void> looked = co_await store::run_async(store, std::move(look));
  json::object body;
  body["ready"] = looked.has_value();
  if (!looked) {
    body["error"] = describe(looked.error());
    co_return answer(503, std::move(body));
  }
  body["feeds"] = counts.feeds;
  body["articles"] = counts.articles;
  body["waiting"] = counts.pending;
  body["quarantined"] = counts.quarantined;
  body["alerts"] = counts.alerts;
  body["deliveries_owed"] = counts.owed;
  body["dead_letters"] = counts.dead_letters;
  co_return answer(200, std::move(body));
}

boost::asio::awaitable<http::ServerResponse> handle(store::Store& store, http::ServerRequest request) {
  const std::string path = request.target.substr(0, request.target.find('?'));
  const bool reads = request.method == "GET" || request.method == "HEAD";
  json::object body;
  if (path == "/readyz" && reads) co_return co_await ready(store);
  if (path == "/healthz" && reads) {
    body["alive"] = true;
    co_return answer(200, std::move(body));
  }
  body["error"] = "no such path; there are /healthz and /readyz";
  co_return answer(404, std::move(body));
}

}  // namespace

http::Handler make_handler(store::Store& store) {
  return [&store](http::ServerRequest request) { return handle(store, std::move(request)); };
}

}  // namespace dprkwatch::api
