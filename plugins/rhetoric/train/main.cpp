// dprkwatch-train: learns the rhetoric model from the labelled sets.
//
// usage: dprkwatch-train EVAL_FOLDER TRAIN_FOLDER LEXICON [MODEL QUAD_MODEL]
//
// Prints the figures of cross-validation, grouped by date so that a text that state media repeat is never on both
// sides; with MODEL it then learns from everything and writes the files. The same input gives the same bytes.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <span>
#include <sstream>
#include <stdexcept>

#include "rhetoric/train/training.hpp"

namespace dprkwatch::rhetoric {
namespace {

constexpr std::size_t kFolds = 10;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

std::size_t fold_of(const Example& example) {
  std::uint32_t hash = 2166136261U;
  for (const char c : example.date) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return (hash >> 8U) % kFolds;
}

// Each example's probabilities by models that never saw its date.
struct Held {
  std::array<double, kHeads> all{};
  std::array<double, kHeads> named{};
};

// Learns the rarity for `model`, and gives copies weighed by it.
std::vector<Example> weigh_all(const std::vector<const Example*>& examples, Model& model) {
  std::vector<const Features*> features;
  for (const Example* example : examples) features.push_back(&example->features);
  model.rarity = rarity_of(features);
  std::vector<Example> weighed;
  for (const Example* example : examples) {
    weighed.push_back(*example);
    weigh(weighed.back().features, model.rarity);
  }
  return weighed;
}

Features without_ngrams(Features features) {
  features.hashed.clear();
  features.latin = false;
  return features;
}

std::vector<Held> cross_validate(const std::vector<Example>& examples) {
  std::vector<Held> held(examples.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<const Example*> rest;
    for (const Example& example : examples) {
      if (fold_of(example) != fold || example.register_ == "written") rest.push_back(&example);
    }
    Model model;
    const auto weighed = weigh_all(rest, model);
    rest.clear();
    for (const Example& example : weighed) rest.push_back(&example);
    for (std::size_t h = 0; h < kHeads; ++h) model.heads[h] = fit(static_cast<Head>(h), rest);
    for (std::size_t i = 0; i < examples.size(); ++i) {
      if (fold_of(examples[i]) != fold || !examples[i].judged) continue;
      Features features = examples[i].features;
      weigh(features, model.rarity);
      for (std::size_t h = 0; h < kHeads; ++h) {
        held[i].all[h] = model.probability(static_cast<Head>(h), features);
        held[i].named[h] = model.probability(static_cast<Head>(h), without_ngrams(features));
      }
    }
  }
  return held;
}

using Probabilities = std::array<double, kHeads> Held::*;

std::vector<Scored> scored_for(Head head, const std::vector<Example>& examples, const std::vector<Held>& held,
                               Probabilities which, const std::string& only) {
  std::vector<Scored> scored;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const int label = label_of(head, examples[i]);
    if (label < 0 || !examples[i].judged || (!only.empty() && examples[i].register_ != only)) continue;
    scored.push_back({(held[i].*which)[static_cast<std::size_t>(head)], label == 1});
  }
  return scored;
}

void print_figures(const std::vector<Example>& examples, const std::vector<Held>& held, Probabilities which,
                   const char* title) {
  std::printf("%s\n%-6s %5s %6s %7s %7s %7s %8s %7s\n", title, "set", "n", "rho", "AUC>=2", "AP=3", "F1>=2", "F1cond",
              "AUCde");
  const double level2 = best_threshold(scored_for(Head::kLevel2, examples, held, which, ""));
  const double conditional = best_threshold(scored_for(Head::kConditional, examples, held, which, ""));
  for (const std::string only : {"", "kcna", "usa", "un"}) {
    std::vector<double> expected;
    std::vector<double> levels;
    for (std::size_t i = 0; i < examples.size(); ++i) {
      if (!examples[i].judged || (!only.empty() && examples[i].register_ != only)) continue;
      const auto& p = held[i].*which;
      expected.push_back(p[0] + p[1] + p[2]);
      levels.push_back(examples[i].level);
    }
    const auto two = scored_for(Head::kLevel2, examples, held, which, only);
    std::printf("%-6s %5zu %6.3f %7.3f %7.3f %7.3f %8.3f %7.3f\n", only.empty() ? "all" : only.c_str(), levels.size(),
                spearman(expected, levels), auc(two),
                average_precision(scored_for(Head::kLevel3, examples, held, which, only)), f1_at(two, level2),
                f1_at(scored_for(Head::kConditional, examples, held, which, only), conditional),
                auc(scored_for(Head::kDeescalation1, examples, held, which, only)));
  }
}

// Puts the calibration into the weights; gives back the threshold of the best F1 on calibrated probabilities.
float calibrate_weights(std::vector<Scored> scored, std::span<float> weights) {
  const Calibration line = calibrate(scored);
  for (float& weight : weights) weight *= static_cast<float>(line.slope);
  weights[kBiasFeature] += static_cast<float>(line.offset);
  for (Scored& item : scored) item.score = apply(line, item.score);
  return static_cast<float>(best_threshold(scored));
}

int run(int argc, char** argv) {
  if (argc < 4 || argc > 6) {
    std::cerr << "usage: dprkwatch-train EVAL_FOLDER TRAIN_FOLDER LEXICON [MODEL QUAD_MODEL]\n";
    return 2;
  }
  const Lexicon lexicon(read_file(argv[3]));
  Model model;
  const auto examples = read_examples({argv[1], argv[2]}, lexicon, model.trained_on);
  const auto held = cross_validate(examples);
  print_figures(examples, held, &Held::all, "ten-fold by date, all features");
  print_figures(examples, held, &Held::named, "ten-fold by date, named features only (other scripts)");
  train_quad(argv[1], lexicon, argc > 5 ? argv[5] : "");
  if (argc < 5) return 0;
  std::vector<const Example*> everything;
  for (const Example& example : examples) everything.push_back(&example);
  const auto weighed = weigh_all(everything, model);
  everything.clear();
  for (const Example& example : weighed) everything.push_back(&example);
  for (std::size_t h = 0; h < kHeads; ++h) {
    const auto head = static_cast<Head>(h);
    Weights& weights = model.heads[h];
    weights = fit(head, everything);
    weights.threshold = calibrate_weights(scored_for(head, examples, held, &Held::all, ""), weights.all);
    weights.named_threshold = calibrate_weights(scored_for(head, examples, held, &Held::named, ""), weights.named);
  }
  std::ofstream file(argv[4], std::ios::binary);
  file << write_model(model);
  if (!file.flush()) throw std::runtime_error(std::string("cannot write ") + argv[4]);
  return 0;
}

}  // namespace
}  // namespace dprkwatch::rhetoric

int main(int argc, char** argv) {
  try {
    return dprkwatch::rhetoric::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "dprkwatch-train: " << error.what() << "\n";
    return 1;
  }
}
