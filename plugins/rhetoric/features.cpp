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
  kBias,
  kDerivedEnd
};
static_assert(kDerivedEnd <= kNamed && kOldYear == kOldYearFeature);

std::uint32_t fnv(std::string_view bytes, std::uint32_t hash = 2166136261U) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

// The low bits of FNV are weak; fold the high ones in.
std::uint32_t bucket(std::uint32_t hash, std::size_t buckets) {
  return (hash ^ (hash >> 15U)) & static_cast<std::uint32_t>(buckets - 1);
}

// Adds up equal indices from `begin` on, damps counts and scales to unit length.
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
  float norm = 0;
  for (std::size_t i = begin; i < kept; ++i) {
    features[i].value = 1 + std::log(features[i].value);
    norm += features[i].value * features[i].value;
  }
  if (norm == 0) return;
  const float scale = 1 / std::sqrt(norm);
  for (std::size_t i = begin; i < kept; ++i) features[i].value *= scale;
}

void add_ngrams(const std::vector<Word>& words, std::vector<Feature>& features) {
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
}

bool is_any(const std::string& word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
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
  const auto ascii = std::count_if(sentence.begin(), sentence.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
  const auto other = std::count_if(sentence.begin(), sentence.end(),
                                   [](char c) { return static_cast<unsigned char>(c) >= 0xc3; });
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

}  // namespace

const std::array<std::string_view, kNamed>& feature_names() {
  static constexpr std::array<std::string_view, kNamed> kNames{
      "force", "consequence", "readiness", "capability", "weapon", "deadline", "insult", "accusation", "condition",
      "future", "negation", "history", "elsewhere", "offer", "concession", "restraint", "speech", "force if condition",
      "force and future", "force and negation", "force and history", "force and elsewhere", "force and consequence",
      "force and weapon", "force and readiness", "consequence if condition", "consequence and future",
      "consequence and negation", "readiness and future", "insult and accusation", "offer and negation",
      "concession and negation", "offer if condition", "speech and force", "old year", "force and old year",
      "first person", "first person and future", "second person", "quotation", "exclamation", "length", "state media",
      "any sign", "no hostile sign", "capitals", "bias", ""};
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
  named[kFirstPersonAndFuture] = named[kFirstPerson] * (named[static_cast<std::size_t>(Sign::kFuture)] > 0 ? 1.0F : 0.0F);
  named[kSecondPerson] = any_word({"you", "your"}) ? 1.0F : 0.0F;
  named[kQuotation] = has("\"") || has("\u201c") ? 1.0F : 0.0F;
  named[kExclamation] = has("!") ? 1.0F : 0.0F;
  named[kLength] = std::log1p(static_cast<float>(words.size())) / 4;
  named[kStateMedia] = circumstance.state_media ? 1.0F : 0.0F;
  named[kAnySign] = std::min(1.0F, static_cast<float>(hits.size()) / 8);
  const auto capitals = std::count_if(sentence.begin(), sentence.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  named[kCapitals] = 2 * static_cast<std::size_t>(capitals) > sentence.size() ? 1.0F : 0.0F;
  named[kBias] = 1;
  features.latin = mostly_latin(sentence);
  features.hashed.clear();
  if (features.latin) add_ngrams(words, features.hashed);
}

}  // namespace dprkwatch::rhetoric
