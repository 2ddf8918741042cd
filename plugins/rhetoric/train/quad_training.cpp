#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>
#include <stdexcept>

#include "rhetoric/quad.hpp"
#include "rhetoric/train/training.hpp"

namespace dprkwatch::rhetoric {
namespace {

constexpr std::size_t kFolds = 10;
constexpr TrainingOptions kOptions{.named_penalty = 1.5, .hashed_penalty = 0.05, .steps = 250};

struct QuadExample {
  Features features;
  std::size_t quad = 0;
};

std::vector<QuadExample> read_quads(const std::string& path, const Lexicon& lexicon, std::string& all) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<QuadExample> examples;
  for (std::string line; std::getline(file, line);) {
    all += line + "\n";
    const auto row = boost::json::parse(line);
    const std::string text(row.at("text").as_string());
    QuadExample example;
    example.quad = static_cast<std::size_t>(row.at("quad").as_int64());
    if (example.quad >= kQuads) throw std::runtime_error(path + ": quad is 0 to 4");
    const auto words = words_of(text);
    extract(text, words, lexicon.find(text, words), {}, example.features);
    examples.push_back(std::move(example));
  }
  return examples;
}

QuadModel fit_quad(const std::vector<QuadExample>& examples) {
  std::vector<const Features*> features;
  for (const QuadExample& example : examples) features.push_back(&example.features);
  QuadModel model;
  model.rarity = rarity_of(features);
  std::vector<Features> weighed;
  for (const QuadExample& example : examples) {
    weighed.push_back(example.features);
    weigh(weighed.back(), model.rarity);
  }
  for (std::size_t quad = 0; quad < kQuads; ++quad) {
    std::vector<Labelled> labelled;
    for (std::size_t i = 0; i < examples.size(); ++i)
      labelled.push_back({&weighed[i], examples[i].quad == quad ? 1 : 0});
    model.weights[quad] = minimise(labelled, kOptions, /*hashed=*/true);
  }
  return model;
}

void print_figures(const std::vector<QuadExample>& examples, const std::vector<std::array<double, kQuads>>& held) {
  std::printf("quad, ten-fold: n %zu\n%-8s %7s %7s\n", examples.size(), "class", "AUC", "F1");
  double sum = 0;
  for (std::size_t quad = 0; quad < kQuads; ++quad) {
    std::vector<Scored> scored;
    std::vector<Scored> chosen;
    for (std::size_t i = 0; i < examples.size(); ++i) {
      const bool positive = examples[i].quad == quad;
      const auto best = std::max_element(held[i].begin(), held[i].end()) - held[i].begin();
      scored.push_back({held[i][quad], positive});
      chosen.push_back({static_cast<std::size_t>(best) == quad ? 1.0 : 0.0, positive});
    }
    const double f1 = f1_at(chosen, 0.5);
    sum += f1;
    std::printf("%-8s %7.3f %7.3f\n", std::string(kQuadNames[quad]).c_str(), auc(scored), f1);
  }
  std::printf("macro-F1 %.3f\n", sum / kQuads);
}

}  // namespace

void train_quad(const std::string& labelled, const Lexicon& lexicon, const std::string& path) {
  std::string all;
  const auto examples = read_quads(labelled + "/cameo_sentences.jsonl", lexicon, all);
  std::vector<std::array<double, kQuads>> held(examples.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    std::vector<QuadExample> rest;
    for (std::size_t i = 0; i < examples.size(); ++i) {
      if (i % kFolds != fold) rest.push_back(examples[i]);
    }
    const QuadModel model = fit_quad(rest);
    for (std::size_t i = fold; i < examples.size(); i += kFolds) held[i] = model.probabilities(examples[i].features);
  }
  print_figures(examples, held);
  if (path.empty()) return;
  QuadModel model = fit_quad(examples);
  model.trained_on = sha256_of(all);
  std::ofstream file(path, std::ios::binary);
  file << write_quad(model);
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace dprkwatch::rhetoric
