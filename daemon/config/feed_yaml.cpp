#include "config/feed_yaml.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace dprkwatch::config {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Whether a text stands for itself without quotes: a plain word that YAML 1.1 and 1.2 read as nothing else.
bool is_plain(std::string_view text) {
  constexpr std::array kMeaning =
      std::to_array<std::string_view>({"true", "false", "null", "yes", "no", "on", "off", "y", "n"});
  const auto is_word = [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  if (text.empty() || !is_letter(text.front()) || !std::ranges::all_of(text, is_word)) return false;
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return std::ranges::find(kMeaning, lower) == kMeaning.end();
}

// In double quotes; what YAML would fold or may not hold as it is becomes an escape.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    // U+0085, U+2028, U+2029 and U+FEFF, which YAML reads as line ends or as a mark.
    constexpr std::array kSpecial = std::to_array<std::pair<std::string_view, std::string_view>>(
        {{"\xC2\x85", "\\u0085"}, {"\xE2\x80\xA8", "\\L"}, {"\xE2\x80\xA9", "\\P"}, {"\xEF\xBB\xBF", "\\uFEFF"}});
    const auto special =
        std::ranges::find_if(kSpecial, [&](const auto& pair) { return text.substr(at).starts_with(pair.first); });
    if (special != kSpecial.end()) {
      result += special->second;
      at += special->first.size() - 1;
    } else if (byte == '"' || byte == '\\') {
      result += {'\\', text[at]};
    } else if (byte < 0x20 || byte == 0x7F) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\x%02X", static_cast<unsigned>(byte));
      result += escape.data();
    } else {
      result += text[at];
    }
  }
  return result + "\"";
}

std::string scalar(std::string_view text) {
  return is_plain(text) ? std::string(text) : quoted(text);
}

std::string list(const std::vector<std::string>& texts) {
  std::string result = "[";
  for (const std::string& text : texts) result += (result.size() > 1 ? ", " : "") + scalar(text);
  return result + "]";
}

// The largest unit that gives a whole number: "90m", "2h", "200ms".
std::string duration(Duration value) {
  using namespace std::chrono;
  constexpr std::array<std::pair<Duration, const char*>, 4> kUnits{
      {{hours(24), "d"}, {hours(1), "h"}, {minutes(1), "m"}, {seconds(1), "s"}}};
  for (const auto& [unit, name] : kUnits) {
    if (value % unit == Duration::zero()) return std::to_string(value / unit) + name;
  }
  return std::to_string(value.count()) + "ms";
}

}  // namespace

std::vector<std::string> block_lines(const Feed& feed) {
  std::vector<std::string> lines{"name: " + scalar(feed.name), "url: " + quoted(feed.url)};
  if (feed.interval) lines.push_back("interval: " + duration(*feed.interval));
  if (!feed.language.empty()) lines.push_back("language: " + scalar(feed.language));
  if (!feed.source.empty() && feed.source != feed.name) lines.push_back("source: " + scalar(feed.source));
  if (!feed.category.empty()) lines.push_back("category: " + list(feed.category));
  if (!feed.tags.empty()) lines.push_back("tags: " + list(feed.tags));
  if (!feed.site.empty()) lines.push_back("site: " + quoted(feed.site));
  if (!feed.description.empty()) lines.push_back("description: " + quoted(feed.description));
  return lines;
}

std::string flow_item(const Feed& feed) {
  std::string item = "{ ";
  for (const std::string& line : block_lines(feed)) item += (item.size() > 2 ? ", " : "") + line;
  return item + " }";
}

}  // namespace dprkwatch::config
