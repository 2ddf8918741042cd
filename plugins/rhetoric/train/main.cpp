// dprkwatch-train: learns the rhetoric model from the labelled sets.
//
// usage: dprkwatch-train EVAL_FOLDER LEXICON [MODEL]
//
// Prints the figures of cross-validation, grouped by date so that a text that state media repeat is never on both sides;
// with MODEL it then learns from everything and writes the file. The same input gives the same bytes.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
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

Features without_ngrams(Features features) {
  features.hashed.clear();
  features.latin = false;
  return features;
}

std::vector<Held> cross_validate(const std::vector<Example>& examples, const TrainingOptions& options) {
  std::vector<Held> held(examples.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<const Example*> rest;
    for (const Example& example : examples) {
      if (fold_of(example) != fold) rest.push_back(&example);
    }
    Model model;
    for (std::size_t h = 0; h < kHeads; ++h) model.heads[h] = fit(static_cast<Head>(h), rest, options);
    for (std::size_t i = 0; i < examples.size(); ++i) {
      if (fold_of(examples[i]) != fold) continue;
      for (std::size_t h = 0; h < kHeads; ++h) {
        held[i].all[h] = model.probability(static_cast<Head>(h), examples[i].features);
        held[i].named[h] = model.probability(static_cast<Head>(h), without_ngrams(examples[i].features));
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
    if (label < 0 || (!only.empty() && examples[i].register_ != only)) continue;
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
      if (!only.empty() && examples[i].register_ != only) continue;
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

int run(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    std::cerr << "usage: dprkwatch-train EVAL_FOLDER LEXICON [MODEL]\n";
    return 2;
  }
  const Lexicon lexicon(read_file(argv[2]));
  Model model;
  const auto examples = read_examples(argv[1], lexicon, model.trained_on);
  const TrainingOptions options;
  const auto held = cross_validate(examples, options);
  print_figures(examples, held, &Held::all, "ten-fold by date, all features");
  print_figures(examples, held, &Held::named, "ten-fold by date, named features only (other scripts)");
  if (argc < 4) return 0;
  std::vector<const Example*> everything;
  for (const Example& example : examples) everything.push_back(&example);
  for (std::size_t h = 0; h < kHeads; ++h) {
    const auto head = static_cast<Head>(h);
    model.heads[h] = fit(head, everything, options);
    model.heads[h].threshold = static_cast<float>(best_threshold(scored_for(head, examples, held, &Held::all, "")));
    model.heads[h].named_threshold = static_cast<float>(best_threshold(scored_for(head, examples, held, &Held::named, "")));
  }
  std::ofstream file(argv[3], std::ios::binary);
  file << write_model(model);
  if (!file.flush()) throw std::runtime_error(std::string("cannot write ") + argv[3]);
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
