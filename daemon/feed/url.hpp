#pragma once
// References to absolute URLs, as browsers read them: blanks and raw Unicode are common in feeds.

#include <string>
#include <string_view>

namespace dprkwatch::feed {

// Resolves `reference` against `base` (RFC 3986 §5.2), after dropping blanks at the ends, tabs and newlines, and
// writing inner blanks as %20. Raw non-ASCII is kept. Without a usable base a relative reference comes back as it is.
[[nodiscard]] std::string resolve_url(std::string_view reference, std::string_view base);

// http or https with a host.
[[nodiscard]] bool is_web_url(std::string_view url) noexcept;

// Begins with a scheme.
[[nodiscard]] bool is_absolute_url(std::string_view url) noexcept;

}  // namespace dprkwatch::feed
