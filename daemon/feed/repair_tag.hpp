#pragma once
// Start tags in the repair: where they end, and their attributes as XML wants them.

#include <cstddef>
#include <string_view>

#include "feed/repair_text.hpp"

namespace dprkwatch::feed {

// Names are kept to ASCII: what else follows a '<' is text more often than it is a tag ("<북한>").
[[nodiscard]] bool is_name_start(char c) noexcept;

// The end of the name that begins at `at`.
[[nodiscard]] std::size_t end_of_name(std::string_view in, std::size_t at) noexcept;

// The '>' that ends the tag whose name ended at `at`, or the '<' that shows that it was no tag; npos at the end.
[[nodiscard]] std::size_t find_tag_end(std::string_view in, std::size_t at) noexcept;

// Writes the attributes between the name and `tag_end` to mender.out: quoted, escaped, each name once. Returns whether
// the tag ends itself.
[[nodiscard]] bool copy_attributes(std::string_view in, std::size_t at, std::size_t tag_end, const Mender& mender);

}  // namespace dprkwatch::feed
