#pragma once
// One attempt at one delivery, by whatever way its receiver has: HTTP, a file, mail, a program.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <set>
#include <string>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "http/client.hpp"
#include "result/result.hpp"
#include "store/records.hpp"

namespace dprkwatch::deliver {

class Sender {
 public:
  // `loop` and `client` outlive this and every send that has not returned.
  Sender(boost::asio::io_context& loop, http::Client& client, config::Receiver receiver);

  // The answer, as of an HTTP service: 2xx taken, another status refused (deliver::judge), an error when there was
  // none. An error's text names no address that holds a token. [loop thread]
  [[nodiscard]] boost::asio::awaitable<Result<http::Response>> send(const store::Delivery& delivery, Time now) const;

  // Ends the programs under way; their attempts end with kStopped. [loop thread]
  void cut() const;

 private:
  boost::asio::awaitable<Result<http::Response>> post(const store::Delivery& delivery, Time now) const;
  [[nodiscard]] Result<http::Response> append(const store::Delivery& delivery) const;

  boost::asio::io_context& loop_;
  http::Client& client_;
  config::Receiver receiver_;
  std::vector<std::string> keys_;
  mutable std::set<int> running_;  // process groups of receivers of type exec
};

}  // namespace dprkwatch::deliver
