#pragma once
// The word lists behind the named features. Private to rhetoric.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rhetoric/words.hpp"

namespace dprkwatch::rhetoric {

// What an entry of the lexicon is a sign of. The order is that of the model's weights.
enum class Sign : std::uint8_t {
  kForce,        // use of force: attack, strike, annihilate
  kConsequence,  // will pay dearly, never pardon, countermeasures
  kReadiness,    // ready for war, on alert, finger on the trigger
  kCapability,   // boasts of weapons
  kWeapon,       // named weapons
  kDeadline,     // ultimatums
  kInsult,       // epithets
  kAccusation,   // condemns, provocation, hostile policy
  kCondition,    // if, should, the moment
  kFuture,       // will, shall
  kNegation,     // not, never intends, denies
  kHistory,      // in the past, anniversary, war of 1950
  kElsewhere,    // film, sport, strike of labour, disaster, prices
  kOffer,        // talks, dialogue, proposal
  kConcession,   // lift sanctions, moratorium, release
  kRestraint,    // restraint, peace, calm
  kSpeech,       // said, warned, vowed
  kCount
};
inline constexpr std::size_t kSigns = static_cast<std::size_t>(Sign::kCount);

struct Hit {
  Sign sign{};
  std::size_t begin = 0;  // bytes in the sentence
  std::size_t end = 0;
  std::string_view gloss;  // English, for entries that are not; lives as long as the lexicon
};

class Lexicon {
 public:
  // Lines of sign, language, phrase, gloss, divided by tabs; '#' begins a comment. A phrase's word may end in '*' (any
  // ending). Phrases in Korean, Japanese and Chinese are found anywhere, others at word borders. Throws
  // std::runtime_error that names the line.
  explicit Lexicon(std::string_view file);

  // Longest phrases first; hits of one sign do not overlap.
  [[nodiscard]] std::vector<Hit> find(std::string_view sentence, const std::vector<Word>& words) const;

 private:
  struct Phrase {
    std::vector<std::string> words;  // a trailing '*' is taken off; `open` says where
    std::vector<bool> open;
    Sign sign{};
  };
  struct Fragment {
    std::string text;
    std::string gloss;
    Sign sign{};
  };
  std::unordered_map<std::string, std::vector<Phrase>> by_first_letters_;
  std::unordered_map<std::string, std::vector<Fragment>> by_first_character_;
};

}  // namespace dprkwatch::rhetoric
