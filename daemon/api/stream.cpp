#include "api/stream.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/views.hpp"

namespace dprkwatch::api {
namespace {

using boost::asio::awaitable;

constexpr auto kLook = std::chrono::milliseconds(500);
// A line that says nothing, so that proxies and the server itself notice a peer that is gone.
constexpr int kQuietLooks = 30;
constexpr std::size_t kAlertsAtOnce = 100;

// One that follows. SQLite's data_version tells whether any other connection, of this process or another, has
// committed.
class Follower {
 public:
  Follower(const Sources& sources, std::shared_ptr<std::size_t> count, std::optional<std::int64_t> after)
      : sources_(sources), count_(std::move(count)), after_(after) {
    ++*count_;
  }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;
  ~Follower() { --*count_; }

  // What is to be sent next; empty when the store can not be read any more.
  awaitable<std::string> next() {
    if (!greeted_) {
      greeted_ = true;
      if (!(co_await look())) co_return std::string();
      co_return "retry: 3000\n\n" + std::exchange(text_, {});
    }
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (int looks = 0; looks < kQuietLooks; ++looks) {
      timer.expires_after(kLook);
      co_await timer.async_wait(boost::asio::use_awaitable);
      if (!(co_await look())) co_return std::string();
      if (!text_.empty()) co_return std::exchange(text_, {});
    }
    co_return ":\n\n";
  }

 private:
  // Looks at the store on the reader's thread, and writes what is new into text_.
  awaitable<bool> look() {
    auto work = [this] { return read(); };
    const Result<void> done = co_await sources_.thread.run(std::move(work));
    co_return done.has_value();
  }

  Result<void> read() {
    auto version = sources_.reader.transaction().outside_version();
    if (!version) return tl::unexpected(std::move(version.error()));
    if (version_ == *version) return {};
    const bool first = !version_;
    version_ = *version;
    if (!after_) {
      auto newest = sources_.reader.alerts({0, 1});
      if (!newest) return tl::unexpected(std::move(newest.error()));
      after_ = newest->empty() ? 0 : newest->front().cursor;
    }
    auto alerts = sources_.reader.alerts_after(*after_, kAlertsAtOnce);
    if (!alerts) return tl::unexpected(std::move(alerts.error()));
    for (const store::AlertRow& row : *alerts) {
      after_ = row.cursor;
      text_ +=
          "id: " + std::to_string(row.cursor) + "\nevent: alert\ndata: " + boost::json::serialize(view(row)) + "\n\n";
    }
    if (alerts->size() == kAlertsAtOnce) version_ = -1;  // there may be more
    if (!first) text_ += "event: change\ndata: {}\n\n";
    return {};
  }

  const Sources& sources_;
  std::shared_ptr<std::size_t> count_;
  std::optional<std::int64_t> after_;    // the cursor of the last alert that was sent
  std::optional<std::int64_t> version_;  // of the store, at the last look
  std::string text_;
  bool greeted_ = false;
};

}  // namespace

http::ServerResponse Followers::follow(const Sources& sources, const http::ServerRequest& request,
                                       Parameters parameters) {
  std::string given(http::header(request.headers, "last-event-id"));
  if (const std::string parameter = parameters.text("after"); given.empty()) given = parameter;
  if (auto known = parameters.finish(); !known) return error_answer(known.error());
  std::optional<std::int64_t> after;
  if (!given.empty()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (error != std::errc() || end != given.data() + given.size() || number < 0) {
      return error_answer(400, "Last-Event-ID or `after`: expected the cursor of an alert");
    }
    after = number;
  }
  if (*count_ >= kMost) return error_answer(503, "too many follow already; try again later");
  auto follower = std::make_shared<Follower>(sources, count_, after);
  http::ServerResponse response;
  response.headers.emplace_back("Content-Type", "text/event-stream; charset=utf-8");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Accel-Buffering", "no");
  response.next = [follower] { return follower->next(); };
  return response;
}

}  // namespace dprkwatch::api
