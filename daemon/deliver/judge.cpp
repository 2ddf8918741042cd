#include <time.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "deliver/deliver.hpp"

namespace dprkwatch::deliver {

Verdict judge(int status, std::optional<std::chrono::seconds> retry_after, std::int64_t made,
              const std::vector<Duration>& retry_schedule, double spread) {
  using store::DeliveryState;
  if (status >= 200 && status < 300) return {DeliveryState::kDelivered, {}};
  // A refusal that will not heal by waiting: the request is wrong, or the endpoint is gone (410). 408, 425 and 429 ask
  // for another try (RFC 9110 §15.5, RFC 8470, RFC 6585).
  const bool asks_again = status == 408 || status == 425 || status == 429;
  if (status >= 400 && status < 500 && !asks_again) return {DeliveryState::kDead, {}};
  const auto next = static_cast<std::size_t>(made) + 1;
  if (next >= retry_schedule.size()) return {DeliveryState::kDead, {}};
  // Later by up to a fifth, so that what failed together does not come back together.
  Duration wait = retry_schedule[next];
  wait += std::chrono::duration_cast<Duration>(wait * 0.2 * spread);
  constexpr auto kLongest = std::chrono::hours(24);  // a server does not put us off for longer
  if (retry_after) wait = std::max<Duration>(wait, std::min<Duration>(*retry_after, kLongest));
  return {DeliveryState::kPending, wait};
}

Duration patience_of(const std::vector<Duration>& retry_schedule) {
  Duration all = std::chrono::hours(24);
  for (const Duration wait : retry_schedule) all += wait + wait / 5;
  return all;
}

std::optional<std::chrono::seconds> retry_after(std::string_view value, Time now) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (!value.empty() && error == std::errc() && end == value.data() + value.size()) {
    return seconds < 0 ? std::nullopt : std::optional(std::chrono::seconds(seconds));
  }
  const std::string text(value);
  std::tm date{};
  const char* rest = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date);
  if (rest == nullptr || *rest != '\0') return std::nullopt;
  const std::chrono::seconds then(::timegm(&date));
  const auto current = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  return std::max(then - current, std::chrono::seconds(0));
}

}  // namespace dprkwatch::deliver
