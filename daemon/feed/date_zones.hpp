#pragma once
// Zones by the names that dates bear.

#include <optional>
#include <string>
#include <string_view>

#include "clock/clock.hpp"

namespace dprkwatch::feed {

// Minutes east of UTC, for a folded name such as "kst", "edt", "мск".
[[nodiscard]] std::optional<int> zone_of(std::string_view word) noexcept;

// The IANA name, for a folded one ("asia/seoul") or one whose offset depends on the date ("et"); empty for others.
[[nodiscard]] std::string region_of(std::string_view word);

// Minutes east of UTC that hold in a region of region_of() at a local time there.
[[nodiscard]] int offset_in(const std::string& region, Time local);

}  // namespace dprkwatch::feed
