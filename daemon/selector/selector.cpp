#include "selector/selector.hpp"

#include <utility>

namespace dprkwatch::selector {
namespace {

constexpr std::string_view kBlank = " \t\r\n\f";

bool is_blank(char c) {
  return kBlank.find(c) != std::string_view::npos;
}

// Letters, digits, '-', '_' and everything beyond ASCII (CSS Syntax Level 3 §4.2); no escapes.
bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Selector> parse() {
    Selector selector;
    for (;;) {
      Complex complex = read_complex();
      if (!problem_.empty()) return fail(ErrorCode::kInvalidConfig, problem_);
      selector.push_back(std::move(complex));
      if (at_end()) return selector;
      ++at_;  // ','
    }
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
  void skip_blanks() {
    while (!at_end() && is_blank(peek())) ++at_;
  }
  void expected(const char* what) {
    if (!problem_.empty()) return;
    problem_ = "not a selector: expected " + std::string(what) + " at character " + std::to_string(at_ + 1);
  }

  // Up to ',' or the end.
  Complex read_complex() {
    Complex complex;
    bool is_child = false;
    skip_blanks();
    do {
      Compound compound = read_compound();
      compound.is_child = is_child;
      complex.push_back(std::move(compound));
      skip_blanks();
      is_child = peek() == '>' && problem_.empty();
      if (is_child) {
        ++at_;
        skip_blanks();
      }
    } while (problem_.empty() && ((!at_end() && peek() != ',') || is_child));
    return complex;
  }

  Compound read_compound() {
    Compound compound;
    const std::size_t begin = at_;
    if (peek() == '*') {
      ++at_;
    } else if (is_name(peek())) {
      compound.tag = lower(read_name());
    }
    for (char c = peek(); c == '.' || c == '#' || c == '['; c = peek()) {
      ++at_;
      if (c == '[') {
        compound.attributes.push_back(read_attribute());
      } else {
        compound.attributes.push_back({c == '.' ? "class" : "id", c == '.' ? '~' : '=', read_name()});
      }
      if (!problem_.empty()) break;
    }
    if (at_ == begin) expected("a tag, .class, #id or [attribute]");
    return compound;
  }

  std::string read_name() {
    const std::size_t begin = at_;
    while (is_name(peek())) ++at_;
    if (at_ == begin) expected("a name");
    return std::string(text_.substr(begin, at_ - begin));
  }

  // After '['.
  Attribute read_attribute() {
    Attribute attribute;
    skip_blanks();
    attribute.name = lower(read_name());
    skip_blanks();
    const char c = peek();
    if (c == '=' || c == '~' || c == '^' || c == '$' || c == '*') {
      attribute.comparison = c;
      ++at_;
      if (c != '=' && peek() != '=') expected("=");
      if (c != '=') ++at_;
      skip_blanks();
      attribute.value = read_value();
      skip_blanks();
    }
    if (peek() != ']') expected("]");
    ++at_;
    return attribute;
  }

  std::string read_value() {
    const char quote = peek();
    if (quote != '"' && quote != '\'') return read_name();
    const auto end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) {
      expected("the end of the quoted text");
      return {};
    }
    std::string value(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string problem_;  // the first
};

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const auto begin = list.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return false;
    list.remove_prefix(begin);
    const auto end = list.find_first_of(kBlank);
    if (list.substr(0, end) == word) return true;
    if (end == std::string_view::npos) return false;
    list.remove_prefix(end);
  }
  return false;
}

}  // namespace

Result<Selector> parse(std::string_view text) {
  return Parser(text).parse();
}

bool fits(const Attribute& wanted, std::string_view value) {
  switch (wanted.comparison) {
    case '\0':
      return true;
    case '=':
      return value == wanted.value;
    case '~':
      return has_word(value, wanted.value);
    case '^':
      return !wanted.value.empty() && value.starts_with(wanted.value);
    case '$':
      return !wanted.value.empty() && value.ends_with(wanted.value);
    default:
      return !wanted.value.empty() && value.find(wanted.value) != std::string_view::npos;
  }
}

}  // namespace dprkwatch::selector
