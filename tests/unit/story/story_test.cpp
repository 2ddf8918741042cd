#include "story/story.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <random>
#include <sstream>

#include "archive.hpp"

namespace dprkwatch::story {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

const sys_days kDay = std::chrono::year{2019} / 12 / 8;

// Prose of made-up words with the frequencies of real ones (Zipf), in paragraphs.
std::vector<std::string> paragraphs(std::mt19937& random, std::size_t count) {
  static constexpr std::size_t kWords = 4000;
  std::vector<std::string> made(count);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (std::string& paragraph : made) {
    const std::size_t length = 30 + random() % 50;
    for (std::size_t i = 0; i < length; ++i) {
      const auto rank = static_cast<std::size_t>(std::pow(static_cast<double>(kWords), uniform(random)));
      paragraph += "w" + std::to_string(rank) + (i % 17 == 16 ? ". " : " ");
    }
  }
  return made;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += part + "\n";
  return text;
}

// Cut, reordered, under another headline, with boilerplate around it, with words replaced: as syndication does.
std::string perturbed(std::vector<std::string> parts, std::mt19937& random) {
  if (random() % 2 == 0) parts.resize(std::max<std::size_t>(1, parts.size() * (4 + random() % 6) / 10));
  if (random() % 2 == 0) std::shuffle(parts.begin(), parts.end(), random);
  if (random() % 2 == 0)
    parts.insert(parts.begin(),
                 "SEOUL, Dec. 8 (Wire) -- By our staff. Read more on our site, subscribe to our newsletter.");
  if (random() % 2 == 0)
    parts.push_back("Copyright 2019 The Wire. All rights reserved. May not be published, broadcast or rewritten.");
  std::istringstream words(joined(parts));
  std::string text;
  for (std::string word; words >> word;) text += (random() % 40 == 0 ? "changed" : word) + " ";
  return text;
}

struct Counts {
  double right = 0;
  double wrong = 0;
  double missed = 0;
  [[nodiscard]] double precision() const { return right / (right + wrong); }
  [[nodiscard]] double recall() const { return right / (right + missed); }
};

// Each text once as it is, all of one day; then a perturbed copy of each.
Counts count_copies(const std::vector<std::vector<std::string>>& texts, std::mt19937& random) {
  Index index;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    index.place(sketch_of("headline " + std::to_string(i), joined(texts[i])), kDay, "s" + std::to_string(i));
  }
  Counts counts;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto place = index.place(sketch_of("another " + std::to_string(i), perturbed(texts[i], random)), kDay, "new");
    if (place.story == "s" + std::to_string(i)) {
      ++counts.right;
    } else {
      ++(place.copy ? counts.wrong : counts.missed);
    }
  }
  return counts;
}

TEST(Story, FindsPerturbedCopiesOfMadeTexts) {
  std::mt19937 random(1);
  std::vector<std::vector<std::string>> texts;
  for (int i = 0; i < 1000; ++i) texts.push_back(paragraphs(random, 3 + random() % 8));
  const Counts counts = count_copies(texts, random);
  EXPECT_GE(counts.precision(), 0.98) << counts.wrong << " wrong";
  EXPECT_GE(counts.recall(), 0.90) << counts.missed << " missed";
}

TEST(Story, FindsPerturbedCopiesOfRealTexts) {
  const auto archive = test::read_archive();
  if (archive.empty()) GTEST_SKIP() << "set DPRKWATCH_ARCHIVE to a JSON Lines file of {date, title, text}";
  std::mt19937 random(2);
  std::vector<std::vector<std::string>> texts;
  for (std::size_t i = 0; i < archive.size() && texts.size() < 1000; i += 7) {
    if (archive[i].text.size() < 600) continue;
    std::vector<std::string> parts;
    std::istringstream lines(archive[i].text);
    for (std::string line; std::getline(lines, line);) parts.push_back(line);
    texts.push_back(std::move(parts));
  }
  const Counts counts = count_copies(texts, random);
  RecordProperty("right", static_cast<int>(counts.right));
  RecordProperty("wrong", static_cast<int>(counts.wrong));
  RecordProperty("missed", static_cast<int>(counts.missed));
  EXPECT_GE(counts.precision(), 0.98) << counts.wrong << " wrong";
  EXPECT_GE(counts.recall(), 0.90) << counts.missed << " missed";
}

TEST(Story, KeepsDifferentMadeTextsApart) {
  std::mt19937 random(3);
  std::vector<Sketch> sketches;
  for (int i = 0; i < 200; ++i) sketches.push_back(sketch_of("title", joined(paragraphs(random, 2 + random() % 6))));
  int merged = 0;
  int pairs = 0;
  for (std::size_t i = 0; i < sketches.size() && pairs < 5000; ++i) {
    for (std::size_t j = i + 1; j < sketches.size() && pairs < 5000; ++j, ++pairs) {
      merged += are_copies(sketches[i], sketches[j]) ? 1 : 0;
    }
  }
  EXPECT_EQ(pairs, 5000);
  EXPECT_EQ(merged, 0);
}

TEST(Story, KeepsHeadlinesApartThatDifferInAWord) {
  const auto a = sketch_of("U.S. warmongers' reckless war exercise against DPRK denounced by Rodong Sinmun", "");
  const auto b = sketch_of("U.S. warmongers' reckless war exercise against DPRK denounced by Minju Joson", "");
  EXPECT_FALSE(are_copies(a, b));
  EXPECT_TRUE(are_copies(a, a));
}

TEST(Story, KeepsReportsApartThatDifferInNumbersAlone) {
  const std::string start = "The North fired ";
  const std::string end =
      " short-range ballistic missiles from the Wonsan area into the sea on Thursday morning, the Joint Chiefs of "
      "Staff in "
      "Seoul said, adding that the military keeps a full readiness posture and watches for further launches.";
  EXPECT_FALSE(are_copies(sketch_of("a", start + "2" + end), sketch_of("b", start + "3" + end)));
  EXPECT_TRUE(are_copies(sketch_of("a", start + "2" + end), sketch_of("b", start + "2" + end)));
}

TEST(Story, SeesThroughHeadlinePunctuationAndCase) {
  const std::string text =
      "The army will answer any provocation with a merciless strike, a spokesman said on Sunday, adding that the other "
      "side knows well what the test at the launching ground means for the strategic position of the country and "
      "that the year has an end which nobody will be able to postpone by empty words about dialogue.";
  std::string loud = text;
  for (char& c : loud) c = c == ',' ? ';' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_DOUBLE_EQ(overlap_of(sketch_of("One", text), sketch_of("Two", loud)), 1);
  EXPECT_TRUE(are_copies(sketch_of("One", text), sketch_of("Two", loud)));
}

TEST(Story, KnowsKoreanAndChineseCopies) {
  const std::string korean =
      "조선인민군 총참모부 대변인은 미국과 남조선이 벌이는 합동군사연습에 대하여 우리의 혁명무력은 도발자들에게 "
      "무자비한 불벼락을 "
      "안길 것이라고 경고하였다. 대변인은 또한 연말까지 새로운 계산법을 내놓지 않는다면 그 후과에 대한 책임은 전적으로 "
      "미국이 지게 될 "
      "것이라고 말하였다. 이번 담화는 서해위성발사장에서 중대한 시험이 진행된 다음 날에 발표되였다.";
  const std::string chinese =
      "朝鲜人民军总参谋部发言人就美国和韩国举行的联合军事演习警告说，我们的革命武装力量将对挑衅者给予无情的打击。";
  EXPECT_TRUE(are_copies(sketch_of("가", korean), sketch_of("나", "[서울=통신] " + korean + " 끝")));
  EXPECT_TRUE(are_copies(sketch_of("甲", chinese), sketch_of("乙", "本报讯 " + chinese)));
  EXPECT_FALSE(are_copies(sketch_of("甲", chinese), sketch_of("가", korean)));
}

TEST(Index, ForgetsWhatLeavesTheWindow) {
  std::mt19937 random(4);
  const auto text = joined(paragraphs(random, 4));
  Index index;
  EXPECT_FALSE(index.place(sketch_of("a", text), kDay, "first").copy);
  EXPECT_EQ(index.place(sketch_of("b", text), kDay + days(14), "second").story, "first");
  EXPECT_EQ(index.place(sketch_of("c", text), kDay + days(40), "third").story, "third");
  EXPECT_EQ(index.size(), 1U);
}

TEST(Index, HoldsAtMostItsCapacity) {
  std::mt19937 random(5);
  Index index({days(14), 50});
  for (int i = 0; i < 200; ++i) index.place(sketch_of("a", joined(paragraphs(random, 2))), kDay, std::to_string(i));
  EXPECT_LE(index.size(), 50U);
}

TEST(Index, TakesBytesThatAreNoText) {
  Index index;
  EXPECT_FALSE(index.place(sketch_of("", ""), kDay, "empty").copy);
  EXPECT_FALSE(index.place(sketch_of("", ""), kDay, "empty too").copy);
  EXPECT_FALSE(index.place(sketch_of("\xFF\xF0\x80", "\xE4\xBD"), kDay, "broken").copy);
}

}  // namespace
}  // namespace dprkwatch::story
