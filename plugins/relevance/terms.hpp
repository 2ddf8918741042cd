#pragma once
// The words that are looked for: a trie over normalized bytes, and the rules of where a word begins and ends.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "relevance/normalize.hpp"

namespace dprkwatch::relevance {

// What finding a term says about a text.
enum class Role : std::uint8_t {
  kNorth,      // names the DPRK, its people, bodies, persons or places
  kWeak,       // may name it: "the North", "Chairman Kim", 北; counts beside another sign only
  kState,      // the idiom of its state media: "Juche", "floral basket", "puppet warmongers"
  kPeninsula,  // matters of both Koreas: the DMZ, inter-Korean, the Korean War
  kSouth,      // the Republic of Korea
  kPartner,    // states that deal with it: USA, China, Japan, Russia, the UN
  kForeign,    // other countries
  kSecurity,   // nuclear, missile, sanctions
  kSport,
  kCulture,  // film, drama, pop, fashion
  kBusiness,
  kDomestic,  // politics and society of the South or of any country
  kHistory,
  kTravel,
  kSpecialist,  // an outlet that writes of little else
  kIgnored      // longer words that contain a term and mean something else (태평양)
};
inline constexpr std::size_t kRoleCount = 16;

// What kind of thing a kNorth or kWeak term names.
enum class Kind : std::uint8_t { kCountry, kLeader, kPerson, kInstitution, kOutlet, kPlace, kTopic };
inline constexpr std::size_t kKindCount = 7;

struct Term {
  std::string text;  // as written in the data
  Role role = Role::kIgnored;
  Kind kind = Kind::kTopic;
  std::uint32_t entity = 0;   // equal for the names of one thing
  bool case_matters = false;  // capitals must stand where it has them ("NK", "the North", "south Korea")
  bool stands_alone = false;  // no character of a name beside it (北 but not 北京; "the North" but not "the North Sea")
  bool is_stem = false;       // letters may follow
  std::string language;       // only in this language; empty: any
};

struct Match {
  std::size_t begin = 0;  // in the normalized bytes
  std::size_t end = 0;
  std::uint32_t term = 0;
};

// Immutable once all terms are added. find() is O(bytes times the length of the longest term), in practice a few steps
// a word, as a walk starts only where a word can start.
class Terms {
 public:
  Terms();

  // The first term of a spelling and language stays; later ones are ignored. Empty terms are ignored.
  void add(Term term);
  // Call once after the last add.
  void freeze();

  // Leftmost longest matches that do not overlap, in order. `language`: "en", "ko"…
  void find(const Normalized& text, std::string_view language, std::vector<Match>& matches) const;

  [[nodiscard]] const Term& operator[](std::uint32_t index) const { return terms_[index]; }
  [[nodiscard]] std::size_t size() const noexcept { return terms_.size(); }

 private:
  struct Node {
    std::uint32_t first_edge = 0;
    std::uint16_t edges = 0;
    std::int32_t term = -1;  // the first of a chain through next_same_
    std::int32_t wide = -1;  // of a node with many edges: its place in wide_
  };
  using Wide = std::array<std::int32_t, 256>;  // for each byte the next node, or -1
  struct Word {
    std::size_t end = 0;  // 0: none fits
    std::uint32_t term = 0;
  };
  // The longest term that begins at `at`.
  [[nodiscard]] Word longest(const Normalized& text, std::size_t at, std::string_view language) const;
  // The next node, or -1.
  [[nodiscard]] std::int64_t step(std::uint32_t node, unsigned char byte) const noexcept;
  [[nodiscard]] bool fits(const Normalized& text, const Match& match, std::string_view language) const;
  [[nodiscard]] bool ends_well(const Normalized& text, const Match& match) const;

  std::vector<Term> terms_;
  std::vector<Normalized> spellings_;    // of each term
  std::vector<std::int32_t> next_same_;  // another term of the same spelling, or -1
  std::vector<std::vector<std::pair<unsigned char, std::uint32_t>>> growing_;  // edges until freeze
  std::vector<Node> nodes_;
  std::vector<unsigned char> edge_bytes_;
  std::vector<std::uint32_t> edge_targets_;
  std::vector<Wide> wide_;  // the root's comes first
};

}  // namespace dprkwatch::relevance
