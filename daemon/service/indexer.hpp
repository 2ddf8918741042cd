#pragma once
// Puts relevant articles into the index of words, beside everything else. Private to service. [loop thread]

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "log/log.hpp"
#include "service/signal.hpp"
#include "store/store.hpp"

namespace dprkwatch::service {

class Indexer {
 public:
  Indexer(boost::asio::io_context& loop, store::Store& store, log::Logger& log)
      : store_(store), log_(log), quiet_(loop) {}

  // Until stop(). What is not indexed then is after the next start.
  [[nodiscard]] boost::asio::awaitable<void> run();
  void stop();

 private:
  store::Store& store_;
  log::Logger& log_;
  Signal quiet_;
  bool stopping_ = false;
};

}  // namespace dprkwatch::service
