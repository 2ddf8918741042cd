#pragma once
// The plain text of an entry's parts.

#include <string>

#include "feed/feed.hpp"

namespace dprkwatch::article {

// One line.
[[nodiscard]] std::string plain_title(const feed::Text& title);

// Lines divided by '\n'.
[[nodiscard]] std::string plain_text(const feed::Text& text);

// The content, or the summary where that says more, which it does where the content is missing or only a teaser.
[[nodiscard]] std::string plain_body(const feed::Entry& entry);

}  // namespace dprkwatch::article
