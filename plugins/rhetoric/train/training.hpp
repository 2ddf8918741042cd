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
  Features features;
};

// Reads the labelled sets of a folder (rhetoric_sentences.jsonl, rhetoric_sentences_2.jsonl, un_speeches.jsonl). `digest`:
// SHA-256 over the files. Throws std::runtime_error that names file and line.
[[nodiscard]] std::vector<Example> read_examples(const std::string& folder, const Lexicon& lexicon, std::string& digest);

struct TrainingOptions {
  double named_penalty = 1.5;   // L2, for the sum over the examples
  double hashed_penalty = 0.08;
  int steps = 250;
};

// Whether the head's label holds; nothing known: -1.
[[nodiscard]] int label_of(Head head, const Example& example);

// Fits both kinds of weights of one head. Deterministic.
[[nodiscard]] Weights fit(Head head, const std::vector<const Example*>& examples, const TrainingOptions& options);

// Area under the ROC curve, average precision, F1 at the best threshold (and that threshold), F1 at 0.5 would be another.
struct Scored {
  double score;
  bool positive;
};
[[nodiscard]] double auc(std::vector<Scored> scored);
[[nodiscard]] double average_precision(std::vector<Scored> scored);
[[nodiscard]] double f1_at(const std::vector<Scored>& scored, double threshold);
[[nodiscard]] double best_threshold(std::vector<Scored> scored);
// Spearman's rank correlation with ties by mean rank.
[[nodiscard]] double spearman(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace dprkwatch::rhetoric
