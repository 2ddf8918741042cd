#pragma once
// The facts about a text that the model weighs. Every dense feature lies in 0..1, whatever the length of the text.

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "relevance/scan.hpp"

namespace dprkwatch::relevance {

// Order and names are part of the model file: a change needs a new training.
enum class Feature : std::uint8_t {
  kBias,
  kTitleNamed,      // the title, or without one the first sentence, names the North
  kTitleSubject,    // ... as its subject
  kFirstNamed,      // the first sentence names it
  kLeadNamed,       // one of the first three does
  kMentions,        // how often it is named, on a logarithmic scale
  kDistinct,        // how many different things of the North are named, the same
  kSentenceShare,   // sentences that name it
  kDensity,         // mentions in 40 words
  kSubjectShare,    // mentions that are subjects
  kListShare,       // mentions that stand in a list of countries
  kCountry,         // what is named: the country,
  kLeader,          // its leaders,
  kPerson,          // others,
  kInstitution,     // bodies,
  kOutlet,          // media,
  kPlace,           // places,
  kTopic,           // things that are only of the North ("Juche", 탈북)
  kWeakAnchored,    // doubtful names beside clear ones
  kWeakAlone,       // doubtful names without, in a text on Korea
  kWeakBare,        // doubtful names and no other sign of Korea
  kState,           // the idiom of state media
  kStateAlone,      // ... without a clear name
  kPeninsula,       // matters of both Koreas
  kPeninsulaAlone,  // ... without a name of the North
  kSecurityNear,    // sentences that name the North and weapons or sanctions, among those that name it
  kSecurity,        // such words at all
  kSouthShare,      // South Korea against the North, in names
  kSouthTitleOnly,  // the title names the South and not the North
  kPartnerShare,
  kForeignShare,
  kForeignTitle,
  kSport,
  kCulture,
  kBusiness,
  kDomestic,
  kHistory,
  kTravel,
  kOtherTopicTitle,    // one of these six in the title or first sentence
  kOtherTopicNoTitle,  // one of them anywhere, and the North not in the title
  kSingleInLong,       // named once in five sentences or more
  kFirstAt,            // where it is first named: 0 at the beginning, 1 at the end
  kPersonsOnly,        // persons named and nothing else of the North
  kPersonsOnlyCulture,
  kLength,  // words, on a logarithmic scale
  kOneSentence,
  kKorean,
  kStateSource,  // the outlet is state media of the North
  kSpecialistSource,
  kCount
};
inline constexpr std::size_t kFeatureCount = static_cast<std::size_t>(Feature::kCount);

[[nodiscard]] std::string_view name_of(Feature feature) noexcept;

// Words around the mentions, hashed into 2^kHashBits places. The vector has length 1, so long texts weigh no more.
inline constexpr unsigned kHashBits = 12;
inline constexpr std::size_t kHashSize = std::size_t{1} << kHashBits;

struct Features {
  std::array<double, kFeatureCount> dense{};
  std::vector<std::pair<std::uint16_t, float>> hashed;  // place and value, places ascending and unique
  bool anything = false;                                // something of the North was found at all

  double& operator[](Feature feature) { return dense[static_cast<std::size_t>(feature)]; }
  double operator[](Feature feature) const { return dense[static_cast<std::size_t>(feature)]; }
};

[[nodiscard]] Features extract(const Scan& scan, const Terms& terms, std::string_view source);

}  // namespace dprkwatch::relevance
