#pragma once
// Which story an article tells: copies of a text share one, whatever their headline, cuts, order and additions.
//
// A text becomes the set of its shingles (runs of words). Texts that share enough of the shorter one are copies;
// MinHash with banding (Broder 1997) finds candidates without looking at the others. Only a window of days is kept, so
// memory is bounded and a lookup costs the same after years.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace dprkwatch::story {

inline constexpr std::size_t kMinima = 128;

struct Sketch {
  std::vector<std::uint32_t> shingles;  // hashes, sorted, each once; at most kMaxShingles
  std::array<std::uint32_t, kMinima> minima{};
  std::uint64_t form = 0;     // of the whole text, any number as good as another
  std::uint64_t numbers = 0;  // of its numbers
};

// Of the text; of title and text together where the text has only a few words. Pure, [any thread], linear in the text.
[[nodiscard]] Sketch sketch_of(std::string_view title, std::string_view text);

// Share of the smaller set that the other has, 0 to 1; 0 when one is empty.
[[nodiscard]] double overlap_of(const Sketch& a, const Sketch& b);

// Whether two texts are copies: a long one by the overlap of the shorter, a headline only when nearly equal. Two that
// differ in nothing but numbers are two reports of a kind (the 17th launch, the 18th), not copies.
[[nodiscard]] bool are_copies(const Sketch& a, const Sketch& b);

struct Place {
  std::string story;   // id of the story it belongs to
  bool copy = false;   // another article of the window tells it already
  double overlap = 0;  // with the closest copy
};

// Not thread-safe.
class Index {
 public:
  struct Options {
    std::chrono::days window{14};  // how far apart copies may be
    std::size_t capacity = 20000;  // texts kept; beyond it the oldest leave early. About 2 KB each
  };

  Index() : Index(Options{}) {}
  explicit Index(Options options) : options_(options) {}

  // Puts an article into the story of its closest copy, else into a new one called `fresh`.
  Place place(Sketch sketch, std::chrono::sys_days day, std::string fresh);
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    Sketch sketch;
    std::chrono::sys_days day;
    std::string story;
  };

  void forget_old();
  void forget_first();
  [[nodiscard]] const Entry* closest(const Sketch& sketch, std::chrono::sys_days day, double& overlap) const;
  [[nodiscard]] const Entry& entry(std::uint64_t number) const { return entries_[number - first_]; }

  Options options_;
  std::deque<Entry> entries_;  // in the order they came
  std::uint64_t first_ = 0;    // number of entries_.front()
  std::chrono::sys_days newest_{};
  std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> buckets_;  // band and its minima to entry numbers
};

}  // namespace dprkwatch::story
