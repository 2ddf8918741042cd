#pragma once
// Which feeds a site has: what a page declares, what it links to, and at last the usual places. Every find has been
// fetched and read, by the client, the limits and the address guard of the daemon.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "clock/clock.hpp"
#include "config/config.hpp"
#include "result/result.hpp"

namespace dprkwatch::service {

struct FoundFeed {
  std::string url;  // after redirects
  std::string format;
  std::string title;  // plain text
  std::string language;
  std::size_t entries = 0;
  std::optional<Time> newest;
  std::size_t warnings = 0;
  std::string found_by;  // "address", "header", "link", "anchor", "path"
};

// What was asked for and is no feed.
struct MissedFeed {
  std::string url;
  std::string reason;
};

struct Discovery {
  std::string url;  // of the page, after redirects
  std::vector<FoundFeed> feeds;
  std::vector<MissedFeed> misses;
};

// Looks at `url` ("https://" is put before one without a scheme) on a loop of its own; blocks. One request at a time,
// at most 32. Of `config`, `fetch` and `network` count. Fails when the address can not be asked at all (no such host,
// refused, not http); a page that answers with an error still has its usual places tried.
[[nodiscard]] Result<Discovery> discover_feeds(std::string url, const config::Config& config,
                                               const std::string& version);

}  // namespace dprkwatch::service
