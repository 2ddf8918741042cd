#include "demo/demo.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <set>
#include <utility>

#include "demo/scenario.hpp"
#include "http/server.hpp"
#include "signature/signature.hpp"
#include "text/text.hpp"

namespace dprkwatch::demo {
namespace {

namespace json = boost::json;

http::ServerResponse answer(int status, std::string body = {}, const char* type = "text/plain; charset=utf-8") {
  http::ServerResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", type);
  response.body = std::move(body);
  return response;
}

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

class HttpDemo final : public Demo {
 public:
  HttpDemo(boost::asio::io_context& loop, const Clock& clock, Options options, std::string key, Scenario scenario,
           std::function<void(const std::string&)> print)
      : clock_(clock),
        options_(std::move(options)),
        key_(std::move(key)),
        scenario_(std::move(scenario)),
        print_(std::move(print)),
        timer_(loop) {
    totals_.entries = scenario_.size();
    totals_.published = std::min(options_.at_once, scenario_.size());
  }

  Result<void> listen(boost::asio::io_context& loop) {
    auto server = http::Server::start(loop, options_.listen,
                                      [this](http::ServerRequest request) { return handle(std::move(request)); });
    if (!server) return tl::unexpected(std::move(server.error()));
    server_ = std::move(*server);
    return {};
  }

  [[nodiscard]] std::string address() const override { return server_->address(); }

  boost::asio::awaitable<void> publish() override {
    while (totals_.published < totals_.entries && !stopping_) {
      timer_.expires_after(options_.step);
      boost::system::error_code cancelled;
      auto token = boost::asio::redirect_error(boost::asio::use_awaitable, cancelled);
      co_await timer_.async_wait(token);
      if (!stopping_) ++totals_.published;
    }
  }

  [[nodiscard]] Totals totals() const override { return totals_; }

  void stop() override {
    stopping_ = true;
    timer_.cancel();
    server_->stop();
  }

 private:
  boost::asio::awaitable<http::ServerResponse> handle(http::ServerRequest request) {
    const std::string path = request.target.substr(0, request.target.find('?'));
    if (path == "/hook" && request.method == "POST") co_return receive(request);
    if (path == "/status") co_return status();
    const Document* document = scenario_.find(path);
    if (document == nullptr) co_return answer(404, "no such path\n");
    co_return serve(*document, request);
  }

  http::ServerResponse serve(const Document& document, const http::ServerRequest& request) {
    ++totals_.requests;
    const std::string tag = "\"" + std::to_string(scenario_.version(document, totals_.published)) + "\"";
    if (http::header(request.headers, "if-none-match") == tag) {
      ++totals_.not_modified;
      http::ServerResponse unchanged = answer(304);
      unchanged.headers.emplace_back("ETag", tag);
      return unchanged;
    }
    http::ServerResponse response =
        answer(200, scenario_.render(document, totals_.published), document.content_type.c_str());
    response.headers.emplace_back("ETag", tag);
    return response;
  }

  http::ServerResponse receive(const http::ServerRequest& request) {
    const std::string id(http::header(request.headers, "webhook-id"));
    const auto verified =
        signature::verify(key_, id, http::header(request.headers, "webhook-timestamp"),
                          http::header(request.headers, "webhook-signature"), request.body, clock_.now());
    if (!verified) {
      ++totals_.refused;
      print_("refused a POST: " + verified.error().message);
      return answer(401, verified.error().message + "\n");
    }
    ++totals_.verified;
    const bool repeat = !seen_.insert(id).second;
    json::error_code error;
    const json::value body = json::parse(request.body, error);
    const json::object* data = nullptr;
    if (!error && body.is_object()) {
      if (const auto* value = body.as_object().if_contains("data"); value != nullptr && value->is_object()) {
        data = &value->as_object();
      }
    }
    if (data == nullptr) return answer(400, "expected an object with data\n");
    write_receipt(id, repeat, *data);
    if (repeat) {
      ++totals_.repeats;
    } else {
      print_("verified the signature of " + text::printable(id) + ": " + text::printable(text_at(*data, "rule")) +
             ", " + text::printable(text_at(*data, "severity")) + ", " + text::printable(text_at(*data, "dyad")));
    }
    return answer(204);
  }

  void write_receipt(const std::string& id, bool repeat, const json::object& data) {
    if (options_.receipts.empty()) return;
    json::object receipt{{"received", to_rfc3339(clock_.now())}, {"webhook_id", id}, {"repeat", repeat}};
    for (const char* key : {"alert_id", "rule", "severity", "sequence", "summary", "dyad", "escalation"}) {
      if (const auto* value = data.if_contains(key)) receipt[key] = *value;
    }
    if (const auto* article = data.if_contains("article"); article != nullptr && article->is_object()) {
      receipt["url"] = text_at(article->as_object(), "url");
      receipt["feed"] = text_at(article->as_object(), "feed");
    }
    std::ofstream(options_.receipts, std::ios::app) << json::serialize(receipt) << "\n";
  }

  [[nodiscard]] http::ServerResponse status() const {
    json::object body{{"published", totals_.published},
                      {"entries", totals_.entries},
                      {"requests", totals_.requests},
                      {"not_modified", totals_.not_modified},
                      {"alerts", totals_.verified - totals_.repeats},
                      {"repeats", totals_.repeats},
                      {"refused", totals_.refused}};
    return answer(200, json::serialize(body) + "\n", "application/json");
  }

  const Clock& clock_;
  Options options_;
  std::string key_;
  Scenario scenario_;
  std::function<void(const std::string&)> print_;
  boost::asio::steady_timer timer_;
  std::unique_ptr<http::Server> server_;
  Totals totals_;
  std::set<std::string> seen_;
  bool stopping_ = false;
};

}  // namespace

Result<std::unique_ptr<Demo>> Demo::start(boost::asio::io_context& loop, const Clock& clock, Options options,
                                          std::function<void(const std::string&)> print) {
  auto key = signature::decode_secret(options.secret);
  if (!key) return tl::unexpected(std::move(key.error()));
  auto scenario = Scenario::load(options.folder);
  if (!scenario) return tl::unexpected(std::move(scenario.error()));
  auto demo = std::make_unique<HttpDemo>(loop, clock, std::move(options), std::move(*key), std::move(*scenario),
                                         std::move(print));
  if (auto listening = demo->listen(loop); !listening) return tl::unexpected(std::move(listening.error()));
  return demo;
}

}  // namespace dprkwatch::demo
