#pragma once
// Words of a sentence, as features and lexicon see them. Private to rhetoric.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dprkwatch::rhetoric {

// A run of letters and digits. `text`: in lower case,
// with typographic apostrophes as '. begin, end: bytes in the
// sentence.
struct Word {
  std::string text;
  std::size_t begin = 0;
  std::size_t end = 0;
};

[[nodiscard]] std::vector<Word> words_of(std::string_view sentence);

}  // namespace dprkwatch::rhetoric
