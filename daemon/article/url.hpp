#pragma once
// Links of a document to absolute ones.

#include <string>
#include <string_view>

namespace dprkwatch::article {

enum class LinkUse { kPage, kImage };

// A link as an absolute URL (RFC 3986 §5), or "" when it leads nowhere that a reader may be sent: anything but http and
// https (and mailto for pages), a relative link without a base, what libcurl can't read. Comes back in ASCII:
// percent-encoded, its host as in UTS #46, without a user's name.
[[nodiscard]] std::string resolve_link(std::string_view link, std::string_view base_url, LinkUse use);

}  // namespace dprkwatch::article
