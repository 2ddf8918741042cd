#pragma once
// The HTTP interface: health, the JSON API, metrics, the alerts as Atom, and the page that shows them.
//
//   GET /healthz /readyz /metrics /alerts.atom
//   GET /api/v1/{articles,articles/ID,articles/ID/why-not,alerts,alerts/ID,alerts/ID/why,series,stories,feeds,plugins,
//                quarantine,deliveries,deliveries/ID,receivers,silences}
//   GET /api/v1/stream: server-sent events, see stream.hpp
//   POST /api/v1/feeds/refresh, /api/v1/feeds/NAME/refresh, /api/v1/silences, /api/v1/alerts/ID/ack,
//   DELETE /api/v1/silences/ID: see writes.hpp for who may
//   GET /  the page and its files
//
// Lists are {"items": [...], "next": CURSOR or null}; `?before=CURSOR` gives the next page, `?limit=` its size (1-500,
// default 50). A mistake in a request is {"error": ...} with status 400. docs/api.md has every field.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "http/server.hpp"
#include "plugin/health.hpp"
#include "store/reader.hpp"
#include "workers/workers.hpp"

namespace dprkwatch::api {

// What the daemon has done since it started.
struct Activity {
  std::uint64_t polls = 0;
  std::uint64_t failed_polls = 0;
  std::uint64_t analysed = 0;
  std::uint64_t alerts = 0;
  std::uint64_t pushes = 0;          // WebSub: authentic ones
  std::uint64_t refused_pushes = 0;  // and those that were ignored
  std::uint64_t live_subscriptions = 0;
};

// What became of the wish to poll feeds now.
struct Refreshed {
  std::size_t asked = 0;  // feeds that are polled now
  std::size_t gone = 0;   // feeds that were meant, but are polled no more
};

// What the interface shows; all outlive it.
struct Sources {
  store::Reader& reader;
  Workers& thread;  // exactly one: the reader's
  const Clock& clock;
  std::function<std::vector<plugin::Health>()> plugins;  // [loop thread]
  std::function<Activity()> activity;                    // [loop thread]
  std::string version;
  // What a request must show as "Authorization: Bearer TOKEN"; empty: nothing. /healthz, /readyz and the page's files,
  // which hold no data, are open.
  std::string token;
  // Polls one feed now, or all of them. [loop thread]
  std::function<Refreshed(const std::optional<std::string>& name)> refresh = {};
  store::Store* writer = nullptr;  // the daemon's own, for what people write; without it nothing can be written
  std::function<std::shared_ptr<const config::Config>()> config = {};  // [loop thread] the one in force
};

// [loop thread]
[[nodiscard]] http::Handler make_handler(Sources sources);

}  // namespace dprkwatch::api
