#include "plugin/vitals.hpp"

#include <algorithm>
#include <cmath>

namespace dprkwatch::plugin {
namespace {

constexpr std::size_t kMaxGauges = 64;
constexpr std::size_t kMaxName = 64;

bool is_gauge_name(std::string_view name) {
  const auto starts = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto goes_on = [&](char c) { return starts(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= kMaxName && starts(name.front()) &&
         std::all_of(name.begin(), name.end(), goes_on);
}

}  // namespace

const char* name_of(State state) noexcept {
  switch (state) {
    case State::kUp:
      return "up";
    case State::kRestarting:
      return "restarting";
    case State::kDown:
      return "down";
  }
  return "up";
}

void Vitals::count_calls(std::size_t calls, std::chrono::nanoseconds busy) noexcept {
  calls_.fetch_add(calls, std::memory_order_relaxed);
  busy_ns_.fetch_add(busy.count(), std::memory_order_relaxed);
}

void Vitals::count_failure(std::string_view why) {
  failures_.fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  last_failure_ = why;
}

void Vitals::count_death(std::string_view why) {
  deaths_.fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  last_failure_ = why;
}

void Vitals::set_gauge(std::string_view name, double value) {
  if (!is_gauge_name(name) || !std::isfinite(value)) return;
  const std::lock_guard lock(mutex_);
  if (const auto found = gauges_.find(name); found != gauges_.end()) {
    found->second = value;
  } else if (gauges_.size() < kMaxGauges) {
    gauges_.emplace(name, value);
  }
}

void Vitals::read(Health& health) const {
  health.calls = calls_.load(std::memory_order_relaxed);
  health.failures = failures_.load(std::memory_order_relaxed);
  health.deaths = deaths_.load(std::memory_order_relaxed);
  health.busy = std::chrono::nanoseconds(busy_ns_.load(std::memory_order_relaxed));
  const std::lock_guard lock(mutex_);
  health.last_failure = last_failure_;
  health.gauges.assign(gauges_.begin(), gauges_.end());
}

}  // namespace dprkwatch::plugin
