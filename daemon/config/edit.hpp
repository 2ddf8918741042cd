#pragma once
// Changes to the list of feeds in a configuration's text that keep every other byte: comments, order, quotes, line
// ends.
//
// Each change is proved before it is given back: the new text is parsed, and must hold what the old one held, but for
// the feeds added or removed. A text whose shape does not allow that is refused with kInvalidConfig and the reason.
// Whether the result is a good configuration is for load_text to say.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "result/result.hpp"

namespace dprkwatch::config {

// Puts the feeds at the end of the list `feeds:`, which is made when there is none, in the style of its last item.
// `path` names the text in errors.
[[nodiscard]] Result<std::string> add_feeds(std::string_view yaml, const std::string& path,
                                            const std::vector<Feed>& feeds);

// Takes out the feed of that name, with the comments on its own lines. kNotFound when the list has none.
[[nodiscard]] Result<std::string> remove_feed(std::string_view yaml, const std::string& path, const std::string& name);

// "200ms", "30s", "15m", "2h", "1d"; nothing for all else.
[[nodiscard]] std::optional<Duration> read_duration(const std::string& text);

}  // namespace dprkwatch::config
