#pragma once
// The words around the mentions of the North, as hashed features.

#include <cstdint>
#include <utility>
#include <vector>

#include "relevance/scan.hpp"

namespace dprkwatch::relevance {

// Words (of Korean, Chinese and Japanese: pairs of characters) up to four to the left and right of each mention, alone
// and two by two, with their side. At most kMaxContexts mentions are looked at. The vector has length 1 or is empty.
[[nodiscard]] std::vector<std::pair<std::uint16_t, float>> hash_context(const Scan& scan, const Terms& terms);

inline constexpr std::size_t kMaxContexts = 12;

}  // namespace dprkwatch::relevance
