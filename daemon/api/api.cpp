#include "api/api.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <utility>

#include "api/alerting.hpp"
#include "api/assets.hpp"
#include "api/atom.hpp"
#include "api/metrics.hpp"
#include "api/request.hpp"
#include "api/views.hpp"
#include "trend/trend.hpp"

namespace dprkwatch::api {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;
using http::ServerRequest;
using http::ServerResponse;
using Answer = Result<ServerResponse>;

constexpr std::string_view kApi = "/api/v1/";
constexpr std::chrono::days kDefaultSeries{180};

template <class Row, class View, class Cursor>
ServerResponse list_answer(const std::vector<Row>& rows, std::size_t limit, View to_view, Cursor cursor) {
  json::array items;
  for (const Row& row : rows) items.push_back(to_view(row));
  json::value next = nullptr;
  if (rows.size() == limit) next = cursor(rows.back());
  return json_answer(200, json::object{{"items", std::move(items)}, {"next", std::move(next)}});
}

// A resource: reads its parameters, then the store. [the reader's thread]
using Resource = Answer (*)(store::Reader& reader, Parameters& parameters, const Clock& clock);

Answer articles(store::Reader& reader, Parameters& parameters, const Clock&) {
  store::ArticleQuery query;
  query.page = parameters.page();
  query.feed = parameters.text("feed");
  query.language = parameters.text("language");
  query.relevance = parameters.text("relevance");
  query.story = parameters.text("story");
  query.min_escalation = parameters.number("min_escalation", 0, 100);
  query.from = parameters.time("from");
  query.to = parameters.time("to");
  query.words = parameters.text("q");
  std::tie(query.actor, query.target) = parameters.dyad();
  if (auto known = parameters.finish(); !known) return tl::unexpected(std::move(known.error()));
  auto rows = reader.articles(query);
  if (!rows) return tl::unexpected(std::move(rows.error()));
  return list_answer(
      *rows, query.page.limit, [](const store::ArticleRow& row) { return view(row, /*whole=*/false); },
      [](const store::ArticleRow& row) { return static_cast<std::int64_t>(row.article.id); });
}

Answer alerts(store::Reader& reader, Parameters& parameters, const Clock&) {
  const store::Page page = parameters.page();
  if (auto known = parameters.finish(); !known) return tl::unexpected(std::move(known.error()));
  auto rows = reader.alerts(page);
  if (!rows) return tl::unexpected(std::move(rows.error()));
  return list_answer(
      *rows, page.limit, [](const store::AlertRow& row) { return view(row); },
      [](const store::AlertRow& row) { return row.cursor; });
}

Answer deliveries(store::Reader& reader, Parameters& parameters, const Clock&) {
  const store::Page page = parameters.page();
  const std::string name = parameters.text("state");
  if (auto known = parameters.finish(); !known) return tl::unexpected(std::move(known.error()));
  constexpr std::array<std::string_view, 3> kNames{"pending", "delivered", "dead"};
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (!name.empty() && found == kNames.end()) {
    return fail(ErrorCode::kInvalidInput, "`state`: expected pending, delivered or dead");
  }
  std::optional<store::DeliveryState> state;
  if (!name.empty()) state = static_cast<store::DeliveryState>(found - kNames.begin());
  auto rows = reader.deliveries(page, state);
  if (!rows) return tl::unexpected(std::move(rows.error()));
  return list_answer(
      *rows, page.limit, [](const store::DeliveryRow& row) { return view(row); },
      [](const store::DeliveryRow& row) { return static_cast<std::int64_t>(row.delivery.id); });
}

Answer stories(store::Reader& reader, Parameters& parameters, const Clock&) {
  const store::Page page = parameters.page();
  if (auto known = parameters.finish(); !known) return tl::unexpected(std::move(known.error()));
  auto rows = reader.stories(page);
  if (!rows) return tl::unexpected(std::move(rows.error()));
  return list_answer(
      *rows, page.limit, [](const store::StoryRow& row) { return view(row); },
      [](const store::StoryRow& row) { return row.cursor; });
}

Answer series(store::Reader& reader, Parameters& parameters, const Clock& clock) {
  const auto [actor, target] = parameters.dyad();
  const auto first = parameters.time("from");
  const auto last = parameters.time("to");
  if (auto known = parameters.finish(); !known) return tl::unexpected(std::move(known.error()));
  const auto to = last ? trend::day_of(*last) : trend::day_of(clock.now()) + std::chrono::days(1);
  const auto from = first ? trend::day_of(*first) : to - kDefaultSeries;
  auto rows = reader.series(from - trend::kPast, to);
  if (!rows) return tl::unexpected(std::move(rows.error()));
  std::erase_if(*rows, [&](const store::SeriesRow& row) {
    return (!actor.empty() && row.actor != actor) || (!target.empty() && row.target != target);
  });
  return json_answer(200, view(*rows, from));
}

Answer feeds(store::Reader& reader, Parameters& parameters, const Clock&) {
  if (auto known = parameters.finish(); !known) return tl::unexpected(std::move(known.error()));
  auto rows = reader.feeds();
  if (!rows) return tl::unexpected(std::move(rows.error()));
  return list_answer(
      *rows, SIZE_MAX, [](const store::FeedState& row) { return view(row); },
      [](const store::FeedState&) { return 0; });
}

Resource find_resource(std::string_view name) {
  if (name == "articles") return &articles;
  if (name == "alerts") return &alerts;
  if (name == "deliveries") return &deliveries;
  if (name == "stories") return &stories;
  if (name == "series") return &series;
  if (name == "feeds") return &feeds;
  return nullptr;
}

Answer one_article(store::Reader& reader, const std::string& id) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  if (error != std::errc() || end != id.data() + id.size()) {
    return fail(ErrorCode::kInvalidInput, "expected the number of an article");
  }
  auto row = reader.article(store::ArticleId{number});
  if (!row) return tl::unexpected(std::move(row.error()));
  if (!*row) return error_answer(404, "no article " + id);
  return json_answer(200, view(**row, /*whole=*/true));
}

// Nothing that the page shows runs or loads anything but the page's own files. Style attributes are what dygraphs writes.
void secure(ServerResponse& response) {
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; script-src 'self'; style-src 'self'; "
                                "style-src-attr 'unsafe-inline'; connect-src 'self'; "
                                "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
}

// A validator for what was made, so that a page that looks every few seconds is not sent the same again.
void tag(const ServerRequest& request, ServerResponse& response) {
  if (response.status != 200) return;
  const std::string value = "\"" + std::to_string(std::hash<std::string>{}(response.body)) + "\"";
  response.headers.emplace_back("ETag", value);
  response.headers.emplace_back("Cache-Control", "no-cache");
  if (http::header(request.headers, "if-none-match") != value) return;
  response.status = 304;
  response.body.clear();
}

bool authorized(const ServerRequest& request, const std::string& token) {
  if (token.empty()) return true;
  const std::string wanted = "Bearer " + token;
  const std::string_view given = http::header(request.headers, "authorization");
  return given.size() == wanted.size() && CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) == 0;
}

class Router {
 public:
  explicit Router(Sources sources) : sources_(std::move(sources)) {}

  awaitable<ServerResponse> answer(ServerRequest request) {
    ServerResponse response = error_answer(405, "only GET and HEAD are answered here, and POST and DELETE of silences");
    if (request.method == "GET" || request.method == "HEAD") {
      Result<Target> target = parse_target(request.target);
      if (target) {
        response = co_await route(request, std::move(*target));
        tag(request, response);
      } else {
        response = error_answer(target.error());
      }
    } else if ((request.method == "POST" || request.method == "DELETE") && sources_.writer != nullptr) {
      response = co_await write(request);
    }
    secure(response);
    co_return response;
  }

 private:
  awaitable<ServerResponse> write(const ServerRequest& request) {
    const Result<Target> target = parse_target(request.target);
    if (!target) co_return error_answer(target.error());
    if (!authorized(request, sources_.token)) co_return unauthorized();
    if (const auto why = refused_write(request, !sources_.token.empty())) co_return error_answer(403, *why);
    if (!target->path.starts_with(kApi)) co_return error_answer(404, "no such path");
    std::string name = target->path.substr(kApi.size());
    co_return co_await write_silence(sources_, request, std::move(name));
  }

  static ServerResponse unauthorized() {
    ServerResponse refused = error_answer(401, "expected the header Authorization: Bearer TOKEN");
    refused.headers.emplace_back("WWW-Authenticate", "Bearer");
    return refused;
  }

  awaitable<ServerResponse> route(const ServerRequest& request, Target target) {
    if (target.path == "/healthz") co_return json_answer(200, json::object{{"alive", true}});
    if (target.path == "/readyz") co_return co_await ready();
    for (const Asset& asset : assets()) {
      if (asset.path != target.path) continue;
      ServerResponse page;
      page.headers.emplace_back("Content-Type", std::string(asset.content_type) + "; charset=utf-8");
      page.body = std::string(asset.bytes);
      co_return page;
    }
    if (!authorized(request, sources_.token)) co_return unauthorized();
    if (target.path == "/metrics") co_return co_await numbers();
    if (target.path == "/alerts.atom") co_return co_await alerts_as_atom();
    if (target.path.starts_with(kApi)) {
      const std::string name = target.path.substr(kApi.size());
      co_return co_await resource(name, Parameters(std::move(target.query)));
    }
    co_return error_answer(404, "no such path");
  }

  awaitable<ServerResponse> resource(std::string name, Parameters parameters) {
    if (name == "plugins") co_return plugins(parameters);
    Answer answer = error_answer(404, "no such resource");
    const auto in_force = sources_.config ? sources_.config() : std::make_shared<const config::Config>();
    auto own = [this, in_force, name, &parameters] { return alerting_resource(sources_, *in_force, name, parameters); };
    std::optional<Answer> found_own = co_await sources_.thread.run(std::move(own));
    if (found_own) {
      if (!*found_own) co_return error_answer(found_own->error());
      co_return std::move(**found_own);
    }
    if (name.starts_with("articles/")) {
      auto work = [this, id = name.substr(std::string_view("articles/").size())] {
        return one_article(sources_.reader, id);
      };
      answer = co_await sources_.thread.run(std::move(work));
    } else if (const Resource found = find_resource(name); found != nullptr) {
      auto work = [this, found, &parameters] { return found(sources_.reader, parameters, sources_.clock); };
      answer = co_await sources_.thread.run(std::move(work));
    }
    if (!answer) co_return error_answer(answer.error());
    co_return std::move(*answer);
  }

  ServerResponse plugins(const Parameters& parameters) const {
    if (auto known = parameters.finish(); !known) return error_answer(known.error());
    json::array items;
    for (const plugin::PluginInfo& plugin : sources_.plugins()) items.push_back(view(plugin));
    return json_answer(200, json::object{{"items", std::move(items)}, {"next", nullptr}});
  }

  awaitable<ServerResponse> ready() {
    auto work = [this] { return sources_.reader.counts(); };
    Result<store::Counts> counts = co_await sources_.thread.run(std::move(work));
    if (!counts) co_return json_answer(503, json::object{{"ready", false}, {"error", describe(counts.error())}});
    json::object body{{"ready", true}};
    for (auto& [key, value] : view(*counts)) body[key] = value;
    co_return json_answer(200, body);
  }

  awaitable<ServerResponse> numbers() {
    auto work = [this] { return sources_.reader.counts(); };
    Result<store::Counts> counts = co_await sources_.thread.run(std::move(work));
    if (!counts) co_return error_answer(counts.error());
    ServerResponse response;
    response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.body = metrics(sources_.activity(), *counts, sources_.version);
    co_return response;
  }

  awaitable<ServerResponse> alerts_as_atom() {
    auto work = [this] { return sources_.reader.alerts(store::Page{}); };
    Result<std::vector<store::AlertRow>> rows = co_await sources_.thread.run(std::move(work));
    if (!rows) co_return error_answer(rows.error());
    ServerResponse response;
    response.headers.emplace_back("Content-Type", "application/atom+xml; charset=utf-8");
    response.body = atom(*rows, sources_.clock.now());
    co_return response;
  }

  Sources sources_;
};

}  // namespace

http::Handler make_handler(Sources sources) {
  auto router = std::make_shared<Router>(std::move(sources));
  return [router](ServerRequest request) { return router->answer(std::move(request)); };
}

}  // namespace dprkwatch::api
