#pragma once

#include <string_view>

namespace dprkwatch::selector {

// Whether the whole text fits a pattern in which * stands for any characters, none included. At worst pattern times
// text steps, since there is one place to go back to.
[[nodiscard]] bool fits_glob(std::string_view pattern, std::string_view text);

}  // namespace dprkwatch::selector
