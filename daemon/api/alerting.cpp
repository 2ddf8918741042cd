#include "api/alerting.hpp"

#include <charconv>
#include <utility>

#include "alert/dispatch.hpp"
#include "alert/manage.hpp"
#include "alert/why.hpp"
#include "store/async.hpp"
#include "text/text.hpp"

namespace dprkwatch::api {
namespace {

namespace json = boost::json;
using http::ServerResponse;
using Answer = Result<ServerResponse>;

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Answer not_found(const std::string& what) {
  return error_answer(404, what);
}

Answer silences(const Sources& sources, Parameters& parameters) {
  const std::string all = parameters.text("all");
  if (auto known = parameters.finish(); !known) return tl::unexpected(std::move(known.error()));
  const Time now = sources.clock.now();
  auto found = sources.reader.transaction().silences(all == "true" ? Time::min() : now);
  if (!found) return tl::unexpected(std::move(found.error()));
  json::array items;
  for (const store::Silence& silence : *found) items.push_back(alert::to_json(silence, now));
  return json_answer(200, json::object{{"items", std::move(items)}, {"next", nullptr}});
}

Answer receivers(const Sources& sources) {
  auto found = sources.reader.transaction().receivers_health();
  if (!found) return tl::unexpected(std::move(found.error()));
  json::array items;
  for (const store::ReceiverHealth& health : *found) items.push_back(alert::to_json(health));
  return json_answer(200, json::object{{"items", std::move(items)}, {"next", nullptr}});
}

Answer one_delivery(const Sources& sources, const std::string& id) {
  const auto number = number_of(id);
  if (!number) return fail(ErrorCode::kInvalidInput, "expected the number of a delivery");
  auto found = sources.reader.transaction().delivery(store::DeliveryId{*number});
  if (!found) return tl::unexpected(std::move(found.error()));
  if (!*found) return not_found("no delivery " + id);
  return json_answer(200, alert::to_json(**found));
}

Answer one_alert(const Sources& sources, const std::string& id) {
  auto record = sources.reader.transaction().alert(id);
  if (!record) return tl::unexpected(std::move(record.error()));
  if (!*record) return not_found("no such alert");
  auto groups = sources.reader.transaction().groups_of(id);
  if (!groups) return tl::unexpected(std::move(groups.error()));
  return json_answer(200, alert::to_json(**record, *groups));
}

Answer why(const Sources& sources, const config::Config& config, const std::string& id) {
  auto found = alert::why(sources.reader, config, id);
  if (!found) return tl::unexpected(std::move(found.error()));
  if (!*found) return not_found("no such alert");
  return json_answer(200, **found);
}

Answer why_not(const Sources& sources, const config::Config& config, const std::string& id) {
  const auto number = number_of(id);
  if (!number) return fail(ErrorCode::kInvalidInput, "expected the number of an article");
  auto found = alert::why_not(sources.reader, config, store::ArticleId{*number});
  if (!found) return tl::unexpected(std::move(found.error()));
  if (!*found) return not_found("no article " + id);
  return json_answer(200, alert::to_json(**found));
}

// What stands between begin and end of the text, when it has both.
std::optional<std::string> between(const std::string& text, std::string_view begin, std::string_view end) {
  if (text.size() <= begin.size() + end.size() || !text.starts_with(begin) || !text.ends_with(end)) return std::nullopt;
  return text.substr(begin.size(), text.size() - begin.size() - end.size());
}

std::optional<Answer> find(const Sources& sources, const config::Config& config, const std::string& name,
                           Parameters& parameters) {
  if (name == "silences") return silences(sources, parameters);
  if (name == "receivers") return receivers(sources);
  if (const auto id = between(name, "articles/", "/why-not")) return why_not(sources, config, *id);
  if (const auto id = between(name, "alerts/", "/why")) return why(sources, config, *id);
  if (const auto id = between(name, "alerts/", "")) return one_alert(sources, *id);
  if (const auto id = between(name, "deliveries/", "")) return one_delivery(sources, *id);
  return std::nullopt;
}

boost::asio::awaitable<ServerResponse> add(const Sources& sources, std::string body) {
  const Time now = sources.clock.now();
  const auto request = alert::silence_request(body);
  if (!request) co_return error_answer(request.error());
  const auto silence = alert::make_silence(*request, alert::new_silence_id(), now);
  if (!silence) co_return error_answer(silence.error());
  store::Job job = [&silence](store::Transaction& store) { return store.add_silence(*silence); };
  Result<void> done = co_await store::run_async(*sources.writer, std::move(job));
  if (!done) co_return error_answer(done.error());
  co_return json_answer(201, alert::to_json(*silence, now));
}

struct Acknowledgement {
  std::string by;
  std::string comment;
};

Result<Acknowledgement> read_acknowledgement(const std::string& body) {
  const auto mistake = [](const std::string& what) { return fail(ErrorCode::kInvalidInput, what); };
  constexpr std::size_t kMost = 1000;  // bytes of a name or a comment
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 4;
  const json::value value = json::parse(body, error, {}, options);
  if (error || !value.is_object()) return mistake("expected a JSON object with by and comment");
  Acknowledgement read;
  for (const auto& [key, inner] : value.as_object()) {
    std::string* into = key == "by" ? &read.by : key == "comment" ? &read.comment : nullptr;
    if (into == nullptr) return mistake("unknown key `" + std::string(key) + "`; expected by and comment");
    if (!inner.is_string() || inner.as_string().size() > kMost) {
      return mistake("`" + std::string(key) + "`: expected a string of at most 1000 bytes");
    }
    *into = text::printable(inner.as_string());
  }
  if (read.by.empty()) return mistake("`by`: expected the name of who acknowledges");
  return read;
}

boost::asio::awaitable<ServerResponse> acknowledge(const Sources& sources, std::string id, std::string body) {
  const auto read = read_acknowledgement(body);
  if (!read) co_return error_answer(read.error());
  bool known = false;
  const Time now = sources.clock.now();
  store::Job job = [&](store::Transaction& store) -> Result<void> {
    auto done = alert::acknowledge(store, id, read->by, read->comment, now);
    if (!done) return tl::unexpected(std::move(done.error()));
    known = *done;
    return {};
  };
  Result<void> done = co_await store::run_async(*sources.writer, std::move(job));
  if (!done) co_return error_answer(done.error());
  if (!known) co_return error_answer(404, "no alert of that id fires");
  co_return json_answer(200,
                        json::object{{"id", id}, {"acknowledged_by", read->by}, {"acknowledged", to_rfc3339(now)}});
}

boost::asio::awaitable<ServerResponse> expire(const Sources& sources, std::string id) {
  bool known = false;
  const Time now = sources.clock.now();
  store::Job job = [&](store::Transaction& store) -> Result<void> {
    auto expired = store.expire_silence(id, now);
    if (!expired) return tl::unexpected(std::move(expired.error()));
    known = *expired;
    return {};
  };
  Result<void> done = co_await store::run_async(*sources.writer, std::move(job));
  if (!done) co_return error_answer(done.error());
  if (!known) co_return error_answer(404, "no silence of that id lasts");
  ServerResponse gone;
  gone.status = 204;
  co_return gone;
}

}  // namespace

std::optional<Result<ServerResponse>> alerting_resource(const Sources& sources, const config::Config& config,
                                                        const std::string& name, Parameters& parameters) {
  return find(sources, config, name, parameters);
}

boost::asio::awaitable<ServerResponse> write_alerting(const Sources& sources, const http::ServerRequest& request,
                                                      std::string name) {
  if (request.method == "POST" && name == "silences") co_return co_await add(sources, request.body);
  if (const auto id = between(name, "silences/", ""); id && request.method == "DELETE") {
    co_return co_await expire(sources, *id);
  }
  if (const auto id = between(name, "alerts/", "/ack"); id && request.method == "POST") {
    co_return co_await acknowledge(sources, *id, request.body);
  }
  co_return error_answer(405, "written are: POST silences, DELETE silences/ID, POST alerts/ID/ack");
}

}  // namespace dprkwatch::api
