// dprkwatch-train-relevance: learns relevance.model from labelled texts and says how good it is.
//
// The figures come from models that did not see the rows they are measured on: five folds of groups of near copies, and
// one model of the four fifths that are not held out, measured on the rest. The model written learns from all rows.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <stdexcept>

#include "dataset.hpp"
#include "fit.hpp"
#include "judge.hpp"
#include "metrics.hpp"
#include "relevance/lexicon.hpp"
#include "relevance/scan.hpp"

namespace dprkwatch::relevance::train {
namespace {

struct Options {
  std::string eval = "../shared/eval";
  std::string source = ".";
  std::string out;
  std::string errors;
  std::string judged;
  std::string timed;
  std::uint64_t seed = 1;
  std::size_t folds = 5;
  double threshold = 0.5;
  Penalty touches{0.3, 10};
  Penalty about{1.0, 4};
};

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + ": cannot be read");
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return std::move(bytes).str();
}

// The model of the rows for which `chosen` is true. Rows without any sign of the North teach nothing: they are none.
template <class Chosen>
Model learn(const Options& options, const Dataset& data, const std::vector<Features>& features, Chosen chosen) {
  std::vector<Example> touches;
  std::vector<Example> about;
  for (std::size_t i = 0; i < data.rows.size(); ++i) {
    const Row& row = data.rows[i];
    if (!chosen(row) || !features[i].anything) continue;
    touches.push_back({&features[i], row.weight, row.label != Label::kNone});
    if (row.label != Label::kNone) about.push_back({&features[i], row.weight, row.label == Label::kAbout});
  }
  Model model;
  model.stages[0] = fit(touches, options.touches);
  model.stages[1] = fit(about, options.about);
  model.about_threshold = options.threshold;
  model.training_sha256 = data.sha256;
  return model;
}

double probability(const Model& model, const Features& features) {
  if (!features.anything) return 0;
  return logistic(log_odds(model.stages[0], features)) * logistic(log_odds(model.stages[1], features));
}

// The fold of each group: groups of one language and label are dealt out in shuffled order.
std::map<std::uint32_t, std::size_t> deal_folds(const Dataset& data, const Options& options) {
  std::map<std::string, std::vector<std::uint32_t>> strata;
  for (std::uint32_t i = 0; i < data.rows.size(); ++i) {
    const Row& row = data.rows[i];
    if (row.group == i) strata[row.language + row.set + std::string(name_of(row.label))].push_back(i);
  }
  std::mt19937_64 random(options.seed);
  std::map<std::uint32_t, std::size_t> folds;
  std::size_t next = 0;
  for (auto& [name, groups] : strata) {
    for (std::size_t i = groups.size(); i > 1; --i) std::swap(groups[i - 1], groups[random() % i]);
    for (const std::uint32_t group : groups) folds[group] = next++ % options.folds;
  }
  return folds;
}

void print_figures(const std::string& title, const Options& options, const Dataset& data,
                   const std::vector<double>& probabilities, bool held_out_only) {
  std::map<std::string, std::vector<Judged>> parts;
  for (std::size_t i = 0; i < data.rows.size(); ++i) {
    const Row& row = data.rows[i];
    if (held_out_only && !row.held_out) continue;
    const Judged judged{row.label == Label::kAbout, probabilities[i] >= options.threshold};
    if (row.measured) {
      parts[row.language].push_back(judged);
      if (row.set == "hard") parts[row.language + ", hard only"].push_back(judged);
    } else {
      parts["(" + row.set + ")"].push_back(judged);
    }
  }
  std::cout << title << '\n';
  for (const auto& [name, judged] : parts) std::cout << "  " << to_text(name, measure(judged, options.seed)) << '\n';
}

void write_errors(const Options& options, const Dataset& data, const std::vector<double>& probabilities) {
  std::ofstream file(options.errors, std::ios::binary);
  for (std::size_t i = 0; i < data.rows.size(); ++i) {
    const Row& row = data.rows[i];
    if ((row.label == Label::kAbout) == (probabilities[i] >= options.threshold)) continue;
    file << row.id << '\t' << name_of(row.label) << '\t' << probabilities[i] << '\t' << row.title << '\t'
         << row.text.substr(0, row.text.find('\n')) << '\n';
  }
}

// The classifier of the source tree, for `--judge` and `--time`.
Classifier shipped(const Options& options) {
  const std::string here = options.source + "/plugins/relevance/data/";
  const std::string actors = read_all(options.source + "/seeds/actors.json");
  const std::string places = read_all(options.source + "/seeds/places.json");
  return Classifier({actors, places, read_all(here + "lexicon.json"), read_all(here + "relevance.model")});
}

int train(const Options& options) {
  const std::string here = options.source + "/plugins/relevance/";
  const Terms terms = load_terms(read_all(options.source + "/seeds/actors.json"),
                                 read_all(options.source + "/seeds/places.json"), read_all(here + "data/lexicon.json"));
  const Dataset data = load({options.eval + "/relevance.jsonl", here + "train/written.jsonl",
                             options.eval + "/timeline_fulltext.jsonl", here + "train/kcna_labels.tsv"});
  std::vector<Features> features;
  for (const Row& row : data.rows) {
    features.push_back(extract(scan({row.title, row.text, row.language, row.source}, terms), terms, row.source));
  }

  const auto folds = deal_folds(data, options);
  std::vector<double> crossed(data.rows.size());
  for (std::size_t fold = 0; fold < options.folds; ++fold) {
    const Model model = learn(options, data, features, [&](const Row& row) { return folds.at(row.group) != fold; });
    for (std::size_t i = 0; i < data.rows.size(); ++i) {
      if (folds.at(data.rows[i].group) == fold) crossed[i] = probability(model, features[i]);
    }
  }
  print_figures("Cross-validation, " + std::to_string(options.folds) + " folds of groups:", options, data, crossed,
                false);
  if (!options.errors.empty()) write_errors(options, data, crossed);

  const Model partial = learn(options, data, features, [](const Row& row) { return !row.held_out; });
  std::vector<double> held_out(data.rows.size());
  for (std::size_t i = 0; i < data.rows.size(); ++i) held_out[i] = probability(partial, features[i]);
  print_figures("Held out, one group in five:", options, data, held_out, true);

  if (!options.out.empty()) {
    const std::string bytes = write_model(learn(options, data, features, [](const Row&) { return true; }));
    std::ofstream file(options.out, std::ios::binary);
    file << bytes;
    if (!file.flush()) throw std::runtime_error(options.out + ": cannot be written");
    std::cout << options.out << ": " << bytes.size() << " bytes, training set " << data.sha256 << '\n';
  }
  return 0;
}

}  // namespace
}  // namespace dprkwatch::relevance::train

int main(int argc, char** argv) {
  dprkwatch::relevance::train::Options options;
  if (const char* folder = std::getenv("DPRKWATCH_EVAL_DIR"); folder != nullptr) options.eval = folder;
  CLI::App app{"Learns relevance.model and measures it.", "dprkwatch-train-relevance"};
  app.add_option("--eval", options.eval, "folder of the labelled sets (default: DPRKWATCH_EVAL_DIR or ../shared/eval)");
  app.add_option("--source", options.source, "the source tree: seeds and the analyzer's own data");
  app.add_option("--out", options.out, "write the model here; without it, only measure");
  app.add_option("--errors", options.errors, "write the wrongly judged rows of the cross-validation here");
  app.add_option("--judge", options.judged, "judge the texts of this file with the model that is there, and end");
  app.add_option("--time", options.timed, "time the model that is there on the texts of this file, and end");
  app.add_option("--seed", options.seed, "of folds and intervals");
  app.add_option("--folds", options.folds, "2 or more")->check(CLI::Range(2, 50));
  app.add_option("--threshold", options.threshold, "least probability that is called about");
  app.add_option("--dense-penalty", options.about.dense, "of the stage about");
  app.add_option("--hashed-penalty", options.about.hashed, "of the stage about");
  CLI11_PARSE(app, argc, argv);
  try {
    namespace train = dprkwatch::relevance::train;
    if (!options.judged.empty()) train::judge(train::shipped(options), options.judged);
    if (!options.timed.empty()) train::time_it(train::shipped(options), options.timed);
    return options.judged.empty() && options.timed.empty() ? train::train(options) : 0;
  } catch (const std::exception& error) {
    std::cerr << "dprkwatch-train-relevance: " << error.what() << '\n';
    return 1;
  }
}
