#pragma once

#include "article/html_tree.hpp"

namespace dprkwatch::article {

// What an element's class, id, role and itemprop say of it.
enum class NamedAs { kNothing, kArticle, kAside };

[[nodiscard]] NamedAs named_as(const GumboNode& element);

}  // namespace dprkwatch::article
