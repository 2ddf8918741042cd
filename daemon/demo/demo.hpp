#pragma once
// The demonstration: serves the scenario of seeds/demo over HTTP as three feeds that grow entry by entry, and is the
// webhook receiver that checks the signatures of what comes back.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "clock/clock.hpp"
#include "result/result.hpp"

namespace dprkwatch::demo {

struct Options {
  std::string listen = "127.0.0.1:9000";
  std::string folder;       // of the scenario: wire.rss.xml, analysis.atom.xml, korean.feed.json
  std::string secret;       // whsec_..., that the daemon signs with
  std::size_t at_once = 6;  // entries that are there from the start
  Duration step{700};       // between two further entries
  std::string receipts;     // file that one JSON line a POST is appended to; empty for none
};

struct Totals {
  std::size_t published = 0;     // entries
  std::size_t entries = 0;       // in the scenario
  std::size_t requests = 0;      // for feeds
  std::size_t not_modified = 0;  // of these, answered with 304
  std::size_t verified = 0;      // POSTs with a good signature
  std::size_t repeats = 0;       // of these, with an id seen before
  std::size_t refused = 0;       // POSTs with a bad one
};

// Paths: /wire.xml, /analysis.xml, /korean.json, POST /hook, /status (the totals as JSON).
class Demo {
 public:
  // `print`: takes a line for people, without control characters. [loop thread]
  [[nodiscard]] static Result<std::unique_ptr<Demo>> start(boost::asio::io_context& loop, const Clock& clock,
                                                           Options options,
                                                           std::function<void(const std::string&)> print);
  virtual ~Demo() = default;
  [[nodiscard]] virtual std::string address() const = 0;
  // Publishes the entries one after the other; returns after the last.
  [[nodiscard]] virtual boost::asio::awaitable<void> publish() = 0;
  [[nodiscard]] virtual Totals totals() const = 0;
  virtual void stop() = 0;
};

}  // namespace dprkwatch::demo
