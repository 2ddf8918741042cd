#pragma once
// Legacy encodings through ICU: their many labels, conversion, and a guess when the label is wrong.

#include <optional>
#include <string>
#include <string_view>

namespace dprkwatch::feed {

struct Encoding {
  std::string_view name;            // as people know it
  const char* converter = nullptr;  // as ICU knows it
  bool is_single_byte = false;
  bool is_latin = false;
  bool extends_ascii = true;  // bytes below 0x80 are ASCII
  bool is_stateful = false;   // switches by escape sequences
};

// By any of its labels (WHATWG Encoding §4.2): "ks_c_5601-1987" is CP949, "iso-8859-1" is windows-1252.
[[nodiscard]] std::optional<Encoding> find_encoding(std::string_view label) noexcept;

struct Conversion {
  std::string text;        // UTF-8
  std::size_t errors = 0;  // places that were replaced by U+FFFD
};
[[nodiscard]] Conversion convert(std::string_view bytes, const Encoding& encoding);

// The likeliest encoding of bytes that are no UTF-8: what the document's language suggests and can be read, else
// ICU's detector on the text between the tags. Nothing when neither is sure.
[[nodiscard]] std::optional<Encoding> guess_encoding(std::string_view bytes);

}  // namespace dprkwatch::feed
