#include "http/server.hpp"

#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <thread>

namespace dprkwatch::http {
namespace {

using boost::asio::ip::tcp;

boost::asio::awaitable<ServerResponse> echo(ServerRequest request) {
  ServerResponse response;
  response.headers.emplace_back("Content-Type", "text/plain");
  response.body =
      request.method + " " + request.target + " " + std::string(header(request.headers, "X-Test")) + " " + request.body;
  if (request.target == "/none") response.status = 204;
  if (request.target == "/pieces") {
    response.next = [left = std::make_shared<int>(3)]() -> boost::asio::awaitable<std::string> {
      co_return --*left == 0 ? std::string() : "piece " + std::to_string(*left) + "\n";
    };
  }
  if (request.target == "/endless") {
    response.next = []() -> boost::asio::awaitable<std::string> { co_return std::string(100'000, 'x'); };
  }
  co_return response;
}

// The server on a loop of its own; a plain blocking socket is the peer.
class ServerTest : public testing::Test {
 protected:
  void SetUp() override {
    ServerOptions options;
    options.max_body_bytes = 1000;
    options.max_connections = 3;
    options.body_limit = [](std::string_view target) {
      return target == "/small" ? std::size_t{10} : std::size_t{5000};
    };
    options.idle_timeout = std::chrono::milliseconds(300);
    server_ = std::move(*Server::start(loop_, "127.0.0.1:0", &echo, options));
    thread_ = std::thread([this] { loop_.run(); });
  }
  void TearDown() override {
    boost::asio::post(loop_, [this] { server_->stop(); });
    thread_.join();
  }

  // Sends bytes and reads until the server closes.
  std::string exchange(const std::string& bytes) {
    boost::asio::io_context loop;
    tcp::socket socket(loop);
    const std::string address = server_->address();
    const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1)));
    socket.connect({boost::asio::ip::address_v4::loopback(), port});
    boost::system::error_code error;
    boost::asio::write(socket, boost::asio::buffer(bytes), error);
    std::string answer;
    boost::asio::read(socket, boost::asio::dynamic_buffer(answer), error);
    return answer;
  }

  boost::asio::io_context loop_;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

TEST_F(ServerTest, AnswersARequest) {
  const std::string answer =
      exchange("POST /a?b HTTP/1.1\r\nHost: x\r\nX-Test: t\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nPOST /a?b t body")) << answer;
}

TEST_F(ServerTest, SendsABodyInPieces) {
  const std::string answer =
      exchange("GET /pieces HTTP/1.1\r\nHost: x\r\n\r\nGET /after HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("Transfer-Encoding: chunked\r\n"), std::string::npos) << answer;
  EXPECT_EQ(answer.find("Content-Length"), answer.rfind("Content-Length")) << answer;  // that of the second alone
  EXPECT_NE(answer.find("8\r\npiece 2\n\r\n8\r\npiece 1\n\r\n0\r\n\r\nHTTP/1.1 200"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("GET /after  ")) << answer;
  const std::string head = exchange("HEAD /pieces HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(head.ends_with("\r\n\r\n")) << head;
}

// stop() ends it, and the missing last chunk tells the peer that it was cut.
TEST_F(ServerTest, StopsAnEndlessBody) {
  boost::asio::io_context loop;
  tcp::socket peer(loop);
  const std::string address = server_->address();
  const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1)));
  peer.connect({boost::asio::ip::address_v4::loopback(), port});
  boost::asio::write(peer, boost::asio::buffer(std::string("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")));
  std::string answer;
  boost::asio::read(peer, boost::asio::dynamic_buffer(answer), boost::asio::transfer_at_least(200'000));
  boost::asio::post(loop_, [this] { server_->stop(); });
  boost::system::error_code error;
  boost::asio::read(peer, boost::asio::dynamic_buffer(answer), error);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer.substr(0, 100);
  EXPECT_FALSE(answer.ends_with("\r\n0\r\n\r\n"));
}

TEST_F(ServerTest, KeepsAConnection) {
  const std::string answer =
      exchange("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("GET /1"), std::string::npos) << answer;
  EXPECT_NE(answer.find("GET /2"), std::string::npos) << answer;
}

TEST_F(ServerTest, AnswersHeadWithTheLengthAndNoBody) {
  const std::string answer = exchange("HEAD /abc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 11"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(ServerTest, SendsNoBodyWith204) {
  const std::string answer = exchange("GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 204")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(ServerTest, RefusesWhatIsTooLargeOrNoHttp) {
  EXPECT_TRUE(exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n").starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(exchange("GET / HTTP/1.1\r\nX: " + std::string(20000, 'a') + "\r\n\r\n").starts_with("HTTP/1.1 431"));
  EXPECT_TRUE(exchange("garbage\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 200"));
}

TEST_F(ServerTest, LimitsTheBodyByTarget) {
  const auto post = [&](const std::string& target, const std::string& rest) {
    return exchange("POST " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + rest);
  };
  const std::string eleven = "Content-Length: 11\r\n\r\nabcdefghijk";
  const std::string chunked = "Transfer-Encoding: chunked\r\n\r\nb\r\nabcdefghijk\r\n0\r\n\r\n";
  for (const std::string& body : {eleven, chunked}) {
    EXPECT_TRUE(post("/small", body).starts_with("HTTP/1.1 413")) << body;
    EXPECT_TRUE(post("/large", body).starts_with("HTTP/1.1 200")) << body;
  }
  EXPECT_TRUE(post("/small", "Content-Length: 10\r\n\r\nabcdefghij").starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(post("/large", "Content-Length: 1001\r\n\r\n").starts_with("HTTP/1.1 413"));
}

TEST_F(ServerTest, ClosesAnIdleConnection) {
  EXPECT_EQ(exchange("GET / HT"), "");
}

TEST_F(ServerTest, NamesAPortThatIsTaken) {
  const auto second = Server::start(loop_, server_->address(), &echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().where, server_->address());
}

TEST(Server, LeavesNothingBehindWhenItIsStoppedBeforeTheLoopRuns) {
  boost::asio::io_context loop;
  auto server = std::move(*Server::start(loop, "127.0.0.1:0", &echo));
  server.reset();
  EXPECT_GE(loop.run(), 1U);
}

}  // namespace
}  // namespace dprkwatch::http
