#pragma once
// What a page says about itself in machine-readable form.

#include <optional>
#include <string>

#include "article/html_tree.hpp"
#include "clock/clock.hpp"

namespace dprkwatch::article {

struct PageMetadata {
  std::string title;           // best first: JSON-LD headline, og:title, other <meta>
  std::string document_title;  // <title>, with the name of the site as it stands
  std::string site_name;       // og:site_name
  std::string language;        // as declared
  std::string body;            // JSON-LD articleBody; may be HTML, may be cut
  std::string canonical_url;
  std::optional<Time> published;
  std::optional<Time> modified;
};

[[nodiscard]] PageMetadata read_metadata(const GumboNode& root);

}  // namespace dprkwatch::article
