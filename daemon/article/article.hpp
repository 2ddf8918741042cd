#pragma once
// An entry to clean text. Pure; safe to call from any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "clock/clock.hpp"
#include "feed/feed.hpp"

namespace dprkwatch::article {

// What is stored and analysed.
struct Article {
  std::string identity;  // stable key within its feed: 32 hex digits
  std::string url;
  std::string title;     // plain text, one line
  std::string text;      // plain text, NFC, paragraphs divided by '\n'; without the title
  std::string language;  // BCP 47 primary subtag ("en", "ko"); empty when unknown
  std::optional<Time> published;
};

// A stable key for an entry within its feed: from its id, else its URL, else title and date together, else title and
// text. Never from a date alone. 32 hex digits of SHA-256 over a tag for the kind of key and its value.
[[nodiscard]] std::string identity_of(const feed::Entry& entry);

// A hash of what an entry says, never 0: another one means that its publisher changed it. The same on every machine.
[[nodiscard]] std::int64_t entry_hash(const feed::Entry& entry);

// A key that copies of a text share whatever their headline, markup and punctuation: a hash of the letters and digits of
// the text, of the title too where the text is short. 32 hex digits.
[[nodiscard]] std::string story_key(std::string_view title, std::string_view text);

// Cleans an entry: title and text to plain text (content, else summary), language from entry, feed or guess.
// `fetched` bounds the published time: a future date becomes it.
[[nodiscard]] Article make_article(const feed::Entry& entry, const feed::Feed& feed, Time fetched);

// Dates of the feed and its entries that lie after `fetched` become it, with a warning ("future-date").
void bound_dates(feed::Feed& feed, Time fetched);

// HTML (a fragment or a page) to plain text: entities decoded once, NFC, block elements divided by '\n', script, style
// and other unseen content left out. Input beyond 5 MiB is cut.
[[nodiscard]] std::string html_to_text(std::string_view html);

// HTML by allow-list: no script, style, event handlers, javascript:, tracking pixels, forms, frames. Links absolute,
// resolved against `base_url`.
[[nodiscard]] std::string sanitize_html(std::string_view html, std::string_view base_url);

// Plain text in canonical form: valid UTF-8, NFC, no control characters, runs of blanks as one.
[[nodiscard]] std::string clean_text(std::string_view text);

// The language of a text as a BCP 47 primary subtag, or "" when it is too short or unclear.
[[nodiscard]] std::string guess_language(std::string_view text);

// The object of `dprkwatch feed parse --json` (DESIGN §5), one line.
[[nodiscard]] std::string to_json(const feed::Feed& feed);

}  // namespace dprkwatch::article
