#include "fetch/fetch.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <filesystem>
#include <fstream>

#include "support/canned_server.hpp"

namespace dprkwatch::fetch {
namespace {

using support::CannedServer;

boost::asio::awaitable<void> fetch_into(http::Client& client, process::Commands& commands, Source source,
                                        Validators validators, std::optional<Outcome>& outcome) {
  config::Fetch limits;
  outcome = co_await fetch(client, commands, std::move(source), std::move(validators), std::move(limits));
}

// What becomes of a fetch when the server gives these answers, one a connection, the last one over again.
Outcome fetch_from(std::vector<std::string> answers) {
  CannedServer server([&](std::size_t number) { return answers.at(std::min(number, answers.size() - 1)); });
  boost::asio::io_context loop;
  http::Client client(loop, {*http::AddressGuard::from({server.address()}), "test/1", 4, 16});
  process::Commands commands;
  std::optional<Outcome> outcome;
  auto task = fetch_into(client, commands, {server.url(), nullptr}, {"\"old\"", ""}, outcome);
  boost::asio::co_spawn(loop, std::move(task), boost::asio::detached);
  loop.run_for(std::chrono::seconds(20));
  return outcome.value();
}

Outcome fetch_file(const std::string& path, Validators validators, std::vector<std::string> filter = {}) {
  auto details = std::make_shared<config::FeedDetails>();
  details->file = path;
  details->filter = std::move(filter);
  boost::asio::io_context loop;
  http::Client client(loop, {{}, "test/1", 4, 16});
  process::Commands commands;
  std::optional<Outcome> outcome;
  auto task = fetch_into(client, commands, {"file:" + path, details}, std::move(validators), outcome);
  boost::asio::co_spawn(loop, std::move(task), boost::asio::detached);
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

TEST(Fetch, AFileIsReadAgainWhenItChanged) {
  const auto path = std::filesystem::path(testing::TempDir()) / ("dprkwatch-fetch-" + std::to_string(::getpid()));
  std::ofstream(path) << "abc";
  const Outcome first = fetch_file(path, {});
  ASSERT_TRUE(first.document) << describe(first.document.error());
  EXPECT_EQ(first.document->body, "abc");
  EXPECT_TRUE(fetch_file(path, first.document->validators).document->not_modified);
  std::ofstream(path) << "abcd";
  EXPECT_EQ(fetch_file(path, first.document->validators).document->body, "abcd");
  EXPECT_EQ(fetch_file(path, {}, {"tr", "a-z", "A-Z"}).document->body, "ABCD");
  const Outcome failed = fetch_file(path, {}, {"false"});
  ASSERT_FALSE(failed.document);
  EXPECT_EQ(failed.document.error().message, "the filter ended with exit status 1");
  std::filesystem::remove(path);
}

TEST(Fetch, OnlyARegularFileIsRead) {
  const Outcome device = fetch_file("/dev/zero", {});
  ASSERT_FALSE(device.document);
  EXPECT_EQ(device.document.error().code, ErrorCode::kRefused);
  EXPECT_EQ(fetch_file("/no/such/file", {}).document.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace dprkwatch::fetch
