#pragma once
// What several files read from rows and bind to statements. Private to the store.

#include <chrono>
#include <cstdint>

#include "store/records.hpp"
#include "store/sqlite.hpp"

namespace dprkwatch::store {

[[nodiscard]] constexpr std::int64_t number(FeedId id) noexcept {
  return static_cast<std::int64_t>(id);
}
[[nodiscard]] constexpr std::int64_t number(ArticleId id) noexcept {
  return static_cast<std::int64_t>(id);
}
[[nodiscard]] constexpr std::int64_t number(DeliveryId id) noexcept {
  return static_cast<std::int64_t>(id);
}
[[nodiscard]] constexpr std::int64_t number(std::chrono::sys_days day) noexcept {
  return day.time_since_epoch().count();
}

// From columns 0 to 9: a.id, a.feed_id, f.name, a.identity, a.url, a.title, a.text, a.language, a.published, a.fetched.
[[nodiscard]] Article read_article(const Statement& row);

}  // namespace dprkwatch::store
