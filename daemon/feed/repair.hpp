#pragma once
// Damaged XML to well-formed XML, as bytes.

#include <string>
#include <string_view>

#include "feed/warnings.hpp"

namespace dprkwatch::feed {

// One linear pass over `document`, meant to be UTF-8: replaces invalid bytes and undeclared entities, escapes stray
// ampersands and angle brackets, drops control characters, duplicate attributes, document type declarations and stray
// end tags, adds missing ends, and cuts a document that ends too early after its last whole entry. Newlines are kept,
// so lines stay what they were. What was done goes to `warnings`.
[[nodiscard]] std::string repair_xml(std::string_view document, Warnings& warnings);

}  // namespace dprkwatch::feed
