#include "config/reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <set>
#include <tuple>
#include <utility>

namespace dprkwatch::config {
namespace {

// Splits "16MiB" into 16 and "MiB".
std::optional<std::pair<double, std::string>> number_and_unit(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number) || number < 0) return std::nullopt;
  return std::pair(number, std::string(end, text.data() + text.size()));
}

std::string bounds(const KeyInfo& key) {
  const auto plain = [](double value) {
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
  };
  const bool low = key.min != std::numeric_limits<double>::lowest();
  const bool high = key.max != std::numeric_limits<double>::max();
  if (low && high) return " from " + plain(key.min) + " to " + plain(key.max);
  if (low) return " of at least " + plain(key.min);
  if (high) return " of at most " + plain(key.max);
  return {};
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, substituted}));
    }
  }
  return row.back();
}

}  // namespace

std::string nearest(std::string_view given, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  // One letter in a short word, a third of a long one; never all of it.
  std::size_t least =
      given.size() < 5 ? std::min<std::size_t>(2, given.size()) : std::max<std::size_t>(2, given.size() / 3) + 1;
  for (const std::string& name : known) {
    const std::size_t distance = edit_distance(given, name);
    if (distance < least) {
      least = distance;
      best = &name;
    }
  }
  return best == nullptr ? std::string() : *best;
}

Reader::Reader(std::string path, const Environment& environment) : path_(std::move(path)), environment_(environment) {}

std::string Reader::where(const YAML::Mark& mark) const {
  if (mark.is_null()) return path_;
  return path_ + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

void Reader::mistake(const YAML::Mark& mark, std::string message) {
  mistakes_.push_back({mark.line, mark.column, {ErrorCode::kInvalidConfig, std::move(message), where(mark)}});
}

void Reader::mistake(const YAML::Node& node, std::string message) {
  mistake(node.Mark(), std::move(message));
}

std::vector<Error> Reader::take_mistakes() {
  std::stable_sort(mistakes_.begin(), mistakes_.end(), [](const Mistake& a, const Mistake& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  std::vector<Error> errors;
  for (Mistake& mistake : mistakes_) errors.push_back(std::move(mistake.error));
  mistakes_.clear();
  return errors;
}

std::string Reader::path(const std::string& relative) const {
  const std::filesystem::path given(relative);
  if (given.is_absolute()) return given.string();
  std::error_code ignored;
  const auto folder = std::filesystem::absolute(path_, ignored).parent_path();
  return (folder / given).lexically_normal().string();
}

std::optional<std::string> Reader::string(const YAML::Node& node, const KeyInfo& key) {
  if (node.IsScalar() && !node.Scalar().empty()) return node.Scalar();
  mistake(node, std::string("`") + key.name + "`: expected text");
  return std::nullopt;
}

std::optional<std::string> Reader::url(const YAML::Node& node, const KeyInfo& key) {
  const auto text = string(node, key);
  if (!text) return std::nullopt;
  const auto scheme = text->find("://");
  const std::string name = text->substr(0, scheme == std::string::npos ? 0 : scheme);
  const bool good = (name == "http" || name == "https") && text->size() > scheme + 3 && (*text)[scheme + 3] != '/' &&
                    std::none_of(text->begin(), text->end(), [](unsigned char c) { return c <= 0x20 || c == 0x7f; });
  if (good) return text;
  mistake(node, std::string("`") + key.name + "`: expected a URL that begins with http:// or https://");
  return std::nullopt;
}

std::optional<Duration> Reader::one_duration(const YAML::Node& node, const KeyInfo& key) {
  static const std::vector<std::pair<std::string, double>> kUnits{
      {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
  if (node.IsScalar()) {
    if (const auto parsed = number_and_unit(node.Scalar())) {
      for (const auto& [unit, factor] : kUnits) {
        const double value = parsed->first * factor;
        if (parsed->second == unit && value >= key.min && value <= std::min(key.max, 1e14)) {
          return Duration(std::llround(value));
        }
      }
    }
  }
  std::string expected = "expected a duration such as 200ms, 30s, 5m, 2h or 1d";
  if (key.min > 0) expected += ", at least " + std::to_string(std::llround(key.min)) + "ms";
  mistake(node, std::string("`") + key.name + "`: " + expected);
  return std::nullopt;
}

std::optional<Duration> Reader::duration(const YAML::Node& node, const KeyInfo& key) {
  return one_duration(node, key);
}

std::vector<Duration> Reader::durations(const YAML::Node& node, const KeyInfo& key) {
  std::vector<Duration> found;
  list(node, "durations", [&](const YAML::Node& item) {
    if (const auto value = one_duration(item, key)) found.push_back(*value);
  });
  if (node.IsSequence() && node.size() == 0) mistake(node, std::string("`") + key.name + "`: expected at least one");
  return found;
}

std::optional<std::size_t> Reader::size(const YAML::Node& node, const KeyInfo& key) {
  static const std::vector<std::pair<std::string, double>> kUnits{
      {"", 1}, {"KiB", 1024}, {"MiB", 1024.0 * 1024}, {"GiB", 1024.0 * 1024 * 1024}};
  if (node.IsScalar()) {
    if (const auto parsed = number_and_unit(node.Scalar())) {
      for (const auto& [unit, factor] : kUnits) {
        const double value = parsed->first * factor;
        if (parsed->second == unit && value >= std::max(1.0, key.min) && value <= key.max) {
          return static_cast<std::size_t>(value);
        }
      }
    }
  }
  mistake(node, std::string("`") + key.name + "`: expected a size such as 64KiB or 16MiB" + bounds(key));
  return std::nullopt;
}

std::optional<std::int64_t> Reader::integer(const YAML::Node& node, const KeyInfo& key) {
  if (node.IsScalar()) {
    const std::string& text = node.Scalar();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const auto number = static_cast<double>(value);
    if (error == std::errc() && end == text.data() + text.size() && !text.empty() && number >= key.min &&
        number <= key.max) {
      return value;
    }
  }
  mistake(node, std::string("`") + key.name + "`: expected a whole number" + bounds(key));
  return std::nullopt;
}

std::optional<double> Reader::number(const YAML::Node& node, const KeyInfo& key) {
  if (node.IsScalar()) {
    const std::string& text = node.Scalar();
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && !text.empty() && std::isfinite(value) &&
        value >= key.min && value <= key.max) {
      return value;
    }
  }
  mistake(node, std::string("`") + key.name + "`: expected a number" + bounds(key));
  return std::nullopt;
}

std::optional<bool> Reader::boolean(const YAML::Node& node, const KeyInfo& key) {
  if (node.IsScalar() && (node.Scalar() == "true" || node.Scalar() == "false")) return node.Scalar() == "true";
  mistake(node, std::string("`") + key.name + "`: expected true or false");
  return std::nullopt;
}

std::optional<std::size_t> Reader::choice(const YAML::Node& node, const KeyInfo& key) {
  std::vector<std::string> known(key.choices.begin(), key.choices.end());
  if (node.IsScalar()) {
    const auto found = std::find(known.begin(), known.end(), node.Scalar());
    if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  }
  std::string message = std::string("`") + key.name + "`: expected one of";
  for (const std::string& name : known) message += (name == known.front() ? " " : ", ") + name;
  if (node.IsScalar()) {
    if (const std::string meant = nearest(node.Scalar(), known); !meant.empty())
      message += "; did you mean `" + meant + "`?";
  }
  mistake(node, std::move(message));
  return std::nullopt;
}

std::vector<std::string> Reader::strings(const YAML::Node& node, const KeyInfo& key) {
  std::vector<std::string> found;
  const auto add = [&](const YAML::Node& item) {
    if (const auto text = string(item, key)) found.push_back(*text);
  };
  if (node.IsScalar()) {
    add(node);
  } else {
    list(node, "texts", add);
  }
  return found;
}

std::optional<std::size_t> Reader::index_of(const YAML::Node& key, const std::vector<KeyInfo>& known) {
  if (!key.IsScalar()) return std::nullopt;
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (key.Scalar() == known[i].name) return i;
  }
  return std::nullopt;
}

bool Reader::check_map(const YAML::Node& node, const char* owner, const std::vector<KeyInfo>& known) {
  if (!node.IsMap()) {
    mistake(node, std::string("expected ") + owner + ": a map of keys and values");
    return false;
  }
  std::vector<std::string> names;
  for (const KeyInfo& key : known) names.emplace_back(key.name);
  std::set<std::string> seen;
  for (const auto& entry : node) {
    const std::string given = entry.first.IsScalar() ? entry.first.Scalar() : "(no text)";
    if (!index_of(entry.first, known)) {
      std::string message = std::string("unknown key `") + given + "` in " + owner;
      const std::string meant = nearest(given, names);
      if (!meant.empty()) {
        message += "; did you mean `" + meant + "`?";
      } else {
        message += "; known keys:";
        for (const std::string& name : names) message += " " + name;
      }
      mistake(entry.first, std::move(message));
    } else if (!seen.insert(given).second) {
      mistake(entry.first, "`" + given + "` is given twice in " + owner);
    }
  }
  for (const KeyInfo& key : known) {
    if (key.required && !seen.contains(key.name)) {
      mistake(node, std::string(owner) + " needs the key `" + key.name + "`");
    }
  }
  return true;
}

}  // namespace dprkwatch::config
