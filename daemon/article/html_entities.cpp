#include "article/html_entities.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "article/html_tree.hpp"
#include "article/utf8.hpp"

namespace dprkwatch::article {
namespace {

struct Named {
  std::string_view name;
  std::string_view text;
};

// The names that feeds use. The other 2,190 are gumbo's to know: a look-up there takes 2 us.
constexpr std::array kCommon = std::to_array<Named>({
    {"amp", "&"},         {"apos", "'"},       {"bull", "\u2022"},  {"copy", "\u00A9"},   {"deg", "\u00B0"},
    {"eacute", "\u00E9"}, {"euro", "\u20AC"},  {"gt", ">"},         {"hellip", "\u2026"}, {"iacute", "\u00ED"},
    {"laquo", "\u00AB"},  {"ldquo", "\u201C"}, {"lsquo", "\u2018"}, {"lt", "<"},          {"mdash", "\u2014"},
    {"middot", "\u00B7"}, {"nbsp", "\u00A0"},  {"ndash", "\u2013"}, {"oacute", "\u00F3"}, {"pound", "\u00A3"},
    {"quot", "\""},       {"raquo", "\u00BB"}, {"rdquo", "\u201D"}, {"reg", "\u00AE"},    {"rsquo", "\u2019"},
    {"sect", "\u00A7"},   {"shy", "\u00AD"},   {"times", "\u00D7"}, {"trade", "\u2122"},  {"zwj", "\u200D"},
    {"zwnj", "\u200C"},
});
static_assert(std::ranges::is_sorted(kCommon, {}, &Named::name));

constexpr std::size_t kLongestName = 31;  // "CounterClockwiseContourIntegral"

// A document that names more than all the names there are is not asking for characters.
constexpr std::size_t kMostNames = 2500;

// What 0x80..0x9F mean in numeric references: Windows-1252 (§13.2.5.80). 0 stays as it is.
constexpr std::array<std::uint16_t, 32> kWindows1252 = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                                        0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

constexpr bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void append_referenced(std::uint32_t c, std::string& out) {
  if (c >= 0x80 && c < 0xA0 && kWindows1252[c - 0x80] != 0) c = kWindows1252[c - 0x80];
  if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) c = 0xFFFD;
  append_code_point(c, out);
}

// "&#1234;" and "&#x4D2;". The ';' may be missing.
std::size_t decode_number(std::string_view text, std::string& out) {
  const bool is_hex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
  const auto* begin = text.data() + (is_hex ? 3 : 2);
  const auto* end = text.data() + text.size();
  std::uint32_t value = 0;
  const auto [after, error] = std::from_chars(begin, end, value, is_hex ? 16 : 10);
  if (after == begin) return 0;
  append_referenced(error == std::errc::result_out_of_range ? 0x110000 : value, out);
  const auto used = static_cast<std::size_t>(after - text.data());
  return used < text.size() && text[used] == ';' ? used + 1 : used;
}

}  // namespace

void References::decode(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const auto begin = std::min(text.find('&'), text.size());
    out.append(text.substr(0, begin));
    text.remove_prefix(begin);
    if (text.empty()) return;
    const auto used = decode_one(text, out);
    if (used == 0) out.push_back('&');
    text.remove_prefix(std::max<std::size_t>(used, 1));
  }
}

std::size_t References::decode_one(std::string_view text, std::string& out) {
  if (text.size() > 1 && text[1] == '#') return decode_number(text, out);
  std::size_t end = 1;
  while (end < text.size() && end <= kLongestName && is_alphanumeric(text[end])) ++end;
  if (end == 1) return 0;
  const auto name = text.substr(1, end - 1);
  if (end < text.size() && text[end] == ';') {
    const auto* common = std::ranges::lower_bound(kCommon, name, {}, &Named::name);
    if (common != kCommon.end() && common->name == name) {
      out.append(common->text);
      return end + 1;
    }
    ++end;
  }
  const auto decoded = look_up(text.substr(0, end));
  if (decoded.empty()) return 0;
  out.append(decoded);
  return end;
}

// The whole of "&name;" as a parser would show it, since a name without its ';' may be the beginning of a longer word
// ("&notit" is "¬it").
std::string_view References::look_up(std::string_view reference) {
  const std::string key(reference);
  if (const auto known = rare_.find(key); known != rare_.end()) return known->second;
  if (rare_.size() >= kMostNames) return {};
  return rare_.emplace(key, text_of_reference(key)).first->second;
}

}  // namespace dprkwatch::article
