#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "archive.hpp"
#include "story/story.hpp"

namespace dprkwatch::story {
namespace {

// Share of the shorter title's words that the longer one has: flash and full report of an event share most.
double common_words(const std::string& a, const std::string& b) {
  const auto words = [](const std::string& title) {
    std::istringstream stream(title);
    return std::set<std::string>(std::istream_iterator<std::string>(stream), {});
  };
  const auto first = words(a);
  const auto second = words(b);
  const auto common =
      std::count_if(first.begin(), first.end(), [&](const auto& word) { return second.contains(word); });
  const std::size_t shorter = std::min(first.size(), second.size());
  return static_cast<double>(common) / static_cast<double>(std::max<std::size_t>(1, shorter));
}

// Neighbours of a day in one outlet's archive under titles that have less than 60% of their words in common are
// different articles.
TEST(Story, MergesNoDifferentRealArticlesOfADay) {
  const auto archive = test::read_archive();
  if (archive.empty()) GTEST_SKIP() << "set DPRKWATCH_ARCHIVE to a JSON Lines file of {date, title, text}";
  std::map<std::string, std::vector<std::size_t>> by_day;
  for (std::size_t i = 0; i < archive.size(); ++i) {
    if (archive[i].text.size() >= 200) by_day[archive[i].date].push_back(i);
  }
  int pairs = 0;
  int merged = 0;
  std::string example;
  for (const auto& [day, articles] : by_day) {
    for (std::size_t k = 0; k + 1 < articles.size() && pairs < 5000; ++k) {
      const auto& a = archive[articles[k]];
      const auto& b = archive[articles[k + 1]];
      if (a.text == b.text || common_words(a.title, b.title) >= 0.6) continue;
      ++pairs;
      if (!are_copies(sketch_of(a.title, a.text), sketch_of(b.title, b.text))) continue;
      ++merged;
      example += a.date + ": " + a.title + " | " + b.title + "\n";
    }
  }
  EXPECT_EQ(pairs, 5000);
  EXPECT_EQ(merged, 0) << example;
}

}  // namespace
}  // namespace dprkwatch::story
