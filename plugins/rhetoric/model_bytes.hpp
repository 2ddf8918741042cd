#pragma once
// How weights lie in a file: little-endian whatever the machine, n-grams as int8 with one scale a family. Private to
// rhetoric.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace dprkwatch::rhetoric {

inline void put_float(std::string& bytes, float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((bits >> shift) & 0xffU);
}

class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
  std::string_view take(std::size_t size) {
    if (bytes_.size() < size) throw std::runtime_error("the model is cut short; install it anew");
    const auto taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  float take_float() {
    std::uint32_t bits = 0;
    unsigned shift = 0;
    for (const char c : take(4)) {
      bits |= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << shift;
      shift += 8;
    }
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  [[nodiscard]] bool done() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

// One scale for a family: the named weights are far larger than those of single n-grams.
inline void put_quantised(std::string& bytes, const float* weights, std::size_t count) {
  float largest = 0;
  for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, std::fabs(weights[i]));
  const float scale = largest == 0 ? 1 : largest / 127;
  put_float(bytes, scale);
  for (std::size_t i = 0; i < count; ++i) {
    bytes += static_cast<char>(static_cast<std::int8_t>(std::lround(weights[i] / scale)));
  }
}

inline void take_quantised(Cursor& cursor, float* weights, std::size_t count) {
  const float scale = cursor.take_float();
  const std::string_view bytes = cursor.take(count);
  for (std::size_t i = 0; i < count; ++i) weights[i] = scale * static_cast<float>(static_cast<std::int8_t>(bytes[i]));
}

// FNV-1a over a file's bytes, eight hex digits.
inline std::string short_hash(std::string_view bytes) {
  std::uint32_t hash = 2166136261U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string digits;
  for (int shift = 28; shift >= 0; shift -= 4) digits += kHex[(hash >> static_cast<unsigned>(shift)) & 0xfU];
  return digits;
}

}  // namespace dprkwatch::rhetoric
