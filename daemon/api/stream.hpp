#pragma once
// Server-sent events (WHATWG HTML §9.2): alerts as they come, and word that something else has moved. Private to api.

#include <memory>

#include "api/api.hpp"
#include "api/request.hpp"
#include "http/server.hpp"

namespace dprkwatch::api {

// Those who follow at the moment.
class Followers {
 public:
  static constexpr std::size_t kMost = 64;  // each holds a connection

  // An answer whose body goes on until the peer leaves:
  //
  //   id: CURSOR, event: alert, data: one alert as in /api/v1/alerts    a new alert, in order, none left out
  //   event: change, data: {}                                           anything in the store has changed
  //
  // Begins after the alert that the header Last-Event-ID or the parameter `after` names, else with what comes from now
  // on. 503 when too many follow. [loop thread]
  [[nodiscard]] http::ServerResponse follow(const Sources& sources, const http::ServerRequest& request,
                                            Parameters parameters);

 private:
  std::shared_ptr<std::size_t> count_ = std::make_shared<std::size_t>(0);
};

}  // namespace dprkwatch::api
