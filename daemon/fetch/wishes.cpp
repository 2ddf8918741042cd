#include <algorithm>
#include <charconv>
#include <string_view>

#include "fetch/fetch.hpp"

namespace dprkwatch::fetch {
namespace {

constexpr std::string_view kBlank = " \t";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// Digits only (RFC 9111 §1.2.2); a number too large to be meant is the largest one.
std::optional<std::chrono::seconds> parse_seconds(std::string_view text) {
  constexpr std::int64_t kTenYears = 10LL * 365 * 24 * 3600;
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return std::chrono::seconds(problem == std::errc() ? std::min(value, kTenYears) : kTenYears);
}

std::optional<Time> parse_date(std::string_view text) {
  const auto seconds = http::parse_http_date(text);
  if (!seconds) return std::nullopt;
  return Time(std::chrono::seconds(*seconds));
}

bool same_name(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(left, right, {}, lower, lower);
}

// The fields of Cache-Control that matter here.
struct CacheControl {
  bool must_ask = false;  // no-cache, no-store
  std::optional<std::chrono::seconds> max_age;
};

CacheControl read_cache_control(std::string_view text) {
  CacheControl control;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view directive = trim(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    const auto equals = directive.find('=');
    const std::string_view name = directive.substr(0, equals);
    if (same_name(name, "no-cache") || same_name(name, "no-store")) control.must_ask = true;
    if (!same_name(name, "max-age") || equals == std::string_view::npos) continue;
    std::string_view value = directive.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
    control.max_age = parse_seconds(value);
  }
  return control;
}

}  // namespace

std::optional<Duration> retry_after(const http::Headers& headers, Time now) {
  const std::string_view text = trim(http::header(headers, "retry-after"));
  if (const auto seconds = parse_seconds(text)) return *seconds;
  if (const auto date = parse_date(text)) return std::max(*date - now, Duration::zero());
  return std::nullopt;
}

std::optional<Duration> fresh_for(const http::Headers& headers, Time now) {
  const CacheControl control = read_cache_control(http::header(headers, "cache-control"));
  if (control.must_ask) return std::nullopt;
  if (control.max_age) {
    const auto age = parse_seconds(trim(http::header(headers, "age"))).value_or(std::chrono::seconds(0));
    return std::max<Duration>(*control.max_age - age, Duration::zero());
  }
  const auto expires = parse_date(trim(http::header(headers, "expires")));
  if (!expires) return std::nullopt;
  const Time from = parse_date(trim(http::header(headers, "date"))).value_or(now);
  return std::max(*expires - from, Duration::zero());
}

}  // namespace dprkwatch::fetch
