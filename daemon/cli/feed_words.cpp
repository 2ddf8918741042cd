#include "cli/feed_words.hpp"

#include <array>
#include <utility>

namespace dprkwatch::cli {

std::string say_duration(Duration duration) {
  using namespace std::chrono;
  constexpr std::array<std::pair<Duration, const char*>, 4> kUnits{
      {{hours(24), "d"}, {hours(1), "h"}, {minutes(1), "m"}, {seconds(1), "s"}}};
  if (duration < Duration::zero()) return "-" + say_duration(-duration);
  if (duration < seconds(1)) return duration == Duration::zero() ? "0s" : std::to_string(duration.count()) + "ms";
  std::string text;
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    const auto& [unit, name] = kUnits.at(i);
    if (duration < unit) continue;
    text = std::to_string(duration / unit) + name;
    if (i + 1 < kUnits.size()) {
      const auto& [smaller, smaller_name] = kUnits.at(i + 1);
      if (const auto rest = (duration % unit) / smaller; rest > 0) text += " " + std::to_string(rest) + smaller_name;
    }
    break;
  }
  return text;
}

std::string_view explain_why(std::string_view why) {
  constexpr std::array kWords = std::to_array<std::pair<std::string_view, std::string_view>>({
      {"interval", "the configured interval"},
      {"rhythm", "the feed has news seldom"},
      {"ttl", "the feed asks for that wait"},
      {"fresh", "the server says that its answer holds so long"},
      {"skipped", "the feed leaves out the hours or days before"},
      {"errors", "back-off after errors"},
      {"retry-after", "the server asked to wait"},
      {"gone", "the server says that it is gone for good"},
      {"pushed", "a hub pushes the news"},
      {"host", "its turn at its host comes then"},
      {"gap", "entries may have been missed"},
  });
  for (const auto& [name, words] : kWords) {
    if (name == why) return words;
  }
  return {};
}

}  // namespace dprkwatch::cli
