#pragma once
// What a reader of one XML format is to the pass over the document.

#include <memory>

#include "feed/capture.hpp"
#include "feed/draft.hpp"
#include "feed/xml_reader.hpp"

namespace dprkwatch::feed {

// What to do with an element that has just begun.
enum class Step {
  kDescend,       // its children come one by one, then close()
  kSkip,          // leave it out with all that it holds
  kCapture,       // its text goes to captured()
  kCaptureXhtml,  // the same, its inline markup being the text's own (Capture::Mode::kXhtml)
  kEnough,        // end here: the feed is full
};

class FormatReader {
 public:
  virtual ~FormatReader() = default;
  [[nodiscard]] virtual Step open(const Element& element) = 0;
  virtual void captured(const Capture& capture) = 0;
  virtual void close() = 0;
  // At the end of what could be read.
  virtual void finish() = 0;
};

// Each is given its root element first, through open().
[[nodiscard]] std::unique_ptr<FormatReader> make_rss_reader(Draft draft);
[[nodiscard]] std::unique_ptr<FormatReader> make_atom_reader(Draft draft);
[[nodiscard]] std::unique_ptr<FormatReader> make_sitemap_reader(Draft draft);

// Reads `document`, UTF-8. kDoctype and kMalformed ask for a repaired one; the feed then holds what came before.
// Fails when the root element is not that of a feed.
[[nodiscard]] Result<XmlOutcome> read_xml(std::string_view document, const ParseOptions& options, Feed& feed,
                                          Warnings& warnings);

}  // namespace dprkwatch::feed
