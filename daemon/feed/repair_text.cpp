#include "feed/repair_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "feed/encoding.hpp"
#include "feed/entities.hpp"

namespace dprkwatch::feed {
namespace {

// Bytes that cannot simply be copied. U+FFFE and U+FFFF begin with 0xEF, as does much of Korean: those are looked at.
constexpr auto kNeedsCare = [] {
  std::array<bool, 256> table{};
  for (std::size_t byte = 0; byte < 0x20; ++byte) {
    table[byte] = byte != '\t' && byte != '\n' && byte != '\r';
  }
  for (const unsigned char byte : {'<', '&', ']', '"'}) {
    table[byte] = true;
  }
  table[0xEF] = true;
  return table;
}();

// XML 1.0 §2.2.
bool is_xml_character(char32_t c) noexcept {
  return c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) ||
         (c >= 0x10000 && c <= 0x10FFFF);
}

bool is_predefined(std::string_view name) noexcept {
  return name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "apos";
}

}  // namespace

std::size_t LineCounter::line_at(std::size_t offset) {
  offset = std::min(offset, document_.size());
  if (offset > counted_until_) {
    line_ +=
        static_cast<std::size_t>(std::ranges::count(document_.substr(counted_until_, offset - counted_until_), '\n'));
    counted_until_ = offset;
  }
  return line_;
}

// The length of a character at `at` that XML forbids; 0 when it is allowed.
std::size_t Mender::bad_character(std::string_view text, std::size_t at) const {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x20) {
    return 1;
  }
  const std::string_view next = text.substr(at, 3);
  return next == "\xEF\xBF\xBE" || next == "\xEF\xBF\xBF" ? 3 : 0;
}

void Mender::copy_text(std::string_view text, std::size_t offset, bool in_attribute) const {
  std::size_t copied = 0;
  std::size_t at = 0;
  const auto flush = [&] { out.append(text, copied, at - copied); };
  while (at < text.size()) {
    const char c = text[at];
    if (!kNeedsCare[static_cast<unsigned char>(c)]) {
      ++at;
      continue;
    }
    if (c == '&') {
      flush();
      at += copy_reference(text.substr(at), offset + at);
      copied = at;
    } else if (c == '<' || (c == '"' && in_attribute) || (c == ']' && text.substr(at, 3) == "]]>")) {
      flush();
      out += c == '<' ? "&lt;" : c == '"' ? "&quot;" : "]]&gt;";
      if (c == ']') {
        warn("bad-markup", offset + at, "']]>' outside a CDATA section");
      }
      at += c == ']' ? 3 : 1;
      copied = at;
    } else if (const std::size_t length = bad_character(text, at); length > 0 && c != '"' && c != ']') {
      flush();
      warn("control-character", offset + at, "characters that XML forbids are left out");
      at += length;
      copied = at;
    } else {
      ++at;
    }
  }
  flush();
}

void Mender::copy_cdata(std::string_view text, std::size_t offset) const {
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t length = kNeedsCare[byte] ? bad_character(text, at) : 0;
    if (length > 0) {
      out.append(text, copied, at - copied);
      warn("control-character", offset + at, "characters that XML forbids are left out");
      at += length;
      copied = at;
    } else {
      ++at;
    }
  }
  out.append(text, copied);
}

std::size_t Mender::copy_reference(std::string_view text, std::size_t offset) const {
  constexpr std::size_t kLongestName = 32;
  const std::size_t end = text.substr(0, kLongestName).find(';');
  const std::string_view name = end == std::string_view::npos ? std::string_view{} : text.substr(1, end - 1);
  if (is_predefined(name)) {
    out.append(text, 0, end + 1);
    return end + 1;
  }
  if (name.size() > 1 && name.front() == '#') {
    if (copy_numeric(name.substr(1), offset)) {
      return end + 1;
    }
  } else if (const auto character = named_character(name)) {
    warn("undeclared-entity", offset, "'&" + std::string{name} + ";' is HTML's and not declared");
    append_utf8(out, *character);
    return end + 1;
  }
  const bool is_name = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
  if (is_name) {
    warn("undeclared-entity", offset, "'&" + excerpt(name) + ";' is not declared and taken as text");
  } else {
    warn("bare-ampersand", offset, "an ampersand is not escaped");
  }
  out += "&amp;";
  return 1;
}

// False when the digits are none. A character that XML forbids is left out.
bool Mender::copy_numeric(std::string_view digits, std::size_t offset) const {
  const bool is_hex = digits.front() == 'x' || digits.front() == 'X';
  if (is_hex) {
    digits.remove_prefix(1);
  }
  std::uint32_t code_point = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code_point, is_hex ? 16 : 10);
  if (digits.empty() || end != digits.data() + digits.size() || error == std::errc::invalid_argument) {
    return false;
  }
  if (error == std::errc{} && is_xml_character(code_point)) {
    out += "&#";
    out += std::to_string(code_point);
    out += ';';
  } else {
    warn("invalid-character-reference", offset, "a reference to a character that XML forbids is left out");
  }
  return true;
}

}  // namespace dprkwatch::feed
