#pragma once
// The canonical body of a delivery (DESIGN §5) read back, and what of it people are shown.
//
// The outbox keeps the canonical body alone; every receiver's form is made from it at sending, by functions without
// clock or chance, so that all attempts of a delivery say the same.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "result/result.hpp"

namespace dprkwatch::deliver {

// One alert as its body tells it. Texts as the feed had them: not escaped, may hold anything but invalid JSON.
struct Message {
  std::string type;       // alert.created, alert.updated, alert.resolved, test
  std::string timestamp;  // RFC 3339
  std::string alert_id;
  std::string rule;
  std::string severity;  // info, warning, critical
  std::string summary;
  std::string dyad;  // "DPRK->USA", or empty
  std::string state;
  double escalation = 0;
  double baseline = 0;
  std::string title;
  std::string url;
  std::string feed;
  std::string published;  // RFC 3339, or empty
  std::string quote;      // the strongest sentence, or empty
  std::string speaker;
  std::string story;
  std::string message;    // the alert's line as its rule words it, or empty
  std::size_t group = 1;  // alerts that it tells of
};

// Fails with kInvalidInput when the text is no JSON object with `type` and `data`; keys that are absent stay empty.
[[nodiscard]] Result<Message> read_message(std::string_view body);

// The same for people, one line each: control characters and marks that reorder text made visible, "@" and "://" broken
// by a zero-width space so that no program takes them for a mention or a link. Markup is not escaped; each receiver has
// its own.
struct Shown {
  std::string headline;  // "CRITICAL DPRK->USA: escalation 82, usual 40 (escalating)"
  std::string title;
  std::string link;     // safe_link of the article; may be empty
  std::string quote;    // may be empty
  std::string speaker;  // may be empty
  std::string context;  // why and where: rule, feed, time
};
[[nodiscard]] Shown show(const Message& message);

// The URL when it is http or https, with everything percent-encoded that markup could take for its own; else empty.
[[nodiscard]] std::string safe_link(std::string_view url);

// At most `units` UTF-16 units, the count that chat services limit; a cut ends in "…".
[[nodiscard]] std::string cut(std::string_view text, std::size_t units);

// One line of harmless text, but mentions and links untouched: for receivers that show plain text only.
[[nodiscard]] std::string one_line(std::string_view text);

// ASCII punctuation that Markdown gives a meaning, with a backslash before it: Markdown as Discord and Mattermost read
// it.
[[nodiscard]] std::string escape_markdown(std::string_view text);

// & < > as entities, and with `quotes` the double quote.
[[nodiscard]] std::string escape_entities(std::string_view text, bool quotes);

// 0xRRGGBB by severity.
[[nodiscard]] std::int32_t colour_of(std::string_view severity);

}  // namespace dprkwatch::deliver
