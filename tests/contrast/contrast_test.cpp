// Pairs of texts that differ in what matters: the score must move the right way in nine of ten, and so must the dyad.

#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "rhetoric/rhetoric.hpp"

namespace dprkwatch::rhetoric {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

Scorer make_scorer() {
  const std::string root = DPRKWATCH_SOURCE_DIR;
  return Scorer(read_file(root + "/plugins/rhetoric/data/rhetoric.model"),
                read_file(root + "/plugins/rhetoric/data/lexicon.tsv"), read_file(root + "/seeds/actors.json"));
}

std::vector<std::vector<std::string>> rows_of(const std::string& name) {
  std::ifstream file(std::string(DPRKWATCH_TEST_DIR) + "/" + name);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream fields(line);
    auto& row = rows.emplace_back();
    for (std::string field; std::getline(fields, field, '\t');) row.push_back(field);
  }
  return rows;
}

Text text_of(const std::string& body) {
  Text text;
  text.body = body;
  text.year = 2019;
  return text;
}

double score_of(Scorer& scorer, const std::string& body, bool calm) {
  const Score score = scorer.score(text_of(body));
  return calm ? score.deescalation : score.escalation;
}

TEST(Contrast, MovesTheScoreTheRightWay) {
  Scorer scorer = make_scorer();
  const auto pairs = rows_of("pairs.tsv");
  std::size_t right = 0;
  for (const auto& pair : pairs) {
    ASSERT_EQ(pair.size(), 5U);
    const bool calm = pair[0] == "calm";
    const double strong = score_of(scorer, pair[3], calm);
    const double weak = score_of(scorer, pair[4], calm);
    if (strong > weak) {
      ++right;
    } else {
      std::cout << pair[0] << ' ' << pair[1] << ": " << pair[3] << " (" << strong << ") | " << pair[4] << " (" << weak
                << ")\n";
    }
  }
  std::cout << right << " of " << pairs.size() << " pairs move the right way\n";
  EXPECT_GE(static_cast<double>(right), 0.9 * static_cast<double>(pairs.size()));
}

TEST(Contrast, TurnsTheDyadRoundWithTheParties) {
  Scorer scorer = make_scorer();
  std::size_t right = 0;
  std::size_t count = 0;
  for (const auto& row : rows_of("directions.tsv")) {
    ASSERT_EQ(row.size(), 4U);
    for (const std::size_t at : {0U, 2U}) {
      const Statement statement = scorer.score_sentence(text_of(row[at]));
      const std::string dyad = statement.actor + ">" + statement.target;
      ++count;
      if (dyad == row[at + 1]) {
        ++right;
      } else {
        std::cout << row[at] << " gave " << dyad << ", expected " << row[at + 1] << "\n";
      }
    }
  }
  std::cout << right << " of " << count << " directions are right\n";
  EXPECT_GE(static_cast<double>(right), 0.9 * static_cast<double>(count));
}

}  // namespace
}  // namespace dprkwatch::rhetoric
