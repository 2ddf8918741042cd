#pragma once
#include <string>
#include <string_view>

#include "feed/warnings.hpp"

namespace dprkwatch::feed {

// One pass over damaged JSON: bytes that are no UTF-8 and control characters in strings are replaced, and a document
// that ends too early is cut after its last whole item and closed.
[[nodiscard]] std::string repair_json(std::string_view document, Warnings& warnings);

}  // namespace dprkwatch::feed
