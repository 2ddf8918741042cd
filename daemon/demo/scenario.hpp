#pragma once
// The demonstration's feeds: whole documents, published entry by entry in the order of their dates. Private to demo.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "result/result.hpp"

namespace dprkwatch::demo {

// One feed document, cut into what stands around its entries and the entries.
struct Document {
  std::string path;  // "/wire.xml"
  std::string content_type;
  std::string before;     // up to the first entry
  std::string separator;  // between entries
  std::string after;      // from the last entry on
  struct Entry {
    std::string bytes;
    std::string published;  // sorts by time: UTC, RFC 3339
  };
  std::vector<Entry> entries;  // newest first, as in the file
};

class Scenario {
 public:
  // Reads wire.rss.xml, analysis.atom.xml and korean.feed.json of the folder. They are our own, well-formed documents:
  // entries are found by their tags.
  [[nodiscard]] static Result<Scenario> load(const std::string& folder);

  [[nodiscard]] std::size_t size() const noexcept { return order_.size(); }
  // Every document with those of the first `count` entries over all feeds that are its own.
  [[nodiscard]] std::string render(const Document& document, std::size_t count) const;
  // When the document changed last, as that number of entries were published: the number of the entry, 0 for none.
  [[nodiscard]] std::size_t version(const Document& document, std::size_t count) const;
  // The document of that path; null when there is none.
  [[nodiscard]] const Document* find(std::string_view path) const;

 private:
  struct Place {
    std::size_t document;
    std::size_t entry;
  };
  std::vector<Document> documents_;
  std::vector<Place> order_;  // by date
};

}  // namespace dprkwatch::demo
