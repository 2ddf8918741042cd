#include "article/revision.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>

namespace dprkwatch::article {
namespace {

constexpr std::size_t kShortLine = 60;  // bytes; shorter ones without an end of sentence are labels
constexpr int kMaxChanges = 400;        // words added and removed that the exact difference is looked for
constexpr std::size_t kContext = 12;    // words kept at each end of a long common run

bool ends_sentence(std::string_view line) {
  constexpr std::string_view kClosing = "\"')]";
  while (!line.empty() && kClosing.find(line.back()) != std::string_view::npos) line.remove_suffix(1);
  for (const std::string_view end : {".", "!", "?", "\u3002", "\uff01", "\uff1f", "\u201d"}) {
    if (line.ends_with(end)) return true;
  }
  return false;
}

// Letters and digits in lower case.
void add_letters(std::string_view line, std::string& to) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(line.data());
  const auto size = static_cast<std::int32_t>(line.size());
  for (std::int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (c < 0 || u_isalnum(c) == 0) continue;
    std::uint8_t buffer[U8_MAX_LENGTH];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(buffer, length, u_tolower(c));
    to.append(reinterpret_cast<const char*>(buffer), static_cast<std::size_t>(length));
  }
}

template <class Use>
void each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    use(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// What a text says, without what pages change by themselves.
std::string substance_of(std::string_view text) {
  std::string substance;
  each_line(text, [&](std::string_view line) {
    if (line.size() >= kShortLine || ends_sentence(line)) add_letters(line, substance);
  });
  if (substance.empty()) add_letters(text, substance);
  return substance;
}

// A word with the blanks behind it; the views are into the text.
struct Word {
  std::string_view word;
  std::string_view whole;
};

std::vector<Word> words_of(std::string_view text) {
  constexpr std::string_view kBlank = " \n\t";
  std::vector<Word> words;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto end = std::min(text.find_first_of(kBlank, at), text.size());
    const auto next = std::min(text.find_first_not_of(kBlank, end), text.size());
    words.push_back({text.substr(at, end - at), text.substr(at, next - at)});
    at = next;
  }
  return words;
}

using Words = std::vector<Word>;
using Kind = WordChange::Kind;

class Differ {
 public:
  Differ(const Words& before, const Words& after) : before_(before), after_(after) {}

  std::vector<WordChange> run() {
    std::size_t begin = 0;
    std::size_t end_before = before_.size();
    std::size_t end_after = after_.size();
    while (begin < end_before && begin < end_after && same(begin, begin)) ++begin;
    while (end_before > begin && end_after > begin && same(end_before - 1, end_after - 1)) {
      --end_before;
      --end_after;
    }
    for (std::size_t i = 0; i < begin; ++i) add(Kind::kSame, after_[i]);
    if (!find_middle(begin, end_before, end_after)) {
      for (std::size_t i = begin; i < end_before; ++i) add(Kind::kRemoved, before_[i]);
      for (std::size_t i = begin; i < end_after; ++i) add(Kind::kAdded, after_[i]);
    }
    for (std::size_t i = end_after; i < after_.size(); ++i) add(Kind::kSame, after_[i]);
    finish_run();
    return std::move(changes_);
  }

 private:
  [[nodiscard]] bool same(std::size_t i, std::size_t j) const { return before_[i].word == after_[j].word; }

  // Myers' greedy search over [begin, end_before) and [begin, end_after), its steps kept to walk back. False beyond the
  // bound.
  bool find_middle(std::size_t begin, std::size_t end_before, std::size_t end_after) {
    const int n = static_cast<int>(end_before - begin);
    const int m = static_cast<int>(end_after - begin);
    const int most = std::min(n + m, kMaxChanges);
    std::vector<std::vector<int>> trace;
    std::vector<int> furthest(2 * static_cast<std::size_t>(most) + 3, 0);
    const auto at = [most](std::vector<int>& v, int k) -> int& { return v[static_cast<std::size_t>(k + most + 1)]; };
    for (int d = 0; d <= most; ++d) {
      trace.push_back(furthest);
      for (int k = -d; k <= d; k += 2) {
        const bool down = k == -d || (k != d && at(furthest, k - 1) < at(furthest, k + 1));
        int x = down ? at(furthest, k + 1) : at(furthest, k - 1) + 1;
        int y = x - k;
        while (x < n && y < m && y >= 0 &&
               same(begin + static_cast<std::size_t>(x), begin + static_cast<std::size_t>(y))) {
          ++x;
          ++y;
        }
        at(furthest, k) = x;
        if (x >= n && y >= m) {
          walk_back(trace, d, most, begin, n, m);
          return true;
        }
      }
    }
    return false;
  }

  void walk_back(std::vector<std::vector<int>>& trace, int d, int most, std::size_t begin, int x, int y) {
    struct Step {
      Kind kind;
      std::size_t word;
    };
    std::vector<Step> steps;
    const auto at = [most](const std::vector<int>& v, int k) { return v[static_cast<std::size_t>(k + most + 1)]; };
    for (; d >= 0; --d) {
      const std::vector<int>& furthest = trace[static_cast<std::size_t>(d)];
      const int k = x - y;
      const bool down = k == -d || (k != d && at(furthest, k - 1) < at(furthest, k + 1));
      const int from_k = down ? k + 1 : k - 1;
      const int from_x = d == 0 ? 0 : at(furthest, from_k);
      const int from_y = d == 0 ? 0 : from_x - from_k;
      while (x > from_x && y > from_y) {
        --x;
        --y;
        steps.push_back({Kind::kSame, begin + static_cast<std::size_t>(y)});
      }
      if (d == 0) break;
      if (down) {
        --y;
        steps.push_back({Kind::kAdded, begin + static_cast<std::size_t>(y)});
      } else {
        --x;
        steps.push_back({Kind::kRemoved, begin + static_cast<std::size_t>(x)});
      }
    }
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
      add(step->kind, step->kind == Kind::kRemoved ? before_[step->word] : after_[step->word]);
    }
  }

  void add(Kind kind, const Word& word) {
    if (!run_.empty() && kind != kind_) finish_run();
    kind_ = kind;
    run_.push_back(word.whole);
  }

  void finish_run() {
    if (run_.empty()) return;
    WordChange change{kind_, {}};
    const bool cut = kind_ == Kind::kSame && run_.size() > 3 * kContext;
    for (std::size_t i = 0; i < run_.size(); ++i) {
      if (cut && i == kContext) {
        change.text += "... ";
        i = run_.size() - kContext;
      }
      change.text += run_[i];
    }
    changes_.push_back(std::move(change));
    run_.clear();
  }

  const Words& before_;
  const Words& after_;
  Kind kind_ = Kind::kSame;
  std::vector<std::string_view> run_;
  std::vector<WordChange> changes_;
};

}  // namespace

bool is_edit(std::string_view before, std::string_view after) {
  return before != after && substance_of(before) != substance_of(after);
}

bool is_stub(std::string_view before, std::string_view after) {
  constexpr std::size_t kWorthLosing = 400;
  return before.size() >= kWorthLosing && after.size() < before.size() / 5;
}

std::vector<WordChange> diff_by_words(std::string_view before, std::string_view after) {
  const Words old = words_of(before);
  const Words fresh = words_of(after);
  return Differ(old, fresh).run();
}

}  // namespace dprkwatch::article
