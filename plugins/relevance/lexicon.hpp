#pragma once
// Reads the shared gazetteers and the analyzer's own lexicon into one set of terms.

#include <string_view>

#include "relevance/terms.hpp"

namespace dprkwatch::relevance {

// `lexicon_json` wins over the gazetteers, `actors_json` over `places_json`, actors of the DPRK over all others.
// Throws std::runtime_error naming the file and the record that can not be used.
[[nodiscard]] Terms load_terms(std::string_view actors_json, std::string_view places_json,
                               std::string_view lexicon_json);

}  // namespace dprkwatch::relevance
