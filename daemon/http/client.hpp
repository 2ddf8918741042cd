#pragma once
// The HTTP client that fetch and deliver share: libcurl's multi socket interface, driven by the Asio loop.
//
// All calls on the loop thread. The client must outlive every send that has not returned: call cancel_all and run the
// loop until they have, before it is destroyed.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/address_guard.hpp"
#include "http/headers.hpp"
#include "result/result.hpp"

namespace dprkwatch::http {

// A mail, for URLs smtp:// and smtps://; the request's body is the whole message.
struct Mail {
  std::string from;
  std::vector<std::string> to;
  std::string user;  // empty: no login
  std::string password;
  bool encrypted = true;  // smtp:// must be upgraded to TLS before anything is said
};

struct Request {
  std::string method = "GET";
  std::string url;  // http or https
  Headers headers;
  std::string body;
  // Credentials, at most one kind; sent to the host of `url` only, not to where it redirects.
  std::string user;  // basic authentication, with `password`
  std::string password;
  std::string token;  // bearer
  std::string proxy;  // URL; empty: none. The guard then checks the proxy's address: names are the proxy's to resolve
  std::size_t max_bytes = 16 * 1024 * 1024;  // of the answer's body, after decoding
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  std::chrono::milliseconds timeout = std::chrono::seconds(30);  // in all
  int max_redirects = 0;                                         // 0: a redirect is an answer like any other
  std::optional<Mail> mail = {};
};

struct Response {
  int status = 0;
  Headers headers;  // of the last answer, when redirects were followed
  std::string body;
  std::string url;              // where the body came from, after redirects
  bool moved_for_good = false;  // it was redirected, each time with 301 or 308
  std::string address;          // that answered: "192.0.2.1:443", "[2001:db8::1]:443"
  std::chrono::milliseconds took{};
};

struct ClientOptions {
  AddressGuard guard;
  std::string user_agent;
  long max_per_host = 4;  // connections; further requests wait for one
  long max_total = 64;
};

class Client {
 public:
  Client(boost::asio::io_context& loop, ClientOptions options);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  // Any status is a response, of a mail that of SMTP. Errors: kRefused (address, scheme, redirects), kTimeout, kTooLarge, kInvalidInput (a body
  // cut short, more than one content encoding), kUnavailable (name, connection, TLS), kStopped (cancel_all).
  // Error::where is the URL without credentials.
  [[nodiscard]] boost::asio::awaitable<Result<Response>> send(Request request);

  // New connections are checked against this guard; open ones are closed.
  void set_guard(AddressGuard guard);

  // Ends every send with kStopped.
  void cancel_all();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dprkwatch::http
