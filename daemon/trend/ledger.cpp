#include "trend/ledger.hpp"

#include <algorithm>
#include <functional>

namespace dprkwatch::trend {
namespace {

// The leader, statements of the government, the Supreme Command, the Central Committee (seeds/README.md).
constexpr int kHighestAuthority = 9;
constexpr int kThreatLevel = 2;
// What is said by an organ above a commentary (authority 4) weighs more, step by step; the scale still ends at 100.
constexpr int kPlainAuthority = 4;
constexpr double kAuthorityWeight = 0.15;

double weighed(const Share& share) {
  const int steps = std::max(0, share.authority - kPlainAuthority);
  return std::min(100.0, share.escalation * (1 + kAuthorityWeight * steps));
}

// The sum of the strongest over kTop: one loud article among many is a third of three.
double top_of(std::vector<double>& scores) {
  const auto end = scores.begin() + static_cast<std::ptrdiff_t>(std::min(kTop, scores.size()));
  std::partial_sort(scores.begin(), end, scores.end(), std::greater<>());
  double sum = 0;
  for (auto at = scores.begin(); at != end; ++at) sum += *at;
  return sum / static_cast<double>(kTop);
}

}  // namespace

void Ledger::add_story(SourceClass source, std::uint64_t story, std::chrono::sys_days day) {
  auto [found, fresh] = volume_[source].try_emplace(story, day);
  found->second = std::min(found->second, day);
}

void Ledger::add(const Share& share) {
  auto [found, fresh] = shares_[{share.actor, share.target, share.source}].try_emplace(share.story, share);
  if (fresh) return;
  Share& kept = found->second;
  kept.day = std::min(kept.day, share.day);
  kept.escalation = std::max(kept.escalation, share.escalation);
  kept.deescalation = std::max(kept.deescalation, share.deescalation);
  kept.level = std::max(kept.level, share.level);
  kept.unconditional = kept.unconditional || share.unconditional;
  kept.authority = std::max(kept.authority, share.authority);
}

std::vector<Pair> Ledger::pairs() const {
  std::vector<Pair> pairs;
  for (const auto& [pair, stories] : shares_) pairs.push_back(pair);
  return pairs;
}

std::vector<DayValue> Ledger::days(const Pair& pair) const {
  const auto volume = volume_.find(pair.source);
  if (volume == volume_.end() || volume->second.empty()) return {};
  auto first = volume->second.begin()->second;
  auto last = first;
  for (const auto& [story, day] : volume->second) {
    first = std::min(first, day);
    last = std::max(last, day);
  }
  std::vector<DayValue> days(static_cast<std::size_t>((last - first).count()) + 1);
  for (std::size_t i = 0; i < days.size(); ++i) days[i].day = first + std::chrono::days(i);
  for (const auto& [story, day] : volume->second) ++days[static_cast<std::size_t>((day - first).count())].stories;
  const auto found = shares_.find(pair);
  if (found == shares_.end()) return days;
  std::vector<std::vector<double>> threats(days.size());
  std::vector<std::vector<double>> calm(days.size());
  for (const auto& [story, share] : found->second) {
    if (share.day < first || share.day > last) continue;
    const auto at = static_cast<std::size_t>((share.day - first).count());
    if (share.deescalation > 0) calm[at].push_back(share.deescalation);
    if (share.level < kThreatLevel) continue;
    threats[at].push_back(weighed(share));
    days[at].highest_voice = days[at].highest_voice || (share.unconditional && share.authority >= kHighestAuthority);
  }
  for (std::size_t i = 0; i < days.size(); ++i) {
    days[i].threats = static_cast<std::int64_t>(threats[i].size());
    days[i].pressure = top_of(threats[i]);
    days[i].deescalation = top_of(calm[i]);
    if (days[i].stories > 0) {
      days[i].share = static_cast<double>(days[i].threats) / static_cast<double>(days[i].stories);
    }
  }
  return days;
}

}  // namespace dprkwatch::trend
