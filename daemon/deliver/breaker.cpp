#include "deliver/breaker.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace dprkwatch::deliver {
namespace {

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ULL;
  }
  return hash;
}

// FNV-1a moves the last bytes little; the finalizer of MurmurHash3 spreads them over all bits.
std::uint64_t mixed(std::uint64_t hash) {
  hash ^= hash >> 33U;
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33U;
  hash *= 0xc4ceb9fe1a85ec53ULL;
  return hash ^ (hash >> 33U);
}

}  // namespace

Breaker::Breaker(Duration longest)
    : longest_(std::min(longest, kBreakerLongest)), rest_(std::min(kBreakerRest, longest_)) {}

std::size_t Breaker::allowed(Time now, std::size_t slots) const {
  if (!until_) return slots;
  return now >= *until_ ? std::min<std::size_t>(1, slots) : 0;
}

void Breaker::succeeded() {
  failures_ = 0;
  until_.reset();
  rest_ = std::min(kBreakerRest, longest_);
}

bool Breaker::failed(Time now) {
  ++failures_;
  if (failures_ < kBreakerFailures) return false;
  const bool first = !until_;
  // Those that were under way when the way was closed prove nothing new.
  if (!first && now < *until_) return false;
  if (!first) rest_ = std::min(rest_ * 2, longest_);
  until_ = now + rest_;
  return first;
}

double spread_of(std::string_view id, std::int64_t number) {
  const std::uint64_t hash = mixed(hash_of(id) ^ static_cast<std::uint64_t>(number) * 0x9e3779b97f4a7c15ULL);
  return static_cast<double>(hash >> 11U) / 9007199254740992.0;
}

std::string mark_of(std::string_view text) {
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(mixed(hash_of(text))));
  return digits.data();
}

}  // namespace dprkwatch::deliver
