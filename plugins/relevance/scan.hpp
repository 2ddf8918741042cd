#pragma once
// One pass over title and text: sentences, and every term in them.

#include <string>
#include <string_view>
#include <vector>

#include "relevance/relevance.hpp"
#include "relevance/terms.hpp"

namespace dprkwatch::relevance {

struct Mention {
  std::size_t begin = 0;  // in the normalized bytes of its field
  std::size_t end = 0;
  std::uint32_t term = 0;
  std::uint32_t sentence = 0;  // 0 is the title's; the text begins at 1
  bool in_title = false;
  bool is_subject = false;  // begins its sentence, or carries a Korean subject or topic particle
  bool in_list = false;     // stands beside another country as in "Iran, North Korea and Syria"
};

struct Sentence {
  std::size_t begin = 0;  // in the normalized bytes of the text
  std::size_t end = 0;
};

struct Scan {
  Normalized title;
  Normalized text;
  std::string language;             // two letters
  std::vector<Sentence> sentences;  // of the text
  std::vector<Mention> mentions;    // of every role but kIgnored; the title's first, then in order
  std::size_t words = 0;            // of title and text; a pair of Han characters or kana counts as one
};

[[nodiscard]] Scan scan(const Input& input, const Terms& terms);

}  // namespace dprkwatch::relevance
