#pragma once
// Direction in the English of DPRK state media, which names the other side by epithets ("the group of traitors") and
// tells its words with verbs of contempt ("let loose", "blustered"). Private to rhetoric.

#include <string>
#include <vector>

#include "rhetoric/actors.hpp"

namespace dprkwatch::rhetoric {

struct Direction {
  std::string actor;
  std::string target;  // "NONE" when the sentence alone does not say
};

// Of a sentence that the outlet itself writes. `recent`: the adversary that the text named last, or "".
[[nodiscard]] Direction state_media_direction(const std::vector<Word>& words, const std::vector<Mention>& mentions,
                                              const std::string& recent);

}  // namespace dprkwatch::rhetoric
