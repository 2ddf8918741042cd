// The way of a document: bytes, UTF-8, format, entries; and once more from mended bytes when the first pass failed.

#include "feed/feed.hpp"

#include <algorithm>

#include "feed/encoding.hpp"
#include "feed/json_feed.hpp"
#include "feed/repair.hpp"
#include "feed/sniff.hpp"
#include "feed/warnings.hpp"
#include "feed/xml_format.hpp"

namespace dprkwatch::feed {
namespace {

// expat counts in int, and nothing that comes here should be near that (DESIGN §3: 16 MiB).
constexpr std::size_t kMaxBytes = 256U * 1024 * 1024;

// First strictly, since nearly all documents are sound; after a failure once more, mended.
Result<void> read_xml_mending(std::string_view document, const ParseOptions& options, Feed& feed, Warnings& warnings) {
  {
    Warnings first_warnings = warnings;
    Feed first;
    auto outcome = read_xml(document, options, first, first_warnings);
    const bool is_done = !outcome || *outcome == XmlOutcome::kWhole || *outcome == XmlOutcome::kStopped;
    if (is_done) {
      feed = std::move(first);
      warnings = std::move(first_warnings);
      return outcome ? Result<void>{} : tl::unexpected{outcome.error()};
    }
  }
  const std::string mended = repair_xml(document, warnings);
  auto outcome = read_xml(mended, options, feed, warnings);
  if (!outcome) {
    return tl::unexpected{outcome.error()};
  }
  if (*outcome == XmlOutcome::kMalformed || *outcome == XmlOutcome::kDoctype) {
    if (feed.format.empty()) {
      return fail(ErrorCode::kInvalidInput, "this looks like XML but has no element; expected a feed");
    }
    warnings.add("not-well-formed", 0, "the document could not be mended to its end; what came before is kept");
  }
  return {};
}

// RFC 4287 §4.2.1 and JSON Feed 1.1 ("authors"): an entry without author has its feed's. RSS has no such rule.
void inherit(Feed& feed) {
  const bool shares_authors = !feed.format.starts_with("rss");
  for (Entry& entry : feed.entries) {
    if (entry.language.empty()) {
      entry.language = feed.language;
    }
    if (shares_authors && entry.authors.empty()) {
      entry.authors = feed.authors;
    }
  }
}

}  // namespace

Result<Feed> parse(std::string_view bytes, const ParseOptions& options) {
  if (bytes.size() > kMaxBytes) {
    return fail(ErrorCode::kTooLarge, "this document has " + std::to_string(bytes.size()) + " bytes; at most " +
                                          std::to_string(kMaxBytes) + " are read");
  }
  Warnings warnings;
  const Decoded decoded = decode(bytes, options.content_type, warnings);
  const std::string_view text = decoded.text();
  const Sniffed sniffed = sniff(text);
  if (sniffed.kind == Kind::kNeither) {
    return fail(ErrorCode::kInvalidInput, "this is " + sniffed.what, options.base_url);
  }
  const std::string_view document = text.substr(sniffed.begin);
  if (sniffed.has_junk || (sniffed.begin > 0 && document.starts_with("<?xml"))) {
    warnings.add("leading-junk", 1,
                 "what stands before the document is left out: '" + excerpt(text.substr(0, sniffed.begin)) + "'");
  }
  warnings.set_first_line(1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, sniffed.begin), '\n')));
  Feed feed;
  const Result<void> outcome = sniffed.kind == Kind::kJson ? read_json(document, options, feed, warnings)
                                                           : read_xml_mending(document, options, feed, warnings);
  if (!outcome) {
    return fail(outcome.error().code, outcome.error().message, options.base_url);
  }
  inherit(feed);
  feed.warnings = warnings.take();
  return feed;
}

}  // namespace dprkwatch::feed
