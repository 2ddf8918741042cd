#pragma once
// Whether what a feed shows joins what it showed before: pure functions of the identities of two documents. Any thread.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "clock/clock.hpp"

namespace dprkwatch::watch {

// The identities of a document's entries in its order, 16 hex digits of each, one after the other.
[[nodiscard]] std::string window_of(std::span<const std::string> identities);

// How a document is ordered, by the dates of its entries.
enum class Order { kNewestFirst, kOldestFirst, kUnknown };
// Dates that are missing are passed over; fewer than three, or any out of order, show none.
[[nodiscard]] Order order_of(std::span<const std::optional<Time>> published);

struct Change {
  // Both documents have entries and share none: others may have come and gone between them.
  bool gap = false;
  // Entries that went away while older ones stayed, 16 digits of each: taken back, not aged out. None when the order is
  // unknown, or when so many went that the document is rather another selection.
  std::vector<std::string> removed;
  // Entries that the document before did not have.
  std::vector<std::string> added;
};
[[nodiscard]] Change compare(std::string_view before, std::string_view now, Order order);

// How many entries may have come unseen in that time, by the usual time between two; 0 when that is unknown. `seen`:
// those that are there now.
[[nodiscard]] std::int64_t missed(Duration blind, Duration entry_gap, std::size_t seen);

// Since when a feed is silent against its own rhythm: it usually has news every `entry_gap`, and has had none for ten
// times that and a day. Nothing when it is not, or has no rhythm (0).
[[nodiscard]] std::optional<Time> silent_since(Duration entry_gap, std::optional<Time> newest, Time now);

}  // namespace dprkwatch::watch
