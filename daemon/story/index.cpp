#include <algorithm>

#include "story/story.hpp"

namespace dprkwatch::story {
namespace {

// 64 bands of two minima: a pair that has a fifth of all shingles in common is met with 93%, a tenth with 47%.
constexpr std::size_t kRows = 2;
constexpr std::size_t kBands = kMinima / kRows;
// Formulas that many texts share fill a bucket; the newest are enough to find the story.
constexpr std::size_t kMaxBucket = 64;

std::uint64_t bucket_of(const Sketch& sketch, std::size_t band) {
  std::uint64_t key = band + 1;
  for (std::size_t row = 0; row < kRows; ++row) {
    key = (key ^ sketch.minima[band * kRows + row]) * 0x9E3779B97F4A7C15ULL;
    key ^= key >> 29U;
  }
  return key;
}

}  // namespace

Place Index::place(Sketch sketch, std::chrono::sys_days day, std::string fresh) {
  newest_ = entries_.empty() ? day : std::max(newest_, day);
  forget_old();
  Place place;
  const Entry* copy = sketch.shingles.empty() ? nullptr : closest(sketch, day, place.overlap);
  place.copy = copy != nullptr;
  place.story = copy != nullptr ? copy->story : std::move(fresh);
  if (sketch.shingles.empty()) return place;
  const std::uint64_t number = first_ + entries_.size();
  for (std::size_t band = 0; band < kBands; ++band) {
    auto& bucket = buckets_[bucket_of(sketch, band)];
    if (bucket.size() == kMaxBucket) bucket.erase(bucket.begin());
    bucket.push_back(number);
  }
  entries_.push_back({std::move(sketch), day, place.story});
  return place;
}

const Index::Entry* Index::closest(const Sketch& sketch, std::chrono::sys_days day, double& overlap) const {
  std::vector<std::uint64_t> candidates;
  for (std::size_t band = 0; band < kBands; ++band) {
    const auto bucket = buckets_.find(bucket_of(sketch, band));
    if (bucket != buckets_.end()) candidates.insert(candidates.end(), bucket->second.begin(), bucket->second.end());
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  const Entry* best = nullptr;
  for (const std::uint64_t number : candidates) {
    const Entry& other = entry(number);
    if (std::chrono::abs(other.day - day) > options_.window || !are_copies(sketch, other.sketch)) continue;
    const double found = overlap_of(sketch, other.sketch);
    if (best != nullptr && found <= overlap) continue;
    overlap = found;
    best = &other;
  }
  return best;
}

// Entries come nearly in the order of their days: a late one leaves a little later than it could.
void Index::forget_old() {
  while (!entries_.empty() &&
         (newest_ - entries_.front().day > options_.window || entries_.size() >= options_.capacity)) {
    forget_first();
  }
}

void Index::forget_first() {
  for (std::size_t band = 0; band < kBands; ++band) {
    const auto bucket = buckets_.find(bucket_of(entries_.front().sketch, band));
    if (bucket == buckets_.end()) continue;
    std::erase(bucket->second, first_);
    if (bucket->second.empty()) buckets_.erase(bucket);
  }
  entries_.pop_front();
  ++first_;
}

}  // namespace dprkwatch::story
