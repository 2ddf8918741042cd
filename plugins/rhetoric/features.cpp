#include "rhetoric/features.hpp"

#include <algorithm>
#include <cmath>

namespace dprkwatch::rhetoric {
namespace {

// After the signs themselves. A product of two signs is one that is there when both are.
enum Derived : std::size_t {
  kForceIfCondition = kSigns,
  kForceAndFuture,
  kForceAndNegation,
  kForceAndHistory,
  kForceAndElsewhere,
  kForceAndConsequence,
  kForceAndWeapon,
  kForceAndReadiness,
  kConsequenceIfCondition,
  kConsequenceAndFuture,
  kConsequenceAndNegation,
  kReadinessAndForce,
  kInsultAndAccusation,
  kOfferAndNegation,
  kConcessionAndNegation,
  kOfferIfCondition,
  kSpeechAndForce,
  kOldYear,
  kForceAndOldYear,
  kFirstPerson,
  kFirstPersonAndFuture,
  kSecondPerson,
  kQuotation,
  kExclamation,
  kLength,
  kStateMedia,
  kAnySign,
  kNoHostileSign,
  kCapitals,
  kOpenClause,
  kOpenClauseAndFuture,
  kOpenClauseAndHostile,
  kOpenClauseFutureHostile,
  kCapabilityAndWeapon,
  kReadinessAndWeapon,
  kDeadlineAndConsequence,
  kHostileSum,
  kBias,
  kDerivedEnd
};
static_assert(kDerivedEnd <= kNamed && kOldYear == kOldYearFeature && kBias == kBiasFeature);

std::uint32_t fnv(std::string_view bytes, std::uint32_t hash = 2166136261U) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

// The low bits of FNV are weak; fold the high ones in.
std::uint32_t bucket(std::uint32_t hash, std::size_t buckets) {
  return (hash ^ (hash >> 15U)) & static_cast<std::uint32_t>(buckets - 1);
}

// Adds up equal indices from `begin` on and damps their counts.
void finish_family(std::vector<Feature>& features, std::size_t begin) {
  const auto first = features.begin() + static_cast<std::ptrdiff_t>(begin);
  std::sort(first, features.end(), [](const Feature& a, const Feature& b) { return a.index < b.index; });
  std::size_t kept = begin;
  for (std::size_t i = begin; i < features.size(); ++i) {
    if (kept > begin && features[kept - 1].index == features[i].index) {
      features[kept - 1].value += 1;
    } else {
      features[kept++] = features[i];
    }
  }
  features.resize(kept);
  for (std::size_t i = begin; i < kept; ++i) features[i].value = 1 + std::log(features[i].value);
}

// Gives back how many are words.
std::size_t add_ngrams(const std::vector<Word>& words, std::vector<Feature>& features) {
  features.clear();
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::uint32_t one = fnv(words[i].text);
    features.push_back({static_cast<std::uint32_t>(kNamed) + bucket(one, kWordBuckets), 1});
    if (i + 1 < words.size()) {
      const std::uint32_t two = fnv(words[i + 1].text, fnv(" ", one));
      features.push_back({static_cast<std::uint32_t>(kNamed) + bucket(two, kWordBuckets), 1});
    }
  }
  finish_family(features, 0);
  const std::size_t begin = features.size();
  std::string padded;
  for (const Word& word : words) {
    padded.assign(" ").append(word.text).append(" ");
    for (std::size_t length = 3; length <= 5; ++length) {
      for (std::size_t at = 0; at + length <= padded.size(); ++at) {
        const std::uint32_t hash = fnv(std::string_view(padded).substr(at, length));
        features.push_back({static_cast<std::uint32_t>(kNamed + kWordBuckets) + bucket(hash, kCharacterBuckets), 1});
      }
    }
  }
  finish_family(features, begin);
  return begin;
}

bool is_any(const std::string& word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// A clause that opens a condition: "if", "unless", "in case", "the moment", and "should" before its subject ("should
// the enemy ...", not "they should").
bool opens_condition(std::string_view sentence, const std::vector<Word>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i].text;
    const std::string_view next = i + 1 < words.size() ? std::string_view(words[i + 1].text) : std::string_view();
    const std::string_view before = i > 0 ? std::string_view(words[i - 1].text) : std::string_view();
    if (word == "unless" || word == "whenever" || word == "lest") return true;
    if (word == "if" && before != "as" && before != "even") return true;
    if (word == "once" && (next == "the" || next == "they" || next == "a" || next == "war" || next == "it"))
      return true;
    if (word == "case" && before == "in") return true;
    if (word == "event" && before == "the" && i > 1 && words[i - 2].text == "in") return true;
    if (word == "moment" && before == "the" && next != "of") return true;
    if (word == "dare" && (before == "they" || before == "enemies" || before == "should")) return true;
    if (word == "should") {
      const bool clause_begins =
          i == 0 || is_any(words[i - 1].text, {"that", "adding", "and", "but", "warned", "said"}) ||
          sentence.substr(words[i - 1].end, words[i].begin - words[i - 1].end).find_first_of(",;:-\"") !=
              std::string_view::npos;
      const bool subject = !is_any(std::string(next), {"be", "have", "not", "never", "also", "stop", "make", "take"});
      if (clause_begins && subject) return true;
    }
  }
  return false;
}

// A year that lies behind: named in digits, before the year of publication.
bool names_old_year(const std::vector<Word>& words, int year) {
  return std::any_of(words.begin(), words.end(), [&](const Word& word) {
    if (word.text.size() < 4 || word.text.find_first_not_of("0123456789") == 0) return false;
    const std::string digits = word.text.substr(0, 4);
    if (digits.find_first_not_of("0123456789") != std::string::npos) return false;
    if (word.text.size() > 4 && std::isdigit(static_cast<unsigned char>(word.text[4])) != 0) return false;
    const int named = std::stoi(digits);
    return named >= 1900 && named <= 2100 && (year == 0 ? named < 2000 : named < year - 1);
  });
}

bool mostly_latin(std::string_view sentence) {
  const auto ascii = std::count_if(sentence.begin(), sentence.end(),
                                   [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  const auto other =
      std::count_if(sentence.begin(), sentence.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xc3; });
  return ascii >= 2 * other;
}

void add_products(std::array<float, kNamed>& named) {
  const auto has = [&](Sign sign) { return named[static_cast<std::size_t>(sign)] > 0; };
  const auto both = [&](std::size_t index, Sign a, Sign b) { named[index] = has(a) && has(b) ? 1.0F : 0.0F; };
  both(kForceIfCondition, Sign::kForce, Sign::kCondition);
  both(kForceAndFuture, Sign::kForce, Sign::kFuture);
  both(kForceAndNegation, Sign::kForce, Sign::kNegation);
  both(kForceAndHistory, Sign::kForce, Sign::kHistory);
  both(kForceAndElsewhere, Sign::kForce, Sign::kElsewhere);
  both(kForceAndConsequence, Sign::kForce, Sign::kConsequence);
  both(kForceAndWeapon, Sign::kForce, Sign::kWeapon);
  both(kForceAndReadiness, Sign::kForce, Sign::kReadiness);
  both(kConsequenceIfCondition, Sign::kConsequence, Sign::kCondition);
  both(kConsequenceAndFuture, Sign::kConsequence, Sign::kFuture);
  both(kConsequenceAndNegation, Sign::kConsequence, Sign::kNegation);
  both(kReadinessAndForce, Sign::kReadiness, Sign::kFuture);
  both(kInsultAndAccusation, Sign::kInsult, Sign::kAccusation);
  both(kOfferAndNegation, Sign::kOffer, Sign::kNegation);
  both(kConcessionAndNegation, Sign::kConcession, Sign::kNegation);
  both(kOfferIfCondition, Sign::kOffer, Sign::kCondition);
  both(kSpeechAndForce, Sign::kSpeech, Sign::kForce);
  const bool hostile = has(Sign::kForce) || has(Sign::kConsequence) || has(Sign::kReadiness) || has(Sign::kInsult) ||
                       has(Sign::kAccusation) || has(Sign::kDeadline);
  named[kNoHostileSign] = hostile ? 0.0F : 1.0F;
}

// What hangs on a condition: needs that condition's clause, a future, and something hostile.
void add_condition(std::array<float, kNamed>& named, bool open) {
  const auto value = [&](Sign sign) { return named[static_cast<std::size_t>(sign)]; };
  const bool hostile = value(Sign::kForce) > 0 || value(Sign::kConsequence) > 0 || value(Sign::kReadiness) > 0;
  const bool future = value(Sign::kFuture) > 0;
  named[kOpenClause] = open ? 1.0F : 0.0F;
  named[kOpenClauseAndFuture] = open && future ? 1.0F : 0.0F;
  named[kOpenClauseAndHostile] = open && hostile ? 1.0F : 0.0F;
  named[kOpenClauseFutureHostile] = open && future && hostile ? 1.0F : 0.0F;
  named[kCapabilityAndWeapon] = value(Sign::kCapability) > 0 && value(Sign::kWeapon) > 0 ? 1.0F : 0.0F;
  named[kReadinessAndWeapon] = value(Sign::kReadiness) > 0 && value(Sign::kWeapon) > 0 ? 1.0F : 0.0F;
  named[kDeadlineAndConsequence] = value(Sign::kDeadline) > 0 && value(Sign::kConsequence) > 0 ? 1.0F : 0.0F;
  named[kHostileSum] = std::min(2.0F, (value(Sign::kForce) + value(Sign::kConsequence) + value(Sign::kReadiness) +
                                       value(Sign::kInsult) + value(Sign::kAccusation)) /
                                          3);
}

}  // namespace

const std::array<std::string_view, kNamed>& feature_names() {
  static constexpr std::array<std::string_view, kNamed> kNames{"force",
                                                               "consequence",
                                                               "readiness",
                                                               "capability",
                                                               "weapon",
                                                               "deadline",
                                                               "insult",
                                                               "accusation",
                                                               "condition",
                                                               "future",
                                                               "negation",
                                                               "history",
                                                               "elsewhere",
                                                               "offer",
                                                               "concession",
                                                               "restraint",
                                                               "speech",
                                                               "force if condition",
                                                               "force and future",
                                                               "force and negation",
                                                               "force and history",
                                                               "force and elsewhere",
                                                               "force and consequence",
                                                               "force and weapon",
                                                               "force and readiness",
                                                               "consequence if condition",
                                                               "consequence and future",
                                                               "consequence and negation",
                                                               "readiness and future",
                                                               "insult and accusation",
                                                               "offer and negation",
                                                               "concession and negation",
                                                               "offer if condition",
                                                               "speech and force",
                                                               "old year",
                                                               "force and old year",
                                                               "first person",
                                                               "first person and future",
                                                               "second person",
                                                               "quotation",
                                                               "exclamation",
                                                               "length",
                                                               "state media",
                                                               "any sign",
                                                               "no hostile sign",
                                                               "capitals",
                                                               "conditional clause",
                                                               "conditional clause and future",
                                                               "conditional clause and hostile word",
                                                               "conditional clause, future and hostile word",
                                                               "capability and weapon",
                                                               "readiness and weapon",
                                                               "deadline and consequence",
                                                               "hostile words",
                                                               "bias"};
  return kNames;
}

void extract(std::string_view sentence, const std::vector<Word>& words, const std::vector<Hit>& hits,
             const Circumstance& circumstance, Features& features) {
  auto& named = features.named;
  named.fill(0);
  // The first sign counts most, further ones of its kind less.
  for (const Hit& hit : hits) {
    float& value = named[static_cast<std::size_t>(hit.sign)];
    value = std::min(2.0F, value == 0 ? 1.0F : value + 0.4F);
  }
  add_products(named);
  const auto any_word = [&](std::initializer_list<std::string_view> list) {
    return std::any_of(words.begin(), words.end(), [&](const Word& word) { return is_any(word.text, list); });
  };
  const auto has = [&](std::string_view text) { return sentence.find(text) != std::string_view::npos; };
  named[kOldYear] = names_old_year(words, circumstance.year) ? 1.0F : 0.0F;
  named[kForceAndOldYear] = named[kOldYear] * (named[static_cast<std::size_t>(Sign::kForce)] > 0 ? 1.0F : 0.0F);
  named[kFirstPerson] = any_word({"we", "our", "us", "i", "my"}) || has("우리") ? 1.0F : 0.0F;
  named[kFirstPersonAndFuture] =
      named[kFirstPerson] * (named[static_cast<std::size_t>(Sign::kFuture)] > 0 ? 1.0F : 0.0F);
  named[kSecondPerson] = any_word({"you", "your"}) ? 1.0F : 0.0F;
  named[kQuotation] = has("\"") || has("\u201c") ? 1.0F : 0.0F;
  named[kExclamation] = has("!") ? 1.0F : 0.0F;
  named[kLength] = std::log1p(static_cast<float>(words.size())) / 4;
  named[kStateMedia] = circumstance.state_media ? 1.0F : 0.0F;
  named[kAnySign] = std::min(1.0F, static_cast<float>(hits.size()) / 8);
  const auto capitals = std::count_if(sentence.begin(), sentence.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  named[kCapitals] = 2 * static_cast<std::size_t>(capitals) > sentence.size() ? 1.0F : 0.0F;
  named[kBias] = 1;
  add_condition(named, opens_condition(sentence, words) ||
                           (!mostly_latin(sentence) && named[static_cast<std::size_t>(Sign::kCondition)] > 0));
  features.latin = mostly_latin(sentence);
  features.hashed.clear();
  features.word_features = features.latin ? add_ngrams(words, features.hashed) : 0;
}

void weigh(Features& features, const std::vector<float>& rarity) {
  // A fragment of a word or two must not be as sure as a sentence: its length counts as about five words at least.
  constexpr float kLeastWords = 200;
  constexpr float kLeastCharacters = 1200;
  const auto scale = [&](std::size_t begin, std::size_t end, float least) {
    float norm = 0;
    for (std::size_t i = begin; i < end; ++i) {
      Feature& feature = features.hashed[i];
      feature.value *= rarity[feature.index - kNamed];
      norm += feature.value * feature.value;
    }
    const float factor = 1 / std::sqrt(std::max(norm, least));
    for (std::size_t i = begin; i < end; ++i) features.hashed[i].value *= factor;
  };
  scale(0, features.word_features, kLeastWords);
  scale(features.word_features, features.hashed.size(), kLeastCharacters);
}

}  // namespace dprkwatch::rhetoric
