#pragma once
// The trainer's parts: labelled sentences, logistic regression, figures. Not in the plugin.

#include <cstdint>
#include <string>
#include <vector>

#include "rhetoric/model.hpp"

namespace dprkwatch::rhetoric {

// One labelled sentence, as features.
struct Example {
  std::string text;
  std::string date;
  std::string register_;  // "kcna", "usa" (a US leader's posts), "un"
  int level = 0;
  bool conditional = false;
  int deescalation = -1;  // -1: not labelled
  bool judged = true;     // counts for the figures; false for what was written to be learned from
  Features features;
};

// Where examples come from.
struct Sources {
  std::string labelled;  // folder of rhetoric_sentences.jsonl, rhetoric_sentences_2.jsonl, un_speeches.jsonl and
                         // timeline_fulltext.jsonl
  std::string written;   // this folder: written.jsonl, and kcna_labels.tsv that points into timeline_fulltext.jsonl
};

// `digest`: SHA-256 over everything learned from. Throws std::runtime_error that names file and line.
[[nodiscard]] std::vector<Example> read_examples(const Sources& sources, const Lexicon& lexicon, std::string& digest);

struct TrainingOptions {
  double named_penalty = 1.5;  // L2, for the sum over the examples
  double hashed_penalty = 0.05;
  int steps = 250;
};

// Chosen by cross-validation: what hangs on few signs wants its n-grams held down.
[[nodiscard]] TrainingOptions options_for(Head head);

struct Labelled {
  const Features* features = nullptr;  // weighed
  int label = 0;                       // 0 or 1
};

// Logistic regression over the named features, and over the hashed ones too when `hashed`. Deterministic.
[[nodiscard]] std::vector<float> minimise(const std::vector<Labelled>& examples, const TrainingOptions& options,
                                          bool hashed);

// How rare each bucket is in the examples: ln((1 + n) / (1 + with)) + 1.
[[nodiscard]] std::vector<float> rarity_of(const std::vector<const Features*>& examples);

// Whether the head's label holds; nothing known: -1.
[[nodiscard]] int label_of(Head head, const Example& example);

// Fits both kinds of weights of one head.
[[nodiscard]] Weights fit(Head head, const std::vector<const Example*>& examples);

// Learns the quad head from cameo_sentences.jsonl in `labelled` and prints the figures of ten folds; writes `path`
// unless it is empty.
void train_quad(const std::string& labelled, const Lexicon& lexicon, const std::string& path);

[[nodiscard]] std::string sha256_of(const std::string& bytes);

// Area under the ROC curve, average precision, F1 at the best threshold (and that threshold), F1 at 0.5 would be
// another.
struct Scored {
  double score;
  bool positive;
};
[[nodiscard]] double auc(std::vector<Scored> scored);
[[nodiscard]] double average_precision(std::vector<Scored> scored);
[[nodiscard]] double f1_at(const std::vector<Scored>& scored, double threshold);
[[nodiscard]] double best_threshold(std::vector<Scored> scored);
// Platt's line on the log odds, so that a probability is one: fitted to what the folds held out.
struct Calibration {
  double slope = 1;
  double offset = 0;
};
[[nodiscard]] Calibration calibrate(const std::vector<Scored>& scored);
[[nodiscard]] double apply(const Calibration& line, double probability);
// Spearman's rank correlation with ties by mean rank.
[[nodiscard]] double spearman(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace dprkwatch::rhetoric
