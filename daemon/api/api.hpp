#pragma once
// The HTTP interface of the daemon.

#include "http/server.hpp"
#include "store/store.hpp"

namespace dprkwatch::api {

// Answers GET /healthz (the loop turns) and /readyz (the store answers; with its counts as JSON); 404 for the rest.
// `store` outlives the handler. [loop thread]
[[nodiscard]] http::Handler make_handler(store::Store& store);

}  // namespace dprkwatch::api
