#pragma once
// Whether a sentence's speaker is somebody named earlier: a pronoun, "the statement", "박 총참모장은". Private to
// rhetoric.

#include <functional>
#include <string_view>
#include <vector>

#include "rhetoric/actors.hpp"
#include "rhetoric/words.hpp"

namespace dprkwatch::rhetoric {

// English: the word before the verb of saying (which begins at `verb`) is a pronoun or a general name of a speaker
// ("he said", "the statement said"), and nobody is named beside it.
[[nodiscard]] bool speaker_is_referred_to(const std::vector<Word>& words, const std::vector<Mention>& mentions,
                                          std::size_t verb);

// Korean: the sentence begins with a pronoun, a general name, a surname with an office, or a connective that goes on
// with the speaker before. Where a party is named as the topic (은, 는) outside quotations, that one speaks instead.
[[nodiscard]] bool speaker_goes_on(std::string_view sentence, const std::vector<Mention>& mentions,
                                   const std::function<bool(std::size_t)>& quoted);

// Korean: the first party outside quotations that is the topic of the sentence; null when none is.
[[nodiscard]] const Mention* topic_of(std::string_view sentence, const std::vector<Mention>& mentions,
                                      const std::function<bool(std::size_t)>& quoted);

}  // namespace dprkwatch::rhetoric
