#pragma once
// One attempt at one delivery, by whatever way its receiver has: HTTP, a file, mail, a program.

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "http/client.hpp"
#include "process/process.hpp"
#include "result/result.hpp"
#include "store/records.hpp"

namespace dprkwatch::deliver {

class Sender {
 public:
  // `client` and this outlive every send that has not returned.
  Sender(http::Client& client, config::Receiver receiver);

  // The answer, as of an HTTP service: 2xx taken, another status refused (deliver::judge), an error when there was
  // none. An error's text names no address that holds a token. [loop thread]
  [[nodiscard]] boost::asio::awaitable<Result<http::Response>> send(const store::Delivery& delivery, Time now);

  // Ends the programs under way; their attempts end with kStopped. [loop thread]
  void cut();

 private:
  boost::asio::awaitable<Result<http::Response>> post(const store::Delivery& delivery, Time now) const;
  [[nodiscard]] Result<http::Response> append(const store::Delivery& delivery) const;

  http::Client& client_;
  config::Receiver receiver_;
  std::vector<std::string> keys_;
  process::Commands commands_;  // of receivers of type exec
};

}  // namespace dprkwatch::deliver
