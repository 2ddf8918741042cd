#include "relevance/features.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "relevance/context.hpp"

namespace dprkwatch::relevance {
namespace {

constexpr std::size_t kLongSentences = 5;
constexpr std::uint32_t kLeadSentences = 3;

// 0 for none, 1 for `full` and more, logarithmic between.
double scaled(std::size_t count, double full) {
  return std::min(1.0, std::log1p(static_cast<double>(count)) / std::log1p(full));
}

double share(std::size_t part, std::size_t rest) {
  return part == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(part + rest);
}

bool is_other_topic(Role role) {
  switch (role) {
    case Role::kSport:
    case Role::kCulture:
    case Role::kBusiness:
    case Role::kDomestic:
    case Role::kHistory:
    case Role::kTravel:
      return true;
    case Role::kNorth:
    case Role::kWeak:
    case Role::kState:
    case Role::kPeninsula:
    case Role::kSouth:
    case Role::kPartner:
    case Role::kForeign:
    case Role::kSecurity:
    case Role::kSpecialist:
    case Role::kIgnored:
      return false;
  }
  return false;
}

// What one look at all mentions adds up.
struct Tally {
  std::array<std::size_t, kRoleCount> roles{};
  std::array<std::size_t, kRoleCount> title_roles{};
  std::array<std::size_t, kKindCount> kinds{};
  std::set<std::uint32_t> entities;  // of the North
  std::set<std::uint32_t> state_terms;
  std::set<std::uint32_t> north_sentences;  // of the text
  std::set<std::uint32_t> security_sentences;
  std::size_t north = 0;  // clear names, and doubtful ones beside them
  std::size_t subjects = 0;
  std::size_t listed = 0;
  std::uint32_t first_sentence = 0;  // of the text that names the North; 0: none
  bool title_named = false;
  bool title_subject = false;
  bool title_other_topic = false;

  [[nodiscard]] std::size_t of(Role role) const { return roles[static_cast<std::size_t>(role)]; }
  [[nodiscard]] std::size_t in_title(Role role) const { return title_roles[static_cast<std::size_t>(role)]; }
};

void tally_north(Tally& tally, const Mention& mention, const Term& term, bool title_like) {
  ++tally.north;
  ++tally.kinds[static_cast<std::size_t>(term.kind)];
  tally.entities.insert(term.entity);
  tally.subjects += mention.is_subject ? 1 : 0;
  tally.listed += mention.in_list ? 1 : 0;
  tally.title_named = tally.title_named || title_like;
  tally.title_subject = tally.title_subject || (title_like && mention.is_subject);
  if (mention.in_title) return;
  tally.north_sentences.insert(mention.sentence);
  if (tally.first_sentence == 0) tally.first_sentence = mention.sentence;
}

Tally tally_up(const Scan& scan, const Terms& terms) {
  Tally tally;
  const bool has_title = !scan.title.bytes.empty();
  for (const Mention& mention : scan.mentions) ++tally.roles[static_cast<std::size_t>(terms[mention.term].role)];
  const bool anchored = tally.of(Role::kNorth) > 0;
  for (const Mention& mention : scan.mentions) {
    const Term& term = terms[mention.term];
    const bool title_like = has_title ? mention.in_title : mention.sentence <= 1;
    if (title_like) ++tally.title_roles[static_cast<std::size_t>(term.role)];
    if (is_other_topic(term.role) && mention.sentence <= 1) tally.title_other_topic = true;
    if (term.role == Role::kState) tally.state_terms.insert(mention.term);
    if (term.role == Role::kSecurity) tally.security_sentences.insert(mention.sentence);
    if (term.role == Role::kNorth || (term.role == Role::kWeak && anchored)) {
      tally_north(tally, mention, term, title_like);
    }
  }
  return tally;
}

void set_position(Features& made, const Tally& tally, const Scan& scan) {
  const std::size_t sentences = scan.sentences.size();
  const auto named = [&](std::uint32_t last) {
    return tally.first_sentence != 0 && tally.first_sentence <= last ? 1.0 : 0.0;
  };
  made[Feature::kTitleNamed] = tally.title_named ? 1 : 0;
  made[Feature::kTitleSubject] = tally.title_subject ? 1 : 0;
  made[Feature::kFirstNamed] = named(1);
  made[Feature::kLeadNamed] = named(kLeadSentences);
  if (sentences > 0) {
    made[Feature::kSentenceShare] = static_cast<double>(tally.north_sentences.size()) / static_cast<double>(sentences);
  }
  if (tally.first_sentence > 1 && !tally.title_named) {
    made[Feature::kFirstAt] = static_cast<double>(tally.first_sentence - 1) / static_cast<double>(sentences);
  }
  made[Feature::kSingleInLong] = tally.north == 1 && sentences >= kLongSentences ? 1 : 0;
}

void set_amounts(Features& made, const Tally& tally, const Scan& scan) {
  constexpr double kWordsAMention = 40;
  made[Feature::kMentions] = scaled(tally.north, 15);
  made[Feature::kDistinct] = scaled(tally.entities.size(), 7);
  made[Feature::kDensity] = std::min(1.0, static_cast<double>(tally.north) * kWordsAMention /
                                              static_cast<double>(std::max<std::size_t>(scan.words, 1)) / 4);
  if (tally.north > 0) {
    made[Feature::kSubjectShare] = static_cast<double>(tally.subjects) / static_cast<double>(tally.north);
    made[Feature::kListShare] = static_cast<double>(tally.listed) / static_cast<double>(tally.north);
  }
  const auto kind = [&](Kind of) { return tally.kinds[static_cast<std::size_t>(of)]; };
  made[Feature::kCountry] = kind(Kind::kCountry) > 0 ? 1 : 0;
  made[Feature::kLeader] = kind(Kind::kLeader) > 0 ? 1 : 0;
  made[Feature::kPerson] = kind(Kind::kPerson) > 0 ? 1 : 0;
  made[Feature::kInstitution] = kind(Kind::kInstitution) > 0 ? 1 : 0;
  made[Feature::kOutlet] = kind(Kind::kOutlet) > 0 ? 1 : 0;
  made[Feature::kPlace] = kind(Kind::kPlace) > 0 ? 1 : 0;
  made[Feature::kTopic] = kind(Kind::kTopic) > 0 ? 1 : 0;
  const bool persons_only = tally.north > 0 && kind(Kind::kLeader) + kind(Kind::kPerson) == tally.north;
  made[Feature::kPersonsOnly] = persons_only ? 1 : 0;
  made[Feature::kPersonsOnlyCulture] = persons_only && tally.of(Role::kCulture) + tally.of(Role::kSport) > 0 ? 1 : 0;
  made[Feature::kLength] = scaled(scan.words, 1000);
  made[Feature::kOneSentence] = scan.sentences.size() <= 1 && scan.title.bytes.empty() ? 1 : 0;
  made[Feature::kKorean] = scan.language == "ko" ? 1 : 0;
}

void set_weak_signs(Features& made, const Tally& tally) {
  const std::size_t weak = tally.of(Role::kWeak);
  const bool named = tally.of(Role::kNorth) > 0;
  const bool on_korea = tally.of(Role::kSouth) + tally.of(Role::kPeninsula) > 0 || tally.state_terms.size() > 1;
  made[Feature::kWeakAnchored] = named ? scaled(weak, 5) : 0;
  made[Feature::kWeakAlone] = !named && on_korea ? scaled(weak, 2) : 0;
  made[Feature::kWeakBare] = !named && !on_korea ? scaled(weak, 2) : 0;
  made[Feature::kState] = scaled(tally.state_terms.size(), 5);
  made[Feature::kStateAlone] = named ? 0 : scaled(tally.state_terms.size() > 1 ? tally.state_terms.size() : 0, 4);
  made[Feature::kPeninsula] = scaled(tally.of(Role::kPeninsula), 4);
  made[Feature::kPeninsulaAlone] = named ? 0 : scaled(tally.of(Role::kPeninsula), 3);
}

void set_competition(Features& made, const Tally& tally) {
  std::size_t both = 0;
  for (const std::uint32_t sentence : tally.north_sentences) both += tally.security_sentences.count(sentence);
  made[Feature::kSecurityNear] =
      tally.north_sentences.empty() ? 0 : static_cast<double>(both) / static_cast<double>(tally.north_sentences.size());
  made[Feature::kSecurity] = scaled(tally.of(Role::kSecurity), 5);
  made[Feature::kSouthShare] = share(tally.of(Role::kSouth), tally.north);
  made[Feature::kSouthTitleOnly] = tally.in_title(Role::kSouth) > 0 && !tally.title_named ? 1 : 0;
  made[Feature::kPartnerShare] = share(tally.of(Role::kPartner), tally.north);
  made[Feature::kForeignShare] = share(tally.of(Role::kForeign), tally.north);
  made[Feature::kForeignTitle] = tally.in_title(Role::kForeign) > 0 ? 1 : 0;
  made[Feature::kSport] = scaled(tally.of(Role::kSport), 4);
  made[Feature::kCulture] = scaled(tally.of(Role::kCulture), 4);
  made[Feature::kBusiness] = scaled(tally.of(Role::kBusiness), 4);
  made[Feature::kDomestic] = scaled(tally.of(Role::kDomestic), 4);
  made[Feature::kHistory] = scaled(tally.of(Role::kHistory), 4);
  made[Feature::kTravel] = scaled(tally.of(Role::kTravel), 4);
  std::size_t other = 0;
  for (std::size_t role = 0; role < kRoleCount; ++role) {
    if (is_other_topic(static_cast<Role>(role))) other += tally.roles[role];
  }
  made[Feature::kOtherTopicTitle] = tally.title_other_topic ? 1 : 0;
  made[Feature::kOtherTopicNoTitle] = tally.title_named ? 0 : scaled(other, 4);
}

void set_source(Features& made, std::string_view source, const Terms& terms) {
  if (source.empty()) return;
  constexpr std::size_t kLongestName = 400;
  std::vector<Match> matches;
  terms.find(normalize(source, kLongestName), "", matches);
  for (const Match& match : matches) {
    const Term& term = terms[match.term];
    if (term.role == Role::kNorth && term.kind == Kind::kOutlet) made[Feature::kStateSource] = 1;
    if (term.role == Role::kSpecialist) made[Feature::kSpecialistSource] = 1;
  }
}

}  // namespace

std::string_view name_of(Feature feature) noexcept {
  static constexpr std::array<std::string_view, kFeatureCount> kNames = {"bias",
                                                                         "title_named",
                                                                         "title_subject",
                                                                         "first_named",
                                                                         "lead_named",
                                                                         "mentions",
                                                                         "distinct",
                                                                         "sentence_share",
                                                                         "density",
                                                                         "subject_share",
                                                                         "list_share",
                                                                         "country",
                                                                         "leader",
                                                                         "person",
                                                                         "institution",
                                                                         "outlet",
                                                                         "place",
                                                                         "topic",
                                                                         "weak_anchored",
                                                                         "weak_alone",
                                                                         "weak_bare",
                                                                         "state",
                                                                         "state_alone",
                                                                         "peninsula",
                                                                         "peninsula_alone",
                                                                         "security_near",
                                                                         "security",
                                                                         "south_share",
                                                                         "south_title_only",
                                                                         "partner_share",
                                                                         "foreign_share",
                                                                         "foreign_title",
                                                                         "sport",
                                                                         "culture",
                                                                         "business",
                                                                         "domestic",
                                                                         "history",
                                                                         "travel",
                                                                         "other_topic_title",
                                                                         "other_topic_no_title",
                                                                         "single_in_long",
                                                                         "first_at",
                                                                         "persons_only",
                                                                         "persons_only_culture",
                                                                         "length",
                                                                         "one_sentence",
                                                                         "korean",
                                                                         "state_source",
                                                                         "specialist_source"};
  return kNames[static_cast<std::size_t>(feature)];
}

Features extract(const Scan& scan, const Terms& terms, std::string_view source) {
  Features made;
  made[Feature::kBias] = 1;
  set_source(made, source, terms);
  const Tally tally = tally_up(scan, terms);
  set_position(made, tally, scan);
  set_amounts(made, tally, scan);
  set_weak_signs(made, tally);
  set_competition(made, tally);
  made.anything = tally.north > 0 || made[Feature::kWeakAlone] > 0 || made[Feature::kWeakBare] > 0 ||
                  made[Feature::kState] > 0 || made[Feature::kPeninsula] > 0 || made[Feature::kStateSource] > 0 ||
                  made[Feature::kSpecialistSource] > 0;
  if (made.anything) made.hashed = hash_context(scan, terms);
  return made;
}

}  // namespace dprkwatch::relevance
