#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "evaluate/evaluate.hpp"
#include "evaluate/metrics.hpp"

namespace dprkwatch::evaluate {
namespace {

using Rows = std::vector<const Row*>;
using Value = std::function<std::optional<double>(const Rows&)>;
using Score = std::function<double(const Row&)>;
using Label = std::function<std::optional<bool>(const Row&)>;
using Ranked = std::optional<double> (*)(const std::vector<Scored>&);

struct Measure {
  std::string name;
  Value value;
  Value word_count;  // empty: no such baseline
};

std::vector<Scored> scored(const Rows& rows, const Score& score, const Label& label) {
  std::vector<Scored> items;
  for (const Row* row : rows) {
    if (const auto positive = label(*row)) items.push_back({score(*row), *positive});
  }
  return items;
}

Label level_from(int least) {
  return [least](const Row& row) -> std::optional<bool> {
    if (!row.level) return std::nullopt;
    return *row.level >= least;
  };
}

double expected_of(const Row& row) {
  return row.said_expected;
}
double words_of(const Row& row) {
  return row.words;
}

std::optional<double> ap(const std::vector<Scored>& items) {
  return average_precision(items);
}

Measure ranked(std::string name, Ranked figure, const Label& label) {
  return {std::move(name), [=](const Rows& rows) { return figure(scored(rows, expected_of, label)); },
          [=](const Rows& rows) { return figure(scored(rows, words_of, label)); }};
}

std::optional<double> rho(const Rows& rows, const Score& score) {
  std::vector<double> said;
  std::vector<double> labelled;
  for (const Row* row : rows) {
    if (!row->level) continue;
    said.push_back(score(*row));
    labelled.push_back(*row->level);
  }
  return spearman(said, labelled);
}

// Mean distance between the expected and the labelled level over ten bins of the expected, weighed by their rows.
std::optional<double> calibration_error(const Rows& rows) {
  constexpr std::size_t kBins = 10;
  std::array<double, kBins> said{};
  std::array<double, kBins> labelled{};
  double count = 0;
  for (const Row* row : rows) {
    if (!row->level) continue;
    const auto bin = std::min(kBins - 1, static_cast<std::size_t>(std::max(0.0, row->said_expected) / 3 * kBins));
    said[bin] += row->said_expected;
    labelled[bin] += *row->level;
    ++count;
  }
  if (count == 0) return std::nullopt;
  double sum = 0;
  for (std::size_t i = 0; i < kBins; ++i) sum += std::fabs(said[i] - labelled[i]);
  return sum / count;
}

// Actor and target both right, where a sentence of level 2 or more says who.
std::optional<double> direction(const Rows& rows) {
  double right = 0;
  double count = 0;
  for (const Row* row : rows) {
    if (!row->level || *row->level < 2 || row->actor.empty() || row->actor == "NONE") continue;
    ++count;
    right += row->actor == row->said_actor && row->target == row->said_target ? 1 : 0;
  }
  if (count == 0) return std::nullopt;
  return right / count;
}

std::optional<double> quad_macro_f1(const Rows& rows) {
  double sum = 0;
  for (int quad = 0; quad < 5; ++quad) {
    const auto one = f1(scored(
                            rows,
                            [quad](const Row& row) {
                              if (!row.said_quad) return 0.0;
                              const auto best = std::max_element(row.said_quad->begin(), row.said_quad->end());
                              return best - row.said_quad->begin() == quad ? 1.0 : 0.0;
                            },
                            [quad](const Row& row) -> std::optional<bool> {
                              if (!row.quad) return std::nullopt;
                              return *row.quad == quad;
                            }),
                        0.5);
    if (!one) return std::nullopt;
    sum += *one;
  }
  return sum / 5;
}

std::vector<Measure> measures() {
  const Label conditional = [](const Row& row) { return row.conditional; };
  const Label calm = [](const Row& row) -> std::optional<bool> {
    if (!row.deescalation) return std::nullopt;
    return *row.deescalation >= 1;
  };
  const Label verbal_conflict = [](const Row& row) -> std::optional<bool> {
    if (!row.quad) return std::nullopt;
    return *row.quad == 3;
  };
  const Score vconf = [](const Row& row) { return row.said_quad ? (*row.said_quad)[3] : 0.0; };
  const Score said_conditional = [](const Row& row) { return row.said_conditional ? 1.0 : 0.0; };
  const Score said_two = [](const Row& row) { return row.said_level >= 2 ? 1.0 : 0.0; };
  const Score said_calm = [](const Row& row) { return row.said_deescalation; };
  std::vector<Measure> all;
  all.push_back({"rho", [](const Rows& rows) { return rho(rows, expected_of); },
                 [](const Rows& rows) { return rho(rows, words_of); }});
  all.push_back(ranked("auc_level_1", auc, level_from(1)));
  all.push_back(ranked("auc_level_2", auc, level_from(2)));
  all.push_back(ranked("auc_level_3", auc, level_from(3)));
  all.push_back(ranked("ap_level_3", ap, level_from(3)));
  all.push_back({"f1_level_2", [=](const Rows& rows) { return f1(scored(rows, said_two, level_from(2)), 0.5); },
                 [](const Rows& rows) { return f1(scored(rows, words_of, level_from(2)), 1); }});
  all.push_back(
      {"f1_conditional", [=](const Rows& rows) { return f1(scored(rows, said_conditional, conditional), 0.5); }, {}});
  all.push_back({"auc_deescalation", [=](const Rows& rows) { return auc(scored(rows, said_calm, calm)); }, {}});
  all.push_back({"calibration_error", calibration_error, {}});
  all.push_back({"direction", direction, {}});
  all.push_back({"auc_verbal_conflict", [=](const Rows& rows) { return auc(scored(rows, vconf, verbal_conflict)); },
                 [=](const Rows& rows) { return auc(scored(rows, words_of, verbal_conflict)); }});
  all.push_back({"macro_f1_quad", quad_macro_f1, {}});
  return all;
}

// Groups drawn with replacement, all their rows together.
std::vector<Rows> draw(const Rows& rows, std::size_t resamples, std::uint64_t seed) {
  std::map<std::string, Rows> by_group;
  for (const Row* row : rows) by_group[row->group].push_back(row);
  std::vector<const Rows*> groups;
  for (const auto& [name, members] : by_group) groups.push_back(&members);
  std::mt19937_64 random(seed);
  std::vector<Rows> drawn(resamples);
  for (Rows& sample : drawn) {
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const Rows& members = *groups[random() % groups.size()];
      sample.insert(sample.end(), members.begin(), members.end());
    }
  }
  return drawn;
}

void add_figures(const std::string& set, const Rows& rows, std::size_t resamples, std::uint64_t seed, Report& report) {
  const auto samples = draw(rows, resamples, seed);
  for (const Measure& measure : measures()) {
    const auto value = measure.value(rows);
    if (!value) continue;
    std::vector<double> values;
    for (const Rows& sample : samples) {
      if (const auto one = measure.value(sample)) values.push_back(*one);
    }
    std::sort(values.begin(), values.end());
    Figure figure{set, measure.name, rows.size(), *value, *value, *value, {}};
    if (!values.empty()) {
      const auto last = static_cast<double>(values.size() - 1);
      figure.low = values[static_cast<std::size_t>(0.025 * last)];
      figure.high = values[static_cast<std::size_t>(std::ceil(0.975 * last))];
    }
    if (measure.word_count) figure.word_count = measure.word_count(rows);
    report.figures.push_back(std::move(figure));
  }
}

}  // namespace

Report measure(const std::vector<Row>& rows, std::size_t resamples, std::uint64_t seed) {
  Report report;
  Rows all;
  std::set<std::string> sources;
  for (const Row& row : rows) {
    all.push_back(&row);
    if (!row.source.empty()) sources.insert(row.source);
    if (row.level) {
      ++report.confusion[static_cast<std::size_t>(std::clamp(*row.level, 0, 3))]
                        [static_cast<std::size_t>(std::clamp(row.said_level, 0, 3))];
    }
  }
  add_figures("all", all, resamples, seed, report);
  if (sources.size() < 2) return report;
  for (const std::string& source : sources) {
    Rows some;
    for (const Row* row : all) {
      if (row->source == source) some.push_back(row);
    }
    add_figures(source, some, resamples, seed, report);
  }
  return report;
}

}  // namespace dprkwatch::evaluate
