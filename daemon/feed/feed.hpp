#pragma once
// Bytes of a feed to entries. Pure: no network, no store, no clock; safe to call from any thread.
//
// A feed gives what the document says, with relative links made absolute and dates in UTC. HTML is left as it came,
// since cleaning it is the dear part and only new entries need it: see article/article.hpp.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clock/clock.hpp"
#include "result/result.hpp"

namespace dprkwatch::feed {

struct Person {
  std::string name;
  std::string email;
  std::string url;
};

struct Attachment {
  std::string url;
  std::string mime_type;
  std::optional<std::uint64_t> size_in_bytes;
};

// A text construct: plain text, or a fragment of HTML that nobody has cleaned yet.
struct Text {
  std::string value;
  bool is_html = false;
  std::string base_url;            // that relative links inside `value` are resolved against; may be empty
  bool is_literal = false;         // the document itself says that this is plain text, whatever it looks like
  bool is_double_escaped = false;  // HTML whose tags are escaped once more than they should; left as it came
};

// What was mended in a damaged document. `code` is stable ("undeclared-entity"); `line` is 1-based, 0 when unknown.
struct Warning {
  std::string code;
  std::size_t line = 0;
  std::string message;
};

struct Entry {
  std::string id;            // as given (guid, atom:id, id); empty when the document has none
  std::string url;           // absolute, http or https
  std::string external_url;  // JSON Feed external_url, atom rel="related"
  Text title;
  Text summary;
  Text content;
  std::vector<Person> authors;
  std::optional<Time> published;
  std::optional<Time> modified;
  std::string language;  // BCP 47, inherited from xml:lang or the feed
  std::vector<std::string> tags;
  std::string image;
  std::vector<Attachment> attachments;
};

struct Feed {
  std::string format;  // "rss-2.0", "atom-1.0", "json-feed-1.1", ...
  Text title;
  Text description;
  std::string home_page_url;
  std::string feed_url;               // rel="self"
  std::vector<std::string> hub_urls;  // WebSub
  std::string language;
  std::vector<Person> authors;
  std::vector<std::string> tags;
  std::string image;
  std::optional<Time> updated;
  std::optional<std::int64_t> ttl_seconds;
  std::vector<int> skip_hours;         // 0..23, UTC
  std::vector<std::string> skip_days;  // "Monday"
  std::vector<Entry> entries;          // in document order
  std::vector<Warning> warnings;
};

// Limits on what one document may ask for (DESIGN §6). Reaching one keeps what came before and adds a warning.
struct Limits {
  std::size_t depth = 256;
  std::size_t attributes = 256;          // of one element
  std::size_t text_bytes = 1024 * 1024;  // of one field
  std::size_t entries = 5000;
};

struct ParseOptions {
  std::string base_url;      // where the document came from; relative links are resolved against it
  std::string content_type;  // of the HTTP answer, with its charset; may be empty
  Limits limits = {};
};

// Finds out the format from the bytes and reads it. Fails with kInvalidInput when there is no feed in them (HTML,
// empty, something else): the message says what was found instead. A damaged feed succeeds, with warnings.
[[nodiscard]] Result<Feed> parse(std::string_view bytes, const ParseOptions& options);

// Which encoding a document is labelled with, and by what (RFC 7303 §3): "EUC-KR, by the HTTP header". For people.
[[nodiscard]] std::string describe_encoding(std::string_view bytes, std::string_view content_type);

// A date in any of the forms seen in feeds, as UTC; nothing when it is none or impossible.
[[nodiscard]] std::optional<Time> parse_date(std::string_view text);

}  // namespace dprkwatch::feed
