#include <algorithm>
#include <boost/url.hpp>
#include <charconv>

#include "text/text.hpp"
#include "websub/websub.hpp"

namespace dprkwatch::websub {
namespace {

constexpr std::string_view kPath = "/websub/";
constexpr std::size_t kTokenDigits = 32;
constexpr std::size_t kMaxChallenge = 4096;
constexpr std::size_t kMaxReason = 200;

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// A number of seconds; what is longer than ten years is ten years.
std::optional<std::chrono::seconds> parse_lease(std::string_view text) {
  constexpr std::int64_t kTenYears = 10LL * 365 * 24 * 3600;
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc()) value = kTenYears;
  return std::chrono::seconds(std::clamp<std::int64_t>(value, 1, kTenYears));
}

}  // namespace

std::string callback_url(std::string_view base, std::string_view token) {
  while (base.ends_with('/')) base.remove_suffix(1);
  return std::string(base) + std::string(kPath) + std::string(token);
}

std::string token_of(std::string_view target) {
  const std::string_view path = target.substr(0, target.find('?'));
  const auto begin = path.rfind(kPath);
  if (begin == std::string_view::npos) return {};
  const std::string_view token = path.substr(begin + kPath.size());
  return token.size() == kTokenDigits && is_hex(token) ? std::string(token) : std::string();
}

std::optional<Call> parse_call(const std::string& target) {
  const auto parsed = boost::urls::parse_origin_form(target);
  if (parsed.has_error()) return std::nullopt;
  Call call;
  for (const auto& parameter : parsed->params()) {
    const std::string value = parameter.value;
    if (parameter.key == "hub.mode") call.mode = value;
    if (parameter.key == "hub.topic") call.topic = value;
    if (parameter.key == "hub.challenge") call.challenge = value;
    if (parameter.key == "hub.lease_seconds") call.lease = parse_lease(value);
    if (parameter.key == "hub.reason") call.reason = text::shorten(text::printable(value), kMaxReason);
  }
  // §8.2: what is echoed is short, and text.
  const auto is_plain = [](char c) { return c >= ' ' && c < 0x7f; };
  if (call.challenge.size() > kMaxChallenge || !std::ranges::all_of(call.challenge, is_plain)) return std::nullopt;
  return call;
}

}  // namespace dprkwatch::websub
