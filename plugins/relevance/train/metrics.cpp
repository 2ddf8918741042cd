#include "metrics.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <random>

namespace dprkwatch::relevance::train {
namespace {

constexpr std::size_t kResamples = 2000;

struct Counts {
  std::size_t hits = 0;
  std::size_t missed = 0;
  std::size_t false_alarms = 0;

  void add(const Judged& judged) {
    hits += judged.is_about && judged.called_about ? 1 : 0;
    missed += judged.is_about && !judged.called_about ? 1 : 0;
    false_alarms += !judged.is_about && judged.called_about ? 1 : 0;
  }
};

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(whole);
}

// F1, precision, recall.
std::array<double, 3> values_of(const Counts& counts) {
  return {ratio(2 * counts.hits, 2 * counts.hits + counts.missed + counts.false_alarms),
          ratio(counts.hits, counts.hits + counts.false_alarms), ratio(counts.hits, counts.hits + counts.missed)};
}

}  // namespace

Figures measure(const std::vector<Judged>& judged, std::uint64_t seed) {
  Counts all;
  for (const Judged& one : judged) all.add(one);
  Figures figures;
  figures.rows = judged.size();
  figures.positives = all.hits + all.missed;
  figures.missed = all.missed;
  figures.false_alarms = all.false_alarms;
  const auto values = values_of(all);
  std::array<std::vector<double>, 3> samples;
  std::mt19937_64 random(seed);
  for (std::size_t round = 0; round < kResamples && !judged.empty(); ++round) {
    Counts counts;
    for (std::size_t i = 0; i < judged.size(); ++i) counts.add(judged[random() % judged.size()]);
    const auto drawn = values_of(counts);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i].push_back(drawn[i]);
  }
  const auto interval = [&](std::size_t which) {
    auto& sorted = samples[which];
    if (sorted.empty()) return Measure{values[which], 0, 1};
    std::sort(sorted.begin(), sorted.end());
    return Measure{values[which], sorted[sorted.size() / 40], sorted[sorted.size() - 1 - sorted.size() / 40]};
  };
  figures.f1 = interval(0);
  figures.precision = interval(1);
  figures.recall = interval(2);
  return figures;
}

std::string to_text(const std::string& name, const Figures& figures) {
  std::array<char, 320> line{};
  std::snprintf(line.data(), line.size(),
                "%-22s n=%-5zu about=%-4zu missed=%-3zu false=%-3zu F1 %.3f [%.3f, %.3f]  precision %.3f [%.3f, %.3f]  "
                "recall %.3f [%.3f, %.3f]",
                name.c_str(), figures.rows, figures.positives, figures.missed, figures.false_alarms, figures.f1.value,
                figures.f1.low, figures.f1.high, figures.precision.value, figures.precision.low, figures.precision.high,
                figures.recall.value, figures.recall.low, figures.recall.high);
  return line.data();
}

}  // namespace dprkwatch::relevance::train
