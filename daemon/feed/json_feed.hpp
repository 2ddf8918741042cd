#pragma once
#include "feed/feed.hpp"
#include "feed/warnings.hpp"

namespace dprkwatch::feed {

// Reads a JSON Feed of version 1.0 or 1.1 (https://www.jsonfeed.org/version/1.1/). `document` is meant to be UTF-8.
// Damage is mended as in XML: bytes first, then parsed again.
[[nodiscard]] Result<void> read_json(std::string_view document, const ParseOptions& options, Feed& feed,
                                     Warnings& warnings);

}  // namespace dprkwatch::feed
