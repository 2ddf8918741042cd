#pragma once

#include <string_view>

#include "article/html_tree.hpp"

namespace dprkwatch::article {

// Whether an <img> is there to count readers, not to be seen: a pixel or two in size, or from a known counter.
[[nodiscard]] bool is_tracking_image(const GumboNode& image, std::string_view absolute_url);

}  // namespace dprkwatch::article
