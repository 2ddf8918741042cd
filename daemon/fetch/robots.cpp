#include "fetch/robots.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "selector/glob.hpp"

namespace dprkwatch::fetch {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{500} * 1024;
constexpr std::size_t kMaxRules = 10'000;
constexpr std::string_view kBlank = " \t\r\f\v";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_word(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, lower, lower);
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// The same octets always in the same form (§2.2.2): what need not be encoded is not, the rest is, with capital digits.
std::string normalize(std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto is_unreserved = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
  };
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    auto c = static_cast<unsigned char>(path[i]);
    bool encode = c >= 0x80 || c <= 0x20;
    if (c == '%' && i + 2 < path.size() && hex_value(path[i + 1]) >= 0 && hex_value(path[i + 2]) >= 0) {
      c = static_cast<unsigned char>(hex_value(path[i + 1]) * 16 + hex_value(path[i + 2]));
      i += 2;
      encode = !is_unreserved(c);
    }
    if (encode) {
      out += '%';
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

struct Line {
  std::string_view key;
  std::string_view value;
};

// "key: value # comment"
Line read_line(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  return {trim(line.substr(0, colon)), trim(line.substr(colon + 1))};
}

// The product token: "dprkwatch" of "dprkwatch/1.0 (+...)".
std::string_view token_of(std::string_view agent) {
  const auto is_token = [](char c) { return lower(c) >= 'a' && lower(c) <= 'z' ? true : c == '-' || c == '_'; };
  const auto end = std::ranges::find_if_not(agent, is_token);
  return agent.substr(0, static_cast<std::size_t>(end - agent.begin()));
}

}  // namespace

Robots Robots::closed() {
  Robots robots;
  robots.rules_.push_back({false, 1, "/*"});
  return robots;
}

Robots::Rule Robots::make_rule(bool allow, std::string_view path) {
  Rule rule{allow, 0, normalize(path)};
  rule.length = rule.glob.size();
  if (rule.glob.ends_with('$')) {
    rule.glob.pop_back();
  } else {
    rule.glob += '*';
  }
  return rule;
}

Robots Robots::parse(std::string_view text, std::string_view agent) {
  Robots ours;
  Robots anybody;
  bool named = false;        // a group is ours by name
  bool in_agents = false;    // the lines before were user-agent lines: this one belongs to the same group
  std::array<bool, 2> in{};  // the group is for: us, anybody
  text = text.substr(0, kMaxBytes);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  while (!text.empty()) {
    const auto end = text.find_first_of("\r\n");
    const Line line = read_line(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (same_word(line.key, "user-agent")) {
      if (!in_agents) in = {};
      in_agents = true;
      if (line.value == "*") in[1] = true;
      if (same_word(token_of(line.value), token_of(agent)) && !token_of(agent).empty()) in[0] = named = true;
      continue;
    }
    const bool allow = same_word(line.key, "allow");
    if (!allow && !same_word(line.key, "disallow")) continue;
    in_agents = false;
    if (line.value.empty()) continue;  // "Disallow:" forbids nothing
    const Rule rule = make_rule(allow, line.value);
    if (in[0] && ours.rules_.size() < kMaxRules) ours.rules_.push_back(rule);
    if (in[1] && anybody.rules_.size() < kMaxRules) anybody.rules_.push_back(rule);
  }
  return named ? std::move(ours) : std::move(anybody);
}

bool Robots::allows(std::string_view path) const {
  if (path == "/robots.txt") return true;
  const std::string asked = normalize(path.empty() ? "/" : path);
  const Rule* decides = nullptr;
  for (const Rule& rule : rules_) {
    if (!selector::fits_glob(rule.glob, asked)) continue;
    const bool longer = decides == nullptr || rule.length > decides->length;
    if (longer || (rule.length == decides->length && rule.allow)) decides = &rule;
  }
  return decides == nullptr || decides->allow;
}

}  // namespace dprkwatch::fetch
