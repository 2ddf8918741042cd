#include "http/client.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "support/canned_server.hpp"

namespace dprkwatch::http {
namespace {

using std::chrono::milliseconds;
using support::CannedServer;

boost::asio::awaitable<void> send_into(Client& client, Request request, std::optional<Result<Response>>& result) {
  Result<Response> response = co_await client.send(std::move(request));
  result = std::move(response);
}

Result<Response> send(Request request, const std::vector<std::string>& allow) {
  boost::asio::io_context loop;
  Client client(loop, {*AddressGuard::from(allow), "test/1", 4, 16});
  std::optional<Result<Response>> result;
  boost::asio::co_spawn(loop, send_into(client, std::move(request), result), boost::asio::detached);
  loop.run_for(std::chrono::seconds(20));
  if (!result) return fail(ErrorCode::kInternal, "the client did not return");
  return *result;
}

Request get(const CannedServer& server) {
  Request request;
  request.url = server.url();
  request.timeout = milliseconds(5000);
  return request;
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

TEST(Client, ReadsAnAnswer) {
  CannedServer server([](std::size_t) {
    return "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Type: text/xml\r\nContent-Length: 5\r\n\r\nhello";
  });
  Request request = get(server);
  request.headers.emplace_back("If-None-Match", "\"x\"");
  const auto response = send(request, {server.address()});
  ASSERT_TRUE(response) << describe(response.error());
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "hello");
  EXPECT_EQ(header(response->headers, "etag"), "\"a\"");
  const std::string head = server.requests().at(0);
  EXPECT_NE(head.find("If-None-Match: \"x\""), std::string::npos);
  EXPECT_NE(head.find("User-Agent: test/1"), std::string::npos);
  EXPECT_NE(head.find("Accept-Encoding: "), std::string::npos);
}

TEST(Client, PostsABody) {
  CannedServer server([](std::size_t) { return "HTTP/1.1 204 No Content\r\n\r\n"; });
  Request request = get(server);
  request.method = "POST";
  request.body = "{}";
  const auto response = send(request, {server.address()});
  ASSERT_TRUE(response) << describe(response.error());
  EXPECT_EQ(response->status, 204);
  EXPECT_TRUE(server.requests().at(0).starts_with("POST / HTTP/1.1"));
}

TEST(Client, RefusesAPrivateAddress) {
  CannedServer server([](std::size_t) { return "HTTP/1.1 200 OK\r\n\r\nsecret"; });
  const auto response = send(get(server), {});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kRefused);
  EXPECT_NE(response.error().message.find("network.allow"), std::string::npos);
  EXPECT_TRUE(server.requests().empty());
}

TEST(Client, RefusesARedirectToAPrivateAddress) {
  CannedServer hidden([](std::size_t) { return "HTTP/1.1 200 OK\r\n\r\nsecret"; });
  CannedServer server([&](std::size_t) { return "HTTP/1.1 302 Found\r\nLocation: " + hidden.url() + "\r\n\r\n"; });
  Request request = get(server);
  request.max_redirects = 5;
  const auto response = send(request, {server.address()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kRefused);
  EXPECT_TRUE(hidden.requests().empty());
}

TEST(Client, RefusesARedirectToAFile) {
  CannedServer server([](std::size_t) { return "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n"; });
  Request request = get(server);
  request.max_redirects = 5;
  const auto response = send(request, {server.address()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kRefused);
}

TEST(Client, EndsARedirectLoop) {
  CannedServer server([](std::size_t) { return "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"; });
  Request request = get(server);
  request.max_redirects = 5;
  const auto response = send(request, {server.address()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kRefused);
  EXPECT_EQ(server.requests().size(), 6U);
}

TEST(Client, DoesNotFollowARedirectUnasked) {
  CannedServer server([](std::size_t) { return "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"; });
  const auto response = send(get(server), {server.address()});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
}

TEST(Client, KeepsTheHeadersAndBodyOfTheLastAnswer) {
  CannedServer server([](std::size_t number) {
    return number == 0 ? "HTTP/1.1 301 Moved\r\nLocation: /b\r\nETag: \"old\"\r\nContent-Length: 3\r\n\r\nold"
                       : "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew";
  });
  Request request = get(server);
  request.max_redirects = 5;
  const auto response = send(request, {server.address()});
  ASSERT_TRUE(response) << describe(response.error());
  EXPECT_EQ(response->body, "new");
  EXPECT_EQ(header(response->headers, "etag"), "");
  EXPECT_EQ(response->url, server.url() + "b");
}

TEST(Client, RefusesABodyThatIsTooLarge) {
  CannedServer announced(
      [](std::size_t) { return "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'x'); });
  CannedServer silent([](std::size_t) { return "HTTP/1.1 200 OK\r\n\r\n" + std::string(2000, 'x'); });
  for (const CannedServer* server : {&announced, &silent}) {
    Request request = get(*server);
    request.max_bytes = 1000;
    const auto response = send(request, {server->address()});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ErrorCode::kTooLarge);
  }
}

TEST(Client, StopsAGzipBombAtTheLimit) {
  const std::string packed = gzip(std::string(50 * 1024 * 1024, '\0'));
  CannedServer server([&](std::size_t) {
    return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(packed.size()) +
           "\r\n\r\n" + packed;
  });
  Request request = get(server);
  request.max_bytes = 1024 * 1024;
  const auto response = send(request, {server.address()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kTooLarge);
}

TEST(Client, RefusesSeveralContentEncodings) {
  const std::string packed = gzip(gzip("hello"));
  CannedServer server([&](std::size_t) {
    return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: " + std::to_string(packed.size()) +
           "\r\n\r\n" + packed;
  });
  const auto response = send(get(server), {server.address()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kInvalidInput);
}

TEST(Client, RefusesABodyCutShort) {
  CannedServer server([](std::size_t) { return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello"; });
  const auto response = send(get(server), {server.address()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kInvalidInput);
}

TEST(Client, RefusesAnAnswerCutShortWithinItsHeaders) {
  for (const char* half : {"HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 204 No Content"}) {
    CannedServer server([half](std::size_t) { return half; });
    const auto response = send(get(server), {server.address()});
    ASSERT_FALSE(response) << half;
    EXPECT_EQ(response.error().code, ErrorCode::kUnavailable) << half << ": " << describe(response.error());
  }
}

TEST(Client, RefusesBadChunks) {
  CannedServer server([](std::size_t) { return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello"; });
  EXPECT_FALSE(send(get(server), {server.address()}));
}

TEST(Client, NamesAnAnswerThatIsNoHttp) {
  CannedServer server([](std::size_t) { return std::string("\x16\x03\x01garbage"); });
  EXPECT_FALSE(send(get(server), {server.address()}));
}

TEST(Client, KeepsCredentialsOutOfErrors) {
  Request request;
  request.url = "http://user:hunter2@127.0.0.1:1/feed?token=abc";
  const auto response = send(request, {"127.0.0.1"});
  ASSERT_FALSE(response);
  const std::string text = describe(response.error());
  EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
  EXPECT_EQ(text.find("abc"), std::string::npos) << text;
}

TEST(Client, RefusesOtherSchemes) {
  for (const char* url : {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "not a url"}) {
    Request request;
    request.url = url;
    const auto response = send(request, {"127.0.0.1"});
    ASSERT_FALSE(response) << url;
    EXPECT_EQ(response.error().code, ErrorCode::kRefused) << url;
  }
}

boost::asio::awaitable<void> cancel_soon(Client& client, boost::asio::steady_timer& timer) {
  co_await timer.async_wait(boost::asio::use_awaitable);
  client.cancel_all();
}

TEST(Client, CancelsWhatIsUnderWay) {
  // Accepts by the kernel's backlog and never answers.
  boost::asio::io_context other;
  boost::asio::ip::tcp::acceptor silent(other, {boost::asio::ip::address_v4::loopback(), 0});
  boost::asio::io_context loop;
  Client client(loop, {*AddressGuard::from({"127.0.0.1"}), "test/1", 4, 16});
  std::optional<Result<Response>> result;
  Request request;
  request.url = "http://127.0.0.1:" + std::to_string(silent.local_endpoint().port()) + "/";
  boost::asio::co_spawn(loop, send_into(client, request, result), boost::asio::detached);
  boost::asio::steady_timer timer(loop, milliseconds(30));
  boost::asio::co_spawn(loop, cancel_soon(client, timer), boost::asio::detached);
  loop.run_for(std::chrono::seconds(10));
  ASSERT_TRUE(result);
  ASSERT_FALSE(*result);
  EXPECT_EQ(result->error().code, ErrorCode::kStopped);
}

TEST(Client, EndsASilentServerAtTheTimeLimit) {
  boost::asio::io_context other;
  boost::asio::ip::tcp::acceptor silent(other, {boost::asio::ip::address_v4::loopback(), 0});
  Request request;
  request.url = "http://127.0.0.1:" + std::to_string(silent.local_endpoint().port()) + "/";
  request.timeout = milliseconds(100);
  const auto response = send(request, {"127.0.0.1"});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kTimeout);
}

TEST(Client, RunsManyAtOnce) {
  CannedServer server([](std::size_t) { return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"; });
  boost::asio::io_context loop;
  Client client(loop, {*AddressGuard::from({server.address()}), "test/1", 4, 16});
  std::vector<std::optional<Result<Response>>> results(100);
  for (auto& result : results) {
    boost::asio::co_spawn(loop, send_into(client, get(server), result), boost::asio::detached);
  }
  loop.run_for(std::chrono::seconds(20));
  for (const auto& result : results) {
    ASSERT_TRUE(result && *result);
    EXPECT_EQ((*result)->body, "ok");
  }
}

boost::asio::awaitable<void> send_both(Client& client, Request first, Request second, std::vector<int>& statuses) {
  const Result<Response> one = co_await client.send(std::move(first));
  const Result<Response> two = co_await client.send(std::move(second));
  for (const auto* response : {&one, &two}) statuses.push_back(*response ? (*response)->status : 0);
}

TEST(Client, CarriesNothingOfARequestIntoTheNext) {
  CannedServer server([](std::size_t) { return "HTTP/1.1 204 No Content\r\n\r\n"; });
  boost::asio::io_context loop;
  Client client(loop, {*AddressGuard::from({server.address()}), "test/1", 4, 16});
  Request first = get(server);
  first.method = "POST";
  first.body = "secret";
  first.headers.emplace_back("Authorization", "Bearer secret");
  std::vector<int> statuses;
  auto task = send_both(client, std::move(first), get(server), statuses);
  boost::asio::co_spawn(loop, std::move(task), boost::asio::detached);
  loop.run_for(std::chrono::seconds(20));
  ASSERT_EQ(statuses, (std::vector<int>{204, 204}));
  EXPECT_TRUE(server.requests().at(0).starts_with("POST / "));
  EXPECT_TRUE(server.requests().at(1).starts_with("GET / "));
  EXPECT_EQ(server.requests().at(1).find("secret"), std::string::npos);
}

TEST(Client, RefusesCodingsOverEachOther) {
  for (const char* fields : {"Content-Encoding: gzip\r\nContent-Encoding: gzip", "Content-Encoding: gzip, br",
                             "Transfer-Encoding: gzip, chunked\r\nContent-Encoding: gzip"}) {
    CannedServer server([&](std::size_t) { return std::string("HTTP/1.1 200 OK\r\n") + fields + "\r\n\r\n"; });
    const auto response = send(get(server), {server.address()});
    ASSERT_FALSE(response) << fields;
    EXPECT_EQ(response.error().code, ErrorCode::kInvalidInput) << fields;
  }
}

TEST(Client, EndsAFloodOfTrailers) {
  std::string trailers;
  while (trailers.size() < 300 * 1024) trailers += "X-More: " + std::string(1000, 'x') + "\r\n";
  CannedServer server([&](std::size_t) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n" + trailers + "\r\n";
  });
  const auto response = send(get(server), {server.address()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kTooLarge);
}

TEST(Client, EndsARedirectWithABodyThatIsTooLarge) {
  CannedServer server([](std::size_t) {
    return "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 100000\r\n\r\n" + std::string(100000, 'x');
  });
  Request request = get(server);
  request.max_redirects = 5;
  request.max_bytes = 50000;
  const auto response = send(request, {server.address()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace dprkwatch::http
