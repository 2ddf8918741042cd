#pragma once
// The plain text of an entry's parts.

#include <string>
#include <string_view>

#include "feed/feed.hpp"

namespace dprkwatch::article {

// One line.
[[nodiscard]] std::string plain_title(const feed::Text& title);

// The HTML of a text, unescaped where its publisher escaped it twice.
[[nodiscard]] std::string markup_of(const feed::Text& text);

// Lines divided by '\n'.
[[nodiscard]] std::string plain_text(const feed::Text& text);

// The content, or the summary where that says more, which it does where the content is missing or only a teaser.
[[nodiscard]] std::string plain_body(const feed::Entry& entry);

// Removes the title from the beginning of a text where it is the whole first line: a repetition. One that begins a
// sentence stays, and so does one that is all the text.
void leave_out_title(std::string& text, std::string_view title);

}  // namespace dprkwatch::article
