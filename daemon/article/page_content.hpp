#pragma once
// The main content of a page: which of its elements hold the article, and their text.

#include <string>

#include "article/html_tree.hpp"

namespace dprkwatch::article {

// The text of the article on a page, in the form of clean_text(); empty when nothing on it is prose.
[[nodiscard]] std::string main_text(const GumboNode& root);

// The text of the only <h1>, or of the one inside the only <article>; else "".
[[nodiscard]] std::string main_heading(const GumboNode& root);

// All that is shown of a page, navigation and all.
[[nodiscard]] std::string shown_text(const GumboNode& root);

}  // namespace dprkwatch::article
