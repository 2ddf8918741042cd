#include "http/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <optional>
#include <unordered_set>
#include <utility>

namespace dprkwatch::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using BeastResponse = beast::http::response<beast::http::string_body>;
using NextPiece = std::function<asio::awaitable<std::string>()>;

constexpr std::uint32_t kMaxHeaderBytes = 16 * 1024;

std::optional<tcp::endpoint> parse_endpoint(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  std::string host = text.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data() + colon + 1, end, port);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (error || problem != std::errc() || stop != end) return std::nullopt;
  return tcp::endpoint(address, port);
}

std::string name_of(const tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

// What a request that can not be read is answered with; 0 when the peer is simply gone.
int status_of(const boost::system::error_code& error) {
  if (error == beast::http::error::body_limit) return 413;
  if (error == beast::http::error::header_limit) return 431;
  if (error == beast::http::error::end_of_stream || error == beast::error::timeout) return 0;
  return error.category() == beast::http::make_error_code(beast::http::error::bad_method).category() ? 400 : 0;
}

class BeastServer final : public Server, public std::enable_shared_from_this<BeastServer> {
 public:
  BeastServer(asio::io_context& loop, Handler handler, ServerOptions options)
      : loop_(loop), acceptor_(loop), handler_(std::move(handler)), options_(options) {}

  Result<void> listen(const std::string& text) {
    const auto endpoint = parse_endpoint(text);
    if (!endpoint)
      return fail(ErrorCode::kInvalidConfig, "expected an address with a port, such as 127.0.0.1:8380", text);
    boost::system::error_code error;
    acceptor_.open(endpoint->protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(*endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) return fail(ErrorCode::kUnavailable, "cannot listen: " + error.message(), text);
    asio::co_spawn(loop_, accept(shared_from_this()), asio::detached);
    return {};
  }

  [[nodiscard]] std::string address() const override {
    boost::system::error_code error;
    const auto endpoint = acceptor_.local_endpoint(error);
    return error ? std::string() : name_of(endpoint);
  }

  void stop() override {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (beast::tcp_stream* stream : connections_) stream->close();
  }

 private:
  // `self` keeps this alive from the spawn on, as in the sessions: the owner may let go before the frame first runs.
  asio::awaitable<void> accept(std::shared_ptr<BeastServer> self) {
    while (acceptor_.is_open()) {
      boost::system::error_code error;
      auto token = asio::redirect_error(asio::use_awaitable, error);
      tcp::socket socket = co_await acceptor_.async_accept(token);
      if (error == asio::error::operation_aborted) break;
      // Beyond the limit a connection is closed at once; so is one that failed on the way (descriptors run out).
      if (error || connections_.size() >= options_.max_connections) continue;
      asio::co_spawn(loop_, serve(self, std::move(socket)), asio::detached);
    }
  }

  asio::awaitable<void> serve(std::shared_ptr<BeastServer> /*self*/, tcp::socket socket) {
    boost::system::error_code error;
    const std::string peer = socket.remote_endpoint(error).address().to_string();
    beast::tcp_stream stream(std::move(socket));
    const Listed listed(connections_, stream);
    beast::flat_buffer buffer;
    bool keep = acceptor_.is_open();
    while (keep) {
      beast::http::request_parser<beast::http::string_body> parser;
      parser.body_limit(options_.max_body_bytes);
      parser.header_limit(kMaxHeaderBytes);
      stream.expires_after(options_.idle_timeout);
      auto token = asio::redirect_error(asio::use_awaitable, error);
      co_await beast::http::async_read_header(stream, buffer, parser, token);
      if (!error) error = limit_body(parser);
      if (!error) co_await beast::http::async_read(stream, buffer, parser, token);
      BeastResponse response;
      NextPiece next;
      if (error) {
        const int status = status_of(error);
        if (status == 0) break;
        response = refusal(status);
      } else {
        response = co_await answer(parser.release(), peer, next);
      }
      keep = response.keep_alive() && acceptor_.is_open();
      response.keep_alive(keep);
      stream.expires_after(options_.idle_timeout);
      if (next) {
        error = co_await write_pieces(stream, response, next);
      } else {
        co_await beast::http::async_write(stream, response, token);
      }
      if (error) break;
    }
    boost::system::error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  // A body of unknown length: chunked (RFC 9112 §7.1).
  asio::awaitable<boost::system::error_code> write_pieces(beast::tcp_stream& stream, BeastResponse& response,
                                                          const NextPiece& next) {
    boost::system::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    beast::http::response_serializer<beast::http::string_body> head(response);
    co_await beast::http::async_write_header(stream, head, token);
    while (!error && acceptor_.is_open()) {
      const std::string piece = co_await next();
      stream.expires_after(options_.idle_timeout);
      if (piece.empty()) {
        co_await asio::async_write(stream, beast::http::make_chunk_last(), token);
        break;
      }
      co_await asio::async_write(stream, beast::http::make_chunk(asio::buffer(piece)), token);
    }
    co_return error;
  }

  // A connection's time in the list that stop() closes.
  class Listed {
   public:
    Listed(std::unordered_set<beast::tcp_stream*>& all, beast::tcp_stream& stream) : all_(all), stream_(stream) {
      all_.insert(&stream_);
    }
    Listed(const Listed&) = delete;
    Listed& operator=(const Listed&) = delete;
    ~Listed() { all_.erase(&stream_); }

   private:
    std::unordered_set<beast::tcp_stream*>& all_;
    beast::tcp_stream& stream_;
  };

  // Between head and body, when the target is known.
  boost::system::error_code limit_body(beast::http::request_parser<beast::http::string_body>& parser) const {
    if (!options_.body_limit) return {};
    const auto target = parser.get().target();
    const std::size_t limit = std::min(options_.body_limit({target.data(), target.size()}), options_.max_body_bytes);
    const bool too_large = parser.content_length().value_or(0) > limit;
    if (too_large) return beast::http::make_error_code(beast::http::error::body_limit);
    parser.body_limit(limit);
    return {};
  }

  static BeastResponse refusal(int status) {
    BeastResponse response(static_cast<beast::http::status>(status), 11);
    response.keep_alive(false);
    response.set(beast::http::field::content_type, "text/plain");
    response.body() = std::string(beast::http::obsolete_reason(static_cast<beast::http::status>(status))) + "\n";
    response.prepare_payload();
    return response;
  }

  // `next` is set where the body comes in pieces.
  asio::awaitable<BeastResponse> answer(beast::http::request<beast::http::string_body> request, std::string peer,
                                        NextPiece& next) {
    const bool head = request.method() == beast::http::verb::head;
    const bool keep = request.keep_alive();
    ServerRequest given;
    given.method = std::string(request.method_string());
    given.target = std::string(request.target());
    for (const auto& field : request) given.headers.emplace_back(field.name_string(), field.value());
    given.body = std::move(request.body());
    given.remote_address = std::move(peer);
    ServerResponse made = co_await handler_(std::move(given));
    BeastResponse response(static_cast<beast::http::status>(made.status), 11);
    for (const auto& [name, value] : made.headers) response.set(name, value);
    response.keep_alive(keep);
    if (made.next && !head) {
      next = std::move(made.next);
      response.chunked(true);
      co_return response;
    }
    const std::size_t size = made.body.size();
    if (!head) response.body() = std::move(made.body);
    // 204 and 304 have no body and no length (RFC 9110 §8.6); HEAD tells the length that GET would send.
    if (made.status == 204 || made.status == 304) {
      response.body().clear();
    } else {
      response.content_length(size);
    }
    co_return response;
  }

  asio::io_context& loop_;
  tcp::acceptor acceptor_;
  Handler handler_;
  ServerOptions options_;
  std::unordered_set<beast::tcp_stream*> connections_;
};

// What the owner holds: lets the sessions end by themselves.
class Handle final : public Server {
 public:
  explicit Handle(std::shared_ptr<BeastServer> server) : server_(std::move(server)) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() override { server_->stop(); }
  [[nodiscard]] std::string address() const override { return server_->address(); }
  void stop() override { server_->stop(); }

 private:
  std::shared_ptr<BeastServer> server_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(asio::io_context& loop, const std::string& listen, Handler handler,
                                              ServerOptions options) {
  auto server = std::make_shared<BeastServer>(loop, std::move(handler), options);
  if (auto listening = server->listen(listen); !listening) return tl::unexpected(std::move(listening.error()));
  return std::make_unique<Handle>(std::move(server));
}

}  // namespace dprkwatch::http
