#pragma once
// Subscription lists in OPML 1.0 and 2.0 (http://opml.org/spec2.opml).

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "result/result.hpp"

namespace dprkwatch::config {

// The outlines with an xmlUrl, in document order: name, url, site (htmlUrl), language, description, tags (the attribute
// `category`), and as `category` the outlines around it, outermost first. Names are made unique by a number. Outlines
// marked isComment are left out. Fails when it is not well-formed, has no such outline, declares entities, or is nested
// deeper than 64.
[[nodiscard]] Result<std::vector<Feed>> read_opml(std::string_view bytes, const std::string& path);

// OPML 2.0 that read_opml gives the same feeds for, in the same order: feeds that follow each other share the outlines
// of their categories. Interval and source, which OPML has no words for, are left out, and so are feeds without a web
// address.
[[nodiscard]] std::string write_opml(std::span<const Feed> feeds, std::string_view title);

}  // namespace dprkwatch::config
