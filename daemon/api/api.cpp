#include "api/api.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <unordered_map>
#include <utility>

#include "api/alerting.hpp"
#include "api/assets.hpp"
#include "api/atom.hpp"
#include "api/compress.hpp"
#include "api/metrics.hpp"
#include "api/plugin_health.hpp"
#include "api/request.hpp"
#include "api/stream.hpp"
#include "api/views.hpp"
#include "api/writes.hpp"
#include "trend/trend.hpp"
#include "websub/websub.hpp"

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
      [](const store::ArticleRow& row) { return row.cursor; });
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

Answer quarantine(store::Reader& reader, Parameters& parameters, const Clock&) {
  const store::Page page = parameters.page();
  if (auto known = parameters.finish(); !known) return tl::unexpected(std::move(known.error()));
  auto rows = reader.quarantined(page);
  if (!rows) return tl::unexpected(std::move(rows.error()));
  return list_answer(
      *rows, page.limit, [](const store::Quarantined& row) { return view(row); },
      [](const store::Quarantined& row) { return static_cast<std::int64_t>(row.id); });
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
  json::object body = view(*rows, from);
  auto feeds = reader.feeds();
  if (!feeds) return tl::unexpected(std::move(feeds.error()));
  auto gaps = reader.gaps(Time(from), Time(to));
  if (!gaps) return tl::unexpected(std::move(gaps.error()));
  body["blind"] = view(*gaps, *feeds);
  return json_answer(200, body);
}

// A live subscription says more than the one that is to follow it.
bool says_more(const store::Subscription& left, const store::Subscription& right, Time now) {
  if (websub::is_live(left, now) != websub::is_live(right, now)) return websub::is_live(left, now);
  return left.state < right.state;
}

Answer feeds(store::Reader& reader, Parameters& parameters, const Clock& clock) {
  if (auto known = parameters.finish(); !known) return tl::unexpected(std::move(known.error()));
  auto rows = reader.feeds();
  if (!rows) return tl::unexpected(std::move(rows.error()));
  auto subscriptions = reader.subscriptions();
  if (!subscriptions) return tl::unexpected(std::move(subscriptions.error()));
  const Time now = clock.now();
  auto gaps = reader.gaps(now - kDefaultSeries, now);
  if (!gaps) return tl::unexpected(std::move(gaps.error()));
  std::unordered_map<store::FeedId, const store::Subscription*> pushed;
  for (const store::Subscription& one : *subscriptions) {
    const store::Subscription*& shown = pushed[one.feed];
    if (shown == nullptr || says_more(one, *shown, now)) shown = &one;
  }
  const auto to_view = [&](const store::FeedState& row) {
    json::object object = view(row, *gaps, now);
    const auto found = pushed.find(row.id);
    object["websub"] = found == pushed.end() ? json::value(nullptr) : json::value(view(*found->second, now));
    return object;
  };
  return list_answer(*rows, SIZE_MAX, to_view, [](const store::FeedState&) { return 0; });
}

Resource find_resource(std::string_view name) {
  if (name == "articles") return &articles;
  if (name == "alerts") return &alerts;
  if (name == "deliveries") return &deliveries;
  if (name == "quarantine") return &quarantine;
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
  json::object body = view(**row, /*whole=*/true);
  auto revisions = reader.revisions(store::ArticleId{number});
  if (!revisions) return tl::unexpected(std::move(revisions.error()));
  json::array changes;
  for (std::size_t i = 0; i < revisions->size(); ++i) {
    const bool last = i + 1 == revisions->size();
    const std::string& title = last ? (*row)->article.title : (*revisions)[i + 1].title;
    const std::string& text = last ? (*row)->article.text : (*revisions)[i + 1].text;
    changes.push_back(view((*revisions)[i], title, text));
  }
  body["revisions"] = std::move(changes);
  return json_answer(200, body);
}

// Nothing that the page shows runs or loads anything but the page's own files. Style attributes are what dygraphs
// writes.
void secure(ServerResponse& response) {
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; script-src 'self'; style-src 'self'; "
                                "style-src-attr 'unsafe-inline'; connect-src 'self'; "
                                "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
}

// A validator for what was made, so that a page that looks every few seconds is not sent the same again. A weak one,
// since the same may go out compressed.
void tag(const ServerRequest& request, ServerResponse& response) {
  if (response.status != 200 || response.next) return;
  const std::string value = "W/\"" + std::to_string(std::hash<std::string>{}(response.body)) + "\"";
  response.headers.emplace_back("ETag", value);
  response.headers.emplace_back("Cache-Control", "no-cache");
  if (http::header(request.headers, "if-none-match") != value) return;
  response.status = 304;
  response.body.clear();
}

void shrink(const ServerRequest& request, ServerResponse& response) {
  constexpr std::size_t kWorthIt = 1024;
  if (response.body.size() < kWorthIt) return;
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (!accepts_gzip(http::header(request.headers, "accept-encoding"))) return;
  std::string smaller = gzip(response.body);
  if (smaller.empty()) return;
  response.body = std::move(smaller);
  response.headers.emplace_back("Content-Encoding", "gzip");
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
    ServerResponse response = error_answer(405, "only GET and HEAD are answered here");
    if (request.method == "POST" || request.method == "DELETE") {
      const bool shows_token = !sources_.token.empty() && authorized(request, sources_.token);
      if (auto refused = refuse_write(request, !sources_.token.empty(), shows_token)) {
        response = std::move(*refused);
      } else {
        response = co_await write(request);
      }
    } else if (request.method == "GET" || request.method == "HEAD") {
      Result<Target> target = parse_target(request.target);
      if (target) {
        response = co_await route(request, std::move(*target));
        tag(request, response);
        shrink(request, response);
      } else {
        response = error_answer(target.error());
      }
    }
    secure(response);
    co_return response;
  }

 private:
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
      if (name == "stream") co_return followers_.follow(sources_, request, Parameters(std::move(target.query)));
      co_return co_await resource(name, Parameters(std::move(target.query)));
    }
    co_return error_answer(404, "no such path");
  }

  // Whoever may write has been found out.
  awaitable<ServerResponse> write(const ServerRequest& request) {
    const Result<Target> target = parse_target(request.target);
    if (!target) co_return error_answer(target.error());
    if (!target->query.empty()) co_return error_answer(400, "no parameters are known here");
    const bool of_alerts = target->path.starts_with("/api/v1/silences") || target->path.starts_with("/api/v1/alerts/");
    if (of_alerts && sources_.writer != nullptr) {
      std::string name = target->path.substr(kApi.size());
      co_return co_await write_alerting(sources_, request, std::move(name));
    }
    co_return write_feeds(request.method, target->path);
  }

  [[nodiscard]] ServerResponse write_feeds(const std::string& method, const std::string& path) const {
    constexpr std::string_view kFeeds = "/api/v1/feeds/";
    constexpr std::string_view kRefresh = "/refresh";
    if (method != "POST" || !path.starts_with(kFeeds) || !sources_.refresh) {
      return error_answer(405, "only GET and HEAD are answered here");
    }
    const std::string rest = path.substr(kFeeds.size());
    if (rest == kRefresh.substr(1)) return refresh(std::nullopt);
    if (!rest.ends_with(kRefresh) || rest.size() == kRefresh.size()) return error_answer(404, "no such resource");
    return refresh(rest.substr(0, rest.size() - kRefresh.size()));
  }

  [[nodiscard]] ServerResponse refresh(const std::optional<std::string>& name) const {
    const Refreshed refreshed = sources_.refresh(name);
    if (name && refreshed.gone > 0) {
      return error_answer(409, "the feed " + *name + " is gone (HTTP 410) and is polled no more");
    }
    if (name && refreshed.asked == 0) return error_answer(404, "no feed " + *name);
    return json_answer(202, json::object{{"asked", refreshed.asked}, {"gone", refreshed.gone}});
  }

  awaitable<ServerResponse> resource(std::string name, Parameters parameters) {
    if (name == "plugins") co_return co_await plugins(std::move(parameters));
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

  awaitable<ServerResponse> plugins(Parameters parameters) {
    if (auto known = parameters.finish(); !known) co_return error_answer(known.error());
    auto work = [this] { return sources_.reader.quarantined_by_plugin(); };
    Result<QuarantineCounts> quarantined = co_await sources_.thread.run(std::move(work));
    if (!quarantined) co_return error_answer(quarantined.error());
    json::array items;
    for (const plugin::Health& plugin : sources_.plugins()) items.push_back(view(plugin, *quarantined));
    co_return json_answer(200, json::object{{"items", std::move(items)}, {"next", nullptr}});
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
    auto look = [this] { return sources_.reader.quarantined_by_plugin(); };
    Result<QuarantineCounts> quarantined = co_await sources_.thread.run(std::move(look));
    if (!quarantined) co_return error_answer(quarantined.error());
    ServerResponse response;
    response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.body = metrics(sources_.activity(), *counts, sources_.version, families(sources_.plugins(), *quarantined));
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
  Followers followers_;
};

}  // namespace

http::Handler make_handler(Sources sources) {
  auto router = std::make_shared<Router>(std::move(sources));
  return [router](ServerRequest request) { return router->answer(std::move(request)); };
}

}  // namespace dprkwatch::api
