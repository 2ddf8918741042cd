#include <boost/regex.hpp>

#include "config/alerting.hpp"

namespace dprkwatch::config {
namespace {

constexpr std::string_view kBlank = " \t";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

bool is_label(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (text.empty() || !letter(text.front())) return false;
  for (const char c : text) {
    if (!letter(c) && (c < '0' || c > '9')) return false;
  }
  return true;
}

// What stands between double quotes; nothing when the quotes are wrong.
std::optional<std::string> unquote(std::string_view text) {
  if (text.empty() || text.front() != '"') {
    return text.find('"') == std::string_view::npos ? std::optional<std::string>(text) : std::nullopt;
  }
  std::string value;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') return at + 1 == text.size() ? std::optional<std::string>(value) : std::nullopt;
    if (text[at] != '\\') {
      value += text[at];
      continue;
    }
    if (++at == text.size()) return std::nullopt;
    // Other escapes stay as they are: they are the expression's own.
    if (text[at] == 'n') {
      value += '\n';
    } else {
      if (text[at] != '"' && text[at] != '\\') value += '\\';
      value += text[at];
    }
  }
  return std::nullopt;
}

const char* sign_of(Matcher::Op op) {
  switch (op) {
    case Matcher::Op::kIs:
      return "=";
    case Matcher::Op::kIsNot:
      return "!=";
    case Matcher::Op::kFits:
      return "=~";
    case Matcher::Op::kFitsNot:
      return "!~";
  }
  return "=";
}

}  // namespace

Result<Matcher> parse_matcher(std::string_view text) {
  const std::string where(text);
  const auto at = text.find_first_of("=!");
  Matcher matcher;
  matcher.label = std::string(trim(text.substr(0, at)));
  const std::string_view sign = at == std::string_view::npos ? std::string_view() : text.substr(at, 2);
  std::size_t length = 2;
  if (sign == "=~") {
    matcher.op = Matcher::Op::kFits;
  } else if (sign == "!~") {
    matcher.op = Matcher::Op::kFitsNot;
  } else if (sign == "!=") {
    matcher.op = Matcher::Op::kIsNot;
  } else if (sign.starts_with('=')) {
    length = 1;
  } else {
    return fail(ErrorCode::kInvalidConfig, "expected LABEL=VALUE, LABEL!=VALUE, LABEL=~REGEX or LABEL!~REGEX", where);
  }
  if (!is_label(matcher.label)) {
    return fail(ErrorCode::kInvalidConfig, "the label's name must be of letters, digits and _", where);
  }
  auto value = unquote(trim(text.substr(at + length)));
  if (!value) return fail(ErrorCode::kInvalidConfig, "the value's double quotes do not match", where);
  if (value->find('\n') != std::string::npos && matcher.op != Matcher::Op::kFits) {
    return fail(ErrorCode::kInvalidConfig, "a value holds no line break", where);
  }
  matcher.value = std::move(*value);
  if (matcher.op == Matcher::Op::kFits || matcher.op == Matcher::Op::kFitsNot) {
    const boost::regex expression(matcher.value, boost::regex::ECMAScript | boost::regex::no_except);
    if (expression.status() != 0) {
      return fail(ErrorCode::kInvalidConfig, "`" + matcher.value + "` is no regular expression", where);
    }
  }
  return matcher;
}

std::string to_text(const Matcher& matcher) {
  std::string text = matcher.label + sign_of(matcher.op) + "\"";
  for (const char c : matcher.value) {
    if (c == '"' || c == '\\') text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text + "\"";
}

}  // namespace dprkwatch::config
