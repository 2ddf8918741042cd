#include "rhetoric/rhetoric.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "rhetoric/attribution.hpp"
#include "rhetoric/model.hpp"
#include "rhetoric/quad.hpp"
#include "rhetoric/sentences.hpp"

namespace dprkwatch::rhetoric {
namespace {

constexpr std::size_t kMaxSentences = 2000;  // of one text; a page beyond is an archive, not a statement
constexpr std::size_t kTop = 5;              // sentences that make the score: length alone adds nothing

// The danger of one sentence, 0..1: what each level adds to the one below. An explicit threat beyond doubt alone gives
// 88 points; accusations alone can not add up to a threat.
constexpr double kLevel1Weight = 0.04;
constexpr double kLevel2Weight = 0.46;
constexpr double kLevel3Weight = 0.40;
// Words that the text itself puts into the past, and a writer's own opinion, weigh less than a party's words of today.
constexpr double kPastFactor = 0.3;
constexpr double kOpinionFactor = 0.6;
// "will not attack", "denied that it would strike", "no plan to invade".
constexpr double kDeniedFactor = 0.4;

const char* name_of(Voice voice) {
  switch (voice) {
    case Voice::kOwn:
      return "own";
    case Voice::kQuote:
      return "quote";
    case Voice::kReported:
      return "reported";
  }
  return "own";
}

// The side that an outlet speaks for.
std::string outlet_side(std::string_view source) {
  std::string lower(source);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  for (const char* name :
       {"kcna", "rodong", "uriminzokkiri", "dprk today", "pyongyang times", "조선중앙통신", "로동신문"}) {
    if (lower.find(name) != std::string::npos && lower.find("watch") == std::string::npos) return "DPRK";
  }
  for (const char* name : {"trump", "white house", "whitehouse", "state department", "pentagon"}) {
    if (lower == name || lower == std::string("@") + name) return "USA";
  }
  return {};
}

// Whether the text is telling of the past: what names an old year or history opens it, and it goes on for two sentences
// more, until one speaks of this week.
class Tense {
 public:
  bool goes_on(const std::vector<Word>& words, bool names_past) {
    if (names_past) {
      left_ = 2;
      return true;
    }
    static constexpr std::array<std::string_view, 14> kNow{"today",    "now",     "week",      "yesterday", "tonight",
                                                           "monday",   "tuesday", "wednesday", "thursday",  "friday",
                                                           "saturday", "sunday",  "this",      "will"};
    const bool now = std::any_of(words.begin(), words.end(), [](const Word& word) {
      return std::find(kNow.begin(), kNow.end(), word.text) != kNow.end();
    });
    if (now) left_ = 0;
    if (left_ == 0) return false;
    --left_;
    return true;
  }

 private:
  int left_ = 0;
};

// Whether the use of force that the sentence names is denied: a negation at most five words before it, and nothing that
// threatens by negation ("will not sit idle", "never pardon").
bool denies_force(const std::vector<Word>& words, const std::vector<Hit>& hits) {
  const Hit* force = nullptr;
  for (const Hit& hit : hits) {
    if (hit.sign == Sign::kConsequence || hit.sign == Sign::kReadiness) return false;
    if (hit.sign == Sign::kForce && force == nullptr) force = &hit;
  }
  if (force == nullptr) return false;
  static constexpr std::array<std::string_view, 9> kDenials{"not",   "never", "no",      "denied", "denies",
                                                            "false", "ruled", "dropped", "won't"};
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (std::find(kDenials.begin(), kDenials.end(), words[i].text) == kDenials.end()) continue;
    if (i > 0 && words[i - 1].text == "is" && words[i].text == "false") return true;
    const std::size_t last = std::min(words.size() - 1, i + 5);
    if (words[i].begin < force->begin && force->begin <= words[last].begin) return true;
  }
  return false;
}

// Parts of 100 * (1 - prod(1 - d)) that add up to it exactly: each d's share of the sum of logarithms.
std::vector<double> shares(const std::vector<double>& dangers, double& total) {
  double logs = 0;
  for (const double danger : dangers) logs += -std::log1p(-danger);
  total = 100 * -std::expm1(-logs);
  std::vector<double> parts;
  for (const double danger : dangers) parts.push_back(logs == 0 ? 0 : total * -std::log1p(-danger) / logs);
  return parts;
}

}  // namespace

struct Scorer::Parts {
  Model model;
  Lexicon lexicon;
  Gazetteer gazetteer;
  Features features;
  std::optional<QuadModel> quad;

  // What one sentence comes to.
  struct Judged {
    Statement statement;
    double danger = 0;  // 0..1
    double calm = 0;    // 0..1
  };

  Judged judge(std::string_view sentence, const Text& text, Thread& thread, Tense& tense);
};

Scorer::Parts::Judged Scorer::Parts::judge(std::string_view sentence, const Text& text, Thread& thread, Tense& tense) {
  const auto words = words_of(sentence);
  const auto hits = lexicon.find(sentence, words);
  const std::string side = outlet_side(text.source);
  extract(sentence, words, hits, {text.year, side == "DPRK"}, features);
  weigh(features, model.rarity);
  std::array<double, kHeads> p{};
  std::array<bool, kHeads> yes{};
  for (std::size_t h = 0; h < kHeads; ++h) {
    p[h] = model.probability(static_cast<Head>(h), features);
    yes[h] = p[h] >= model.threshold(static_cast<Head>(h), features);
  }
  // The heads are learned apart; a higher level implies the lower ones.
  const double p3 = p[2];
  const double p2 = std::max(p[1], p3);
  const double p1 = std::max(p[0], p2);
  Judged judged;
  Statement& statement = judged.statement;
  statement.level = yes[2] ? 3 : yes[1] ? 2 : yes[0] ? 1 : 0;
  statement.level_expected = p1 + p2 + p3;
  statement.conditional = yes[3];
  statement.deescalation = 50 * p[4] + 50 * std::min(p[4], p[5]);
  judged.danger = kLevel1Weight * p1 + kLevel2Weight * p2 + kLevel3Weight * p3;
  judged.calm = 0.5 * p[4] * p[4] + 0.4 * std::min(p[4], p[5]);
  const Attribution attribution = thread.attribute(sentence, words, hits, gazetteer.find(sentence, words));
  statement.actor = attribution.actor;
  statement.target = attribution.target;
  statement.speaker = attribution.speaker;
  statement.voice = name_of(attribution.voice);
  const bool past = tense.goes_on(
      words, features.named[static_cast<std::size_t>(Sign::kHistory)] > 0 || features.named[kOldYearFeature] > 0);
  if (past) judged.danger *= kPastFactor;
  if (denies_force(words, hits)) judged.danger *= kDeniedFactor;
  if (attribution.voice == Voice::kOwn && side.empty()) judged.danger *= kOpinionFactor;
  for (const Hit& hit : hits) {
    if (hit.gloss.empty()) continue;
    statement.glosses.push_back(std::string(sentence.substr(hit.begin, hit.end - hit.begin)) + ": " +
                                std::string(hit.gloss));
  }
  return judged;
}

Scorer::Scorer(std::string_view model, std::string_view lexicon, std::string_view actors, std::string_view quad)
    : parts_(std::make_unique<Parts>(Parts{read_model(model), Lexicon(lexicon), Gazetteer(actors), {}, {}})) {
  if (!quad.empty()) parts_->quad = read_quad(quad);
}

Scorer::~Scorer() = default;

const std::string& Scorer::model_version() const noexcept {
  return parts_->model.version;
}

namespace {

using Values = std::vector<double>;

// The `count` largest values stay, the others become 0.
void keep_largest(Values& values, std::size_t count) {
  if (values.size() <= count) return;
  Values sorted = values;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(count - 1), sorted.end(),
                   std::greater<>());
  const double least = sorted[count - 1];
  std::size_t kept = 0;
  for (double& value : values) {
    if (value < least || kept == count) {
      value = 0;
    } else {
      ++kept;
    }
  }
}

// The same sum for each directed pair alone.
std::vector<Dyad> dyads_of(const std::vector<Statement>& statements, const Values& dangers, const Values& calms) {
  struct Sums {
    double hostile = 0;
    double calm = 0;
  };
  std::map<std::pair<std::string, std::string>, Sums> sums;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Statement& statement = statements[i];
    if (statement.actor == "NONE" || statement.target == "NONE") continue;
    if (statement.level == 0 && calms[i] <= 0) continue;
    Sums& sum = sums[{statement.actor, statement.target}];
    sum.hostile += -std::log1p(-dangers[i]);
    sum.calm += -std::log1p(-calms[i]);
  }
  std::vector<Dyad> dyads;
  for (const auto& [pair, sum] : sums) {
    dyads.push_back({pair.first, pair.second, 100 * -std::expm1(-sum.hostile), 100 * -std::expm1(-sum.calm)});
  }
  std::stable_sort(dyads.begin(), dyads.end(),
                   [](const Dyad& a, const Dyad& b) { return a.escalation > b.escalation; });
  return dyads;
}

}  // namespace

Score Scorer::score(const Text& text) {
  Thread thread(outlet_side(text.source));
  Tense tense;
  std::vector<Statement> statements;
  Values dangers;
  Values calms;
  const auto read = [&](std::string_view field, bool in_title) {
    auto ranges = in_title ? std::vector<Range>{{0, field.size()}} : sentences_of(field);
    if (ranges.size() > kMaxSentences) ranges.resize(kMaxSentences);
    for (const Range& range : ranges) {
      auto judged = parts_->judge(field.substr(range.begin, range.end - range.begin), text, thread, tense);
      judged.statement.in_title = in_title;
      judged.statement.begin = range.begin;
      judged.statement.end = range.end;
      statements.push_back(std::move(judged.statement));
      dangers.push_back(judged.danger);
      // Doubtful calm in every sentence must not add up.
      calms.push_back(judged.calm >= 0.15 ? judged.calm : 0);
    }
  };
  if (!text.title.empty()) read(text.title, true);
  read(text.body, false);

  keep_largest(dangers, kTop);
  keep_largest(calms, kTop);
  Score score;
  score.dyads = dyads_of(statements, dangers, calms);
  const auto points = shares(dangers, score.escalation);
  const auto calm_points = shares(calms, score.deescalation);
  for (std::size_t i = 0; i < statements.size(); ++i) {
    Statement& statement = statements[i];
    statement.points = points[i];
    statement.calm_points = calm_points[i];
    score.level = std::max(score.level, statement.level);
    if (statement.level >= 1 || statement.calm_points > 0 || statement.points >= 0.5) {
      score.statements.push_back(std::move(statement));
    }
  }
  return score;
}

Statement Scorer::score_sentence(const Text& text) {
  Thread thread(outlet_side(text.source));
  Tense tense;
  auto judged = parts_->judge(text.body, text, thread, tense);
  judged.statement.end = text.body.size();
  judged.statement.points = 100 * judged.danger;
  judged.statement.calm_points = 100 * judged.calm;
  return judged.statement;
}

std::vector<double> Scorer::score_quad(const Text& text) {
  if (!parts_->quad) return {};
  const auto words = words_of(text.body);
  // As it was learned: without what the sentence itself does not say.
  extract(text.body, words, parts_->lexicon.find(text.body, words), {}, parts_->features);
  const auto probabilities = parts_->quad->probabilities(parts_->features);
  return {probabilities.begin(), probabilities.end()};
}

}  // namespace dprkwatch::rhetoric
