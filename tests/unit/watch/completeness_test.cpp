#include "watch/completeness.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace dprkwatch::watch {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Time kNow{std::chrono::hours(24 * 365 * 50)};

// One digit stands for an identity.
std::string identity(char c) {
  return std::string(32, c);
}

std::string window(std::string_view letters) {
  std::vector<std::string> identities;
  for (const char c : letters) identities.push_back(identity(c));
  return window_of(identities);
}

std::string letters(const std::vector<std::string>& digits) {
  std::string text;
  for (const std::string& digit : digits) text += digit.front();
  return text;
}

TEST(Completeness, SeesAGapWhenNothingIsShared) {
  EXPECT_TRUE(compare(window("abc"), window("def"), Order::kNewestFirst).gap);
  EXPECT_FALSE(compare(window("abc"), window("dea"), Order::kNewestFirst).gap);
  EXPECT_FALSE(compare("", window("abc"), Order::kNewestFirst).gap) << "the first document";
  EXPECT_FALSE(compare(window("abc"), "", Order::kNewestFirst).gap) << "an empty document";
  EXPECT_FALSE(compare(window("a"), window("b"), Order::kNewestFirst).gap) << "a feed of one entry";
}

TEST(Completeness, TellsTakenBackFromAgedOut) {
  struct Case {
    const char* before;
    const char* now;
    Order order;
    const char* removed;
  };
  for (const Case& c : std::initializer_list<Case>{{"fedcba", "gfedcb", Order::kNewestFirst, ""},
                                                   {"fedcba", "gfdcba", Order::kNewestFirst, "e"},
                                                   {"fedcba", "edcba", Order::kNewestFirst, "f"},
                                                   {"abcdef", "bcdefg", Order::kOldestFirst, ""},
                                                   {"abcdef", "abcde", Order::kOldestFirst, "f"},
                                                   {"abcdef", "abdef", Order::kOldestFirst, "c"},
                                                   {"fedcba", "gfdcba", Order::kUnknown, ""},
                                                   {"9876543210", "a0", Order::kNewestFirst, ""}}) {
    const Change change = compare(window(c.before), window(c.now), c.order);
    EXPECT_EQ(letters(change.removed), c.removed) << c.before << " -> " << c.now;
  }
}

TEST(Completeness, ListsWhatWasAdded) {
  EXPECT_EQ(letters(compare(window("cba"), window("edcba"), Order::kUnknown).added), "ed");
  EXPECT_EQ(letters(compare("", window("ba"), Order::kUnknown).added), "") << "nothing was there before";
}

TEST(Completeness, TellsTheOrderByDates) {
  const auto at = [](int hour) { return std::optional<Time>(kNow + hours(hour)); };
  const std::vector<std::optional<Time>> rising{at(1), std::nullopt, at(2), at(2), at(3)};
  std::vector<std::optional<Time>> falling(rising.rbegin(), rising.rend());
  EXPECT_EQ(order_of(rising), Order::kOldestFirst);
  EXPECT_EQ(order_of(falling), Order::kNewestFirst);
  EXPECT_EQ(order_of(std::vector{at(1), at(3), at(2)}), Order::kUnknown);
  EXPECT_EQ(order_of(std::vector{at(1), at(2)}), Order::kUnknown);
  EXPECT_EQ(order_of(std::vector{at(1), at(1), at(1)}), Order::kUnknown);
}

TEST(Completeness, EstimatesWhatWasMissed) {
  EXPECT_EQ(missed(hours(3), minutes(10), 8), 10);
  EXPECT_EQ(missed(hours(1), minutes(10), 8), 0);
  EXPECT_EQ(missed(hours(3), Duration::zero(), 8), 0);
}

TEST(Completeness, AFeedIsSilentAgainstItsOwnRhythmOnly) {
  EXPECT_EQ(silent_since(hours(1), kNow - hours(40), kNow), kNow - hours(40) + hours(10) + hours(24));
  EXPECT_EQ(silent_since(hours(1), kNow - hours(30), kNow), std::nullopt);
  EXPECT_EQ(silent_since(hours(24 * 30), kNow - hours(24 * 100), kNow), std::nullopt);
  EXPECT_EQ(silent_since(Duration::zero(), kNow - hours(1000), kNow), std::nullopt);
  EXPECT_EQ(silent_since(hours(1), std::nullopt, kNow), std::nullopt);
}

}  // namespace
}  // namespace dprkwatch::watch
