#include "relevance/normalize.hpp"

#include <algorithm>

namespace dprkwatch::relevance {
namespace {

constexpr char32_t kDropped = 0;

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

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

}  // namespace

CodePoint decode(std::string_view text, std::size_t at) noexcept {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  if (size == 0 || first >= 0xF5 || at + size > text.size()) return {0xFFFD, 1};
  char32_t value = first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[at + i])) return {0xFFFD, 1};
    value = (value << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeast[size] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {0xFFFD, 1};
  return {value, size};
}

CodePoint decode_before(std::string_view text, std::size_t at) noexcept {
  if (at == 0) return {0, 0};
  std::size_t begin = at - 1;
  while (begin > 0 && at - begin < 4 && is_continuation(text[begin])) --begin;
  return {decode(text, begin).value, at - begin};
}

Script script_of(char32_t value) noexcept {
  if ((value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z')) return Script::kLatin;
  if (value >= '0' && value <= '9') return Script::kDigit;
  if (value < 0xC0) return Script::kNone;
  if (value <= 0x24F) return Script::kLatin;
  if (value >= 0x400 && value <= 0x52F) return Script::kCyrillic;
  if ((value >= 0xAC00 && value <= 0xD7A3) || (value >= 0x1100 && value <= 0x11FF) ||
      (value >= 0x3130 && value <= 0x318F)) {
    return Script::kHangul;
  }
  if (value >= 0x3041 && value <= 0x30FF && value != 0x30FB) return Script::kKana;  // not the middle dot
  if ((value >= 0x3400 && value <= 0x9FFF) || (value >= 0xF900 && value <= 0xFAFF)) return Script::kHan;
  return Script::kNone;
}

Normalized normalize(std::string_view text, std::size_t max_bytes) {
  Normalized made;
  const std::size_t limit = std::min(text.size(), max_bytes);
  made.bytes.reserve(limit);
  made.origin.reserve(limit + 1);
  made.was_upper.reserve(limit);
  std::size_t at = 0;
  while (at < limit) {
    const CodePoint point = decode(text, at);
    if (at + point.size > limit) break;  // a character that the limit cuts
    const Folded folded = fold(point.value);
    const bool second_blank = folded.value == ' ' && (made.bytes.empty() || made.bytes.back() == ' ');
    if (folded.value != kDropped && !second_blank) {
      append(made.bytes, folded.value);
      made.origin.resize(made.bytes.size(), static_cast<std::uint32_t>(at));
      made.was_upper.resize(made.bytes.size(), folded.was_upper ? 1 : 0);
    }
    at += point.size;
  }
  made.origin.push_back(static_cast<std::uint32_t>(at));
  return made;
}

}  // namespace dprkwatch::relevance
