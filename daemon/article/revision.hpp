#pragma once
// What changed between two versions of a published text. Pure; safe to call from any thread.

#include <string>
#include <string_view>
#include <vector>

namespace dprkwatch::article {

// Whether the second text says something else. Markup, blanks, punctuation and letter case do not count; neither do
// short lines that are no sentences (counters, credits, links to other articles). Texts in the form of clean_text().
[[nodiscard]] bool is_edit(std::string_view before, std::string_view after);

// Whether a page that held an article now holds what sites put where one was: next to nothing.
[[nodiscard]] bool is_stub(std::string_view before, std::string_view after);

// A run of words that both have, or only one.
struct WordChange {
  enum class Kind { kSame, kRemoved, kAdded };
  Kind kind = Kind::kSame;
  std::string text;  // as it stands, with the blanks between the words
  bool operator==(const WordChange&) const = default;
};

// The difference by words, for people: the shortest by Myers' algorithm (E. W. Myers, "An O(ND) Difference Algorithm
// and Its Variations", 1986) up to a bound on changes, beyond which what lies between the common beginning and end is
// one change. Long runs that are the same are cut in their middle to "...".
[[nodiscard]] std::vector<WordChange> diff_by_words(std::string_view before, std::string_view after);

}  // namespace dprkwatch::article
