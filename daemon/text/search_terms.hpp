#pragma once
// The terms under which a text is found, for an index of words (SQLite's FTS5).
//
// Chinese, Japanese and Korean put no space where a reader would search, and FTS5's trigrams find nothing for words of
// one or two characters such as 북한, 평양, 핵. So these scripts are indexed by single characters and by pairs of
// neighbours; what begins a word is indexed once more, so that 평양 can be told from the end of 태평양 (the Pacific).

#include <string>
#include <string_view>

namespace dprkwatch::text {

// Each is a list of terms with spaces between them.
struct SearchTerms {
  std::string words;    // everything that is not CJK, as it stands: the index breaks and folds it
  std::string pairs;    // of neighbouring CJK characters, in the order of the text
  std::string singles;  // CJK characters
  std::string starts;   // the first pair, and the first character, of each run of CJK characters
};

[[nodiscard]] SearchTerms search_terms(std::string_view text);

// Expressions for MATCH over the columns words, pairs, singles, starts.
struct SearchQuery {
  std::string all;     // what holds every word that was given; empty when none was given that can be searched
  std::string starts;  // those of `all` in which each CJK word begins a run; empty when there is no CJK word
};

// Words of other scripts match as prefixes; a CJK word of two or more characters matches where it stands whole.
[[nodiscard]] SearchQuery search_query(std::string_view words);

}  // namespace dprkwatch::text
