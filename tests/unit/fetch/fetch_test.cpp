#include "fetch/fetch.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "support/canned_server.hpp"

namespace dprkwatch::fetch {
namespace {

using support::CannedServer;

boost::asio::awaitable<void> fetch_into(http::Client& client, std::string url, std::optional<Outcome>& outcome) {
  Validators validators;
  validators.etag = "\"old\"";
  config::Fetch limits;
  outcome = co_await fetch(client, std::move(url), std::move(validators), std::move(limits));
}

// What becomes of a fetch when the server gives these answers, one a connection, the last one over again.
Outcome fetch_from(std::vector<std::string> answers) {
  CannedServer server([&](std::size_t number) { return answers.at(std::min(number, answers.size() - 1)); });
  boost::asio::io_context loop;
  http::Client client(loop, {*http::AddressGuard::from({server.address()}), "test/1", 4, 16});
  std::optional<Outcome> outcome;
  boost::asio::co_spawn(loop, fetch_into(client, server.url(), outcome), boost::asio::detached);
  loop.run_for(std::chrono::seconds(20));
  return outcome.value();
}

std::string redirect(const std::string& status, const std::string& to) {
  return "HTTP/1.1 " + status + "\r\nLocation: " + to + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
}
const std::string kGood = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx";

TEST(Fetch, AMoveCountsWhenEveryRedirectIsForGood) {
  const Outcome moved = fetch_from({redirect("301 Moved", "/b"), redirect("308 Permanent Redirect", "/c"), kGood});
  ASSERT_TRUE(moved.document) << describe(moved.document.error());
  EXPECT_TRUE(moved.moved_to.ends_with("/c")) << moved.moved_to;
  EXPECT_EQ(fetch_from({redirect("301 Moved", "/b"), redirect("302 Found", "/c"), kGood}).moved_to, "");
  EXPECT_EQ(fetch_from({redirect("307 Temporary Redirect", "/b"), redirect("301 Moved", "/c"), kGood}).moved_to, "");
  EXPECT_EQ(fetch_from({kGood}).moved_to, "");
}

TEST(Fetch, AnErrorKeepsItsStatusAndWhatTheServerAsks) {
  const Outcome busy = fetch_from(
      {"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 90\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"});
  ASSERT_FALSE(busy.document);
  EXPECT_EQ(busy.document.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(busy.status, 429);
  EXPECT_EQ(retry_after(busy.headers, Time{}), Duration(90000));
}

TEST(Fetch, AnUnchangedDocumentKeepsItsValidators) {
  const Outcome same = fetch_from({"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"});
  ASSERT_TRUE(same.document) << describe(same.document.error());
  EXPECT_TRUE(same.document->not_modified);
  EXPECT_EQ(same.document->validators.etag, "\"old\"");
}

TEST(Fetch, ALoopOfRedirectsIsRefused) {
  const Outcome loop = fetch_from({redirect("301 Moved", "/again")});
  ASSERT_FALSE(loop.document);
  EXPECT_EQ(loop.document.error().code, ErrorCode::kRefused);
  EXPECT_EQ(loop.moved_to, "");
}

TEST(Fetch, ARedirectToAFileOrAPrivateAddressIsRefused) {
  for (const char* to : {"file:///etc/passwd", "http://127.0.0.2:1/", "http://[::ffff:127.0.0.2]:1/"}) {
    const Outcome refused = fetch_from({redirect("301 Moved", to)});
    ASSERT_FALSE(refused.document) << to;
    EXPECT_EQ(refused.document.error().code, ErrorCode::kRefused) << to << describe(refused.document.error());
  }
}

}  // namespace
}  // namespace dprkwatch::fetch
