// What a sentence and an article cost: the target is 20,000 sentences a second with explanations off.

#include <benchmark/benchmark.h>

#include <fstream>
#include <sstream>
#include <string>

#include "rhetoric/rhetoric.hpp"

namespace {

using dprkwatch::rhetoric::Scorer;
using dprkwatch::rhetoric::Text;

std::string read_file(const std::string& path) {
  std::ifstream file(std::string(DPRKWATCH_SOURCE_DIR) + "/" + path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

Scorer make_scorer() {
  return Scorer(read_file("plugins/rhetoric/data/rhetoric.model"), read_file("plugins/rhetoric/data/lexicon.tsv"),
                read_file("seeds/actors.json"));
}

const std::string kSentence =
    "If the United States persists in its hostile policy, the statement warned, the army and people of the DPRK will "
    "take countermeasures and deal a merciless blow at the strongholds of the aggressors. ";

void score_sentence(benchmark::State& state) {
  Scorer scorer = make_scorer();
  Text text;
  text.body = kSentence;
  for (auto _ : state) benchmark::DoNotOptimize(scorer.score_sentence(text));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(score_sentence);

void score_article_3kb(benchmark::State& state) {
  Scorer scorer = make_scorer();
  std::string body;
  while (body.size() < 3 * 1024) body += kSentence;
  Text text;
  text.title = "North Korea warns the United States";
  text.body = body;
  for (auto _ : state) benchmark::DoNotOptimize(scorer.score(text));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(score_article_3kb);

}  // namespace

BENCHMARK_MAIN();
