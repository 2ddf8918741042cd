#pragma once
#include <string>
#include <string_view>

namespace dprkwatch::feed {

enum class Kind { kXml, kJson, kNeither };

struct Sniffed {
  Kind kind = Kind::kNeither;
  std::size_t begin = 0;  // where the document begins, after blanks or junk
  bool has_junk = false;  // something other than blanks lies before it
  std::string what;       // kNeither: what it is, for people ("an HTML page")
};

// What decoded bytes are, by how they begin.
[[nodiscard]] Sniffed sniff(std::string_view text);

}  // namespace dprkwatch::feed
