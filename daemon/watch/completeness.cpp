#include "watch/completeness.hpp"

#include <algorithm>
#include <unordered_set>

namespace dprkwatch::watch {
namespace {

constexpr std::size_t kDigits = 16;
constexpr std::size_t kMaxEntries = 1000;

using Digits = std::unordered_set<std::string_view>;

std::size_t size_of(std::string_view window) {
  return window.size() / kDigits;
}

std::string_view at(std::string_view window, std::size_t index) {
  return window.substr(index * kDigits, kDigits);
}

Digits set_of(std::string_view window) {
  Digits digits;
  for (std::size_t i = 0; i < size_of(window); ++i) digits.insert(at(window, i));
  return digits;
}

// From the newest to the oldest: what is gone although something older is still there.
std::vector<std::string> removed_from(std::string_view before, const Digits& now, Order order) {
  std::vector<std::string> removed;
  std::vector<std::string> maybe;
  for (std::size_t i = 0; i < size_of(before); ++i) {
    const auto digits = at(before, order == Order::kNewestFirst ? i : size_of(before) - 1 - i);
    if (!now.contains(digits)) {
      maybe.emplace_back(digits);
    } else {
      removed.insert(removed.end(), maybe.begin(), maybe.end());
      maybe.clear();
    }
  }
  const std::size_t plausible = std::max<std::size_t>(2, size_of(before) / 5);
  if (removed.size() > plausible) removed.clear();
  return removed;
}

}  // namespace

std::string window_of(std::span<const std::string> identities) {
  std::string window;
  for (const std::string& identity : identities.first(std::min(identities.size(), kMaxEntries))) {
    window += identity.substr(0, kDigits);
  }
  return window;
}

Order order_of(std::span<const std::optional<Time>> published) {
  std::vector<Time> dates;
  for (const auto& date : published) {
    if (date) dates.push_back(*date);
  }
  if (dates.size() < 3 || dates.front() == dates.back()) return Order::kUnknown;
  if (std::ranges::is_sorted(dates)) return Order::kOldestFirst;
  if (std::ranges::is_sorted(dates, std::greater{})) return Order::kNewestFirst;
  return Order::kUnknown;
}

Change compare(std::string_view before, std::string_view now, Order order) {
  Change change;
  const Digits old = set_of(before);
  const Digits fresh = set_of(now);
  bool overlap = false;
  for (std::size_t i = 0; i < size_of(now); ++i) {
    if (old.contains(at(now, i))) {
      overlap = true;
    } else if (!before.empty()) {
      change.added.emplace_back(at(now, i));
    }
  }
  // A document of one entry always shows another.
  change.gap = !overlap && size_of(before) > 1 && size_of(now) > 1;
  if (overlap && order != Order::kUnknown) change.removed = removed_from(before, fresh, order);
  return change;
}

std::int64_t missed(Duration blind, Duration entry_gap, std::size_t seen) {
  if (entry_gap <= Duration::zero() || blind <= Duration::zero()) return 0;
  return std::max<std::int64_t>(0, blind / entry_gap - static_cast<std::int64_t>(seen));
}

std::optional<Time> silent_since(Duration entry_gap, std::optional<Time> newest, Time now) {
  if (entry_gap <= Duration::zero() || !newest) return std::nullopt;
  const Time expected = *newest + 10 * entry_gap + std::chrono::hours(24);
  return expected < now ? std::optional(expected) : std::nullopt;
}

}  // namespace dprkwatch::watch
