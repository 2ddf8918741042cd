#pragma once
// A small HTTP/1.1 server on the Asio loop (Boost.Beast inside): the API, the demonstration and the tests use it.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/headers.hpp"
#include "result/result.hpp"

namespace dprkwatch::http {

struct ServerRequest {
  std::string method;
  std::string target;  // path and query
  Headers headers;
  std::string body;
  std::string remote_address;
};

struct ServerResponse {
  int status = 200;
  Headers headers;
  std::string body;
  // Where set, this gives the body instead, a piece at a time, until it gives an empty one or the connection ends. It is
  // asked again when a piece has gone out, so a slow peer holds up none but itself. [loop thread]
  std::function<boost::asio::awaitable<std::string>()> next = nullptr;
};

// [loop thread]
using Handler = std::function<boost::asio::awaitable<ServerResponse>(ServerRequest)>;

struct ServerOptions {
  std::size_t max_body_bytes = 1024 * 1024;
  // The limit for one target, at most max_body_bytes, which holds for all when this is absent. [loop thread]
  std::function<std::size_t(std::string_view target)> body_limit = nullptr;
  std::size_t max_connections = 256;
  std::chrono::milliseconds idle_timeout = std::chrono::seconds(30);
};

// Listens from construction until stop() or destruction.
class Server {
 public:
  // `listen`: "host:port", numeric; port 0 lets the kernel choose. Fails when it can not bind.
  [[nodiscard]] static Result<std::unique_ptr<Server>> start(boost::asio::io_context& loop, const std::string& listen,
                                                             Handler handler, ServerOptions options = {});
  virtual ~Server() = default;
  // "127.0.0.1:40123"
  [[nodiscard]] virtual std::string address() const = 0;
  // [loop thread] Closes the listener and every connection.
  virtual void stop() = 0;
};

}  // namespace dprkwatch::http
