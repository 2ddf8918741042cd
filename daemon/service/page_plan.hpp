#pragma once
// What follows from a look at an article's page: pure functions. Private to service.

#include <optional>
#include <string>

#include "article/page.hpp"
#include "clock/clock.hpp"
#include "config/config.hpp"
#include "store/records.hpp"

namespace dprkwatch::service {

// Looks at a page that an article waits for, before the article goes on with the text of its entry.
inline constexpr int kFirstLooks = 3;

// When to look again after so many failures in a row: 15 s, 1 min, 4 min, ... at most a day.
[[nodiscard]] Duration wait_after_failure(std::int64_t failures) noexcept;

// When to look again after so many looks that went well, the first included: 30 min, 2 h, 8 h, ... at most 4 days.
// Nothing when the feed does not ask for it, or no more.
[[nodiscard]] std::optional<Time> next_look(const config::Feed& feed, Time fetched, std::int64_t looks, Time now);

// The article with what its page holds: the page's text when it is longer than the entry's own, its date and language
// where the entry had none. For a feed of type page the page's title counts, else the entry's.
[[nodiscard]] store::ArticlePage filled(store::ArticlePage article, const article::Page& page,
                                        const config::Feed& feed);

// What a page read again means for an article that was stored: nothing when it says the same.
[[nodiscard]] std::optional<store::NewRevision> revision_of(const store::ArticlePage& article,
                                                            const article::Page& page, const config::Feed& feed,
                                                            Time now);

}  // namespace dprkwatch::service
