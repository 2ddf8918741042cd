#pragma once
// The shares of all stories, and the daily profile of each dyad made from them.
//
// What is kept of a story is a join: the earliest day, the highest scores. So the same shares give the same profile
// whatever their order, however often they come, and from however many ledgers they are gathered.

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "trend/share.hpp"

namespace dprkwatch::trend {

// How many of a day's strongest stories make its pressure.
inline constexpr std::size_t kTop = 3;

struct Pair {
  std::string actor;
  std::string target;  // a code, or kAnyone
  SourceClass source = SourceClass::kPress;
  auto operator<=>(const Pair&) const = default;
};

struct DayValue {
  std::chrono::sys_days day;
  std::int64_t stories = 0;    // of the source class; 0: nothing was published or nothing was gathered
  std::int64_t threats = 0;    // of the pair, level 2 and more
  double pressure = 0;         // 0-100: the sum of the kTop strongest threats over kTop
  double share = 0;            // 0-1: threats over stories
  double deescalation = 0;     // 0-100: likewise the kTop most conciliatory stories
  bool highest_voice = false;  // an unconditional threat of force by the highest authority
};

class Ledger {
 public:
  // A story of a source class, whatever it says: the volume that `share` is a share of.
  void add_story(SourceClass source, std::uint64_t story, std::chrono::sys_days day);
  void add(const Share& share);

  // By rising pair.
  [[nodiscard]] std::vector<Pair> pairs() const;
  // Every day from the first to the last story of the pair's source class, without gaps. Linear in their number.
  [[nodiscard]] std::vector<DayValue> days(const Pair& pair) const;

 private:
  using Stories = std::unordered_map<std::uint64_t, Share>;
  std::map<Pair, Stories> shares_;
  std::map<SourceClass, std::unordered_map<std::uint64_t, std::chrono::sys_days>> volume_;
};

}  // namespace dprkwatch::trend
