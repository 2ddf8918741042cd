#include "relevance/normalize.hpp"

#include <algorithm>
#include <utility>

namespace dprkwatch::relevance {
namespace {

constexpr char32_t kDropped = 0;

void append(std::string& out, char32_t value) {
  if (value < 0x80) {
    out.push_back(static_cast<char>(value));
  } else if (value < 0x800) {
    out.push_back(static_cast<char>(0xC0U | (value >> 6)));
    out.push_back(static_cast<char>(0x80U | (value & 0x3FU)));
  } else if (value < 0x10000) {
    out.push_back(static_cast<char>(0xE0U | (value >> 12)));
    out.push_back(static_cast<char>(0x80U | ((value >> 6) & 0x3FU)));
    out.push_back(static_cast<char>(0x80U | (value & 0x3FU)));
  } else {
    out.push_back(static_cast<char>(0xF0U | (value >> 18)));
    out.push_back(static_cast<char>(0x80U | ((value >> 12) & 0x3FU)));
    out.push_back(static_cast<char>(0x80U | ((value >> 6) & 0x3FU)));
    out.push_back(static_cast<char>(0x80U | (value & 0x3FU)));
  }
}

struct Folded {
  char32_t value;
  bool was_upper;
};

Folded fold(char32_t value) {
  if (value >= 0xFF01 && value <= 0xFF5E) value -= 0xFEE0;  // full-width ASCII
  if (value >= 'A' && value <= 'Z') return {value + 0x20, true};
  if (value < 0x80) {
    if (value == '\n') return {value, false};
    return {value <= 0x20 || value == '-' || value == 0x7F ? U' ' : value, false};
  }
  if (value > 0x3000 && value < 0xFEFF) return {value, false};  // CJK and Hangul
  if (value >= 0x0410 && value <= 0x042F) return {value + 0x20, true};
  if (value == 0x0401 || value == 0x0451) return {0x0435, value == 0x0401};  // Ё is often written Е
  if (value >= 0xC0 && value <= 0xDE && value != 0xD7) return {value + 0x20, true};
  if (value >= 0x2010 && value <= 0x2015) return {U' ', false};                   // hyphens and dashes
  if (value == 0xA0 || value == 0x3000 || value == 0x202F) return {U' ', false};  // spaces
  if (value >= 0x2000 && value <= 0x200A) return {U' ', false};
  if (value == 0x2018 || value == 0x2019 || value == 0x02BC || value == 0x60) return {U'\'', false};
  if (value == 0x2028 || value == 0x2029 || value == 0x85) return {U'\n', false};
  if ((value >= 0x200B && value <= 0x200F) || value == 0xFEFF || value == 0xAD) return {kDropped, false};
  if (value == 0xFFFD) return {U' ', false};
  return {value, false};
}

// What is made of one original, grown to the most that it can be and cut at the end.
class Maker {
 public:
  explicit Maker(std::size_t limit) {
    // A character never becomes longer: every fold goes to a code point of as few bytes or fewer.
    made_.bytes.resize(limit);
    made_.origin.resize(limit + 1);
    made_.was_upper.resize(limit);
  }

  [[nodiscard]] bool after_blank() const { return size_ == 0 || made_.bytes[size_ - 1] == ' '; }

  void add(char byte, std::size_t origin, bool was_upper) {
    made_.bytes[size_] = byte;
    made_.origin[size_] = static_cast<std::uint32_t>(origin);
    made_.was_upper[size_] = was_upper ? 1 : 0;
    ++size_;
  }

  Normalized finish(std::size_t end) {
    made_.bytes.resize(size_);
    made_.was_upper.resize(size_);
    made_.origin.resize(size_ + 1);
    made_.origin[size_] = static_cast<std::uint32_t>(end);
    return std::move(made_);
  }

 private:
  Normalized made_;
  std::size_t size_ = 0;
};

}  // namespace

Normalized normalize(std::string_view text, std::size_t max_bytes) {
  const std::size_t limit = std::min(text.size(), max_bytes);
  Maker maker(limit);
  std::string encoded;
  std::size_t at = 0;
  while (at < limit) {
    const CodePoint point = decode(text, at);
    if (at + point.size > limit) break;  // a character that the limit cuts
    const Folded folded = fold(point.value);
    if (folded.value != kDropped && !(folded.value == ' ' && maker.after_blank())) {
      std::string_view bytes = text.substr(at, point.size);
      if (folded.value != point.value) {
        encoded.clear();
        append(encoded, folded.value);
        bytes = encoded;
      }
      for (const char byte : bytes) maker.add(byte, at, folded.was_upper);
    }
    at += point.size;
  }
  return maker.finish(at);
}

}  // namespace dprkwatch::relevance
