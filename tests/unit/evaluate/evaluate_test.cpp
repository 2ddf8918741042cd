#include "evaluate/evaluate.hpp"

#include <gtest/gtest.h>

#include "evaluate/metrics.hpp"

namespace dprkwatch::evaluate {
namespace {

TEST(Metrics, RanksWithTiesByTheirMean) {
  EXPECT_DOUBLE_EQ(*spearman({1, 2, 3, 4}, {10, 20, 30, 40}), 1);
  EXPECT_DOUBLE_EQ(*spearman({1, 2, 3, 4}, {4, 3, 2, 1}), -1);
  // Ranks 1.5 1.5 3 against 1 2 3.
  EXPECT_NEAR(*spearman({5, 5, 9}, {1, 2, 3}), 0.8660254, 1e-6);
}

TEST(Metrics, CountTiesHalf) {
  EXPECT_DOUBLE_EQ(*auc({{0.9, true}, {0.1, false}}), 1);
  EXPECT_DOUBLE_EQ(*auc({{0.5, true}, {0.5, false}}), 0.5);
  EXPECT_DOUBLE_EQ(*auc({{0.2, true}, {0.5, false}, {0.9, true}, {0.1, false}}), 0.75);
}

TEST(Metrics, GiveAveragePrecisionWhateverTheOrderOfTies) {
  EXPECT_NEAR(*average_precision({{3, true}, {2, false}, {1, true}}), (1.0 + 2.0 / 3) / 2, 1e-12);
  EXPECT_DOUBLE_EQ(*average_precision({{1, true}, {1, false}}), *average_precision({{1, false}, {1, true}}));
}

TEST(Metrics, SayNothingOfOneLabel) {
  EXPECT_FALSE(auc({{0.5, true}}));
  EXPECT_FALSE(average_precision({{0.5, false}}));
  EXPECT_FALSE(f1({{0.5, false}}, 0.1));
  EXPECT_FALSE(spearman({1, 1}, {1, 2}));
}

Row row_of(const std::string& group, int level, double expected) {
  Row row;
  row.group = group;
  row.level = level;
  row.said_expected = expected;
  row.said_level = expected >= 1.5 ? 2 : 0;
  row.words = level;
  return row;
}

const Figure* find(const Report& report, const std::string& set, const std::string& name) {
  for (const Figure& figure : report.figures) {
    if (figure.set == set && figure.name == name) return &figure;
  }
  return nullptr;
}

std::vector<Row> some_rows() {
  std::vector<Row> rows;
  for (int i = 0; i < 40; ++i) {
    rows.push_back(row_of(std::to_string(i / 2), i % 4, (i % 4) * 0.7 + (i % 3) * 0.3));
  }
  return rows;
}

TEST(Measure, PutsIntervalsAroundItsFigures) {
  const Report report = measure(some_rows(), 200, 1);
  const Figure* rho = find(report, "all", "rho");
  ASSERT_NE(rho, nullptr);
  EXPECT_LE(rho->low, rho->value);
  EXPECT_GE(rho->high, rho->value);
  EXPECT_LT(rho->low, rho->high);
  ASSERT_TRUE(rho->word_count);
  EXPECT_DOUBLE_EQ(*rho->word_count, 1);  // the words were made from the labels
}

TEST(Measure, RepeatsItselfWithTheSameSeed) {
  EXPECT_EQ(to_json(measure(some_rows(), 100, 7)), to_json(measure(some_rows(), 100, 7)));
  EXPECT_NE(to_json(measure(some_rows(), 100, 7)), to_json(measure(some_rows(), 100, 8)));
}

TEST(Measure, TellsSourcesApartAndCountsConfusion) {
  auto rows = some_rows();
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].source = i < 20 ? "kcna" : "un";
  const Report report = measure(rows, 10, 1);
  ASSERT_NE(find(report, "kcna", "auc_level_2"), nullptr);
  EXPECT_EQ(find(report, "un", "auc_level_2")->rows, 20U);
  std::size_t sum = 0;
  for (const auto& line : report.confusion) {
    for (const std::size_t count : line) sum += count;
  }
  EXPECT_EQ(sum, 40U);
}

TEST(Measure, JudgesDirectionOnlyWhereItIsLabelled) {
  std::vector<Row> rows{row_of("a", 3, 2), row_of("b", 2, 2), row_of("c", 0, 0), row_of("d", 2, 2)};
  rows[0].actor = rows[0].said_actor = "DPRK";
  rows[0].target = rows[0].said_target = "USA";
  rows[1].actor = rows[1].said_actor = "DPRK";
  rows[1].target = "ROK";
  rows[1].said_target = "USA";
  rows[2].actor = "DPRK";
  EXPECT_DOUBLE_EQ(find(measure(rows, 10, 1), "all", "direction")->value, 0.5);
}

TEST(WordCount, CountsAggressiveWordsOnce) {
  EXPECT_EQ(aggressive_words("The attackers will be annihilated."), 2);
  EXPECT_EQ(aggressive_words("Upward and forward, towards the harvest"), 0);
  EXPECT_EQ(aggressive_words(""), 0);
}

}  // namespace
}  // namespace dprkwatch::evaluate
