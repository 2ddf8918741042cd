#include "feed/encoding.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>

#include "feed/converter.hpp"
#include "feed/feed.hpp"
#include "feed/names.hpp"

namespace dprkwatch::feed {
namespace {

constexpr std::string_view kUtf8 = "UTF-8";
constexpr std::string_view kUtf8Bom = "\xEF\xBB\xBF";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Signature {
  std::string_view bytes;
  std::string_view encoding;
  std::size_t mark;  // bytes of it that are no text
};

using std::string_view_literals::operator""sv;

// Longer ones first: the mark of UTF-32LE begins like that of UTF-16LE. Without a mark, XML begins with '<' and JSON
// with '{' or '[' (XML 1.0 appendix F).
constexpr std::array kSignatures = {
    Signature{"\0\0\xFE\xFF"sv, "UTF-32BE", 4}, Signature{"\xFF\xFE\0\0"sv, "UTF-32LE", 4},
    Signature{"\xFE\xFF"sv, "UTF-16BE", 2},     Signature{"\xFF\xFE"sv, "UTF-16LE", 2},
    Signature{"\0\0\0<"sv, "UTF-32BE", 0},      Signature{"<\0\0\0"sv, "UTF-32LE", 0},
    Signature{"\0<\0"sv, "UTF-16BE", 0},        Signature{"<\0"sv, "UTF-16LE", 0},
    Signature{"\0{\0"sv, "UTF-16BE", 0},        Signature{"{\0"sv, "UTF-16LE", 0},
};

// The encoding that an XML declaration names, searched near the beginning since damaged documents put things before it.
std::string_view declared_encoding(std::string_view bytes) noexcept {
  const std::string_view head = bytes.substr(0, 1024);
  const std::size_t begin = head.find("<?xml");
  if (begin == std::string_view::npos) {
    return {};
  }
  const std::string_view declaration = head.substr(begin, head.find("?>", begin) - begin);
  std::size_t at = declaration.find("encoding");
  at = at == std::string_view::npos ? at : declaration.find_first_of("'\"", at);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::size_t end = declaration.find(declaration[at], at + 1);
  return end == std::string_view::npos ? std::string_view{} : trimmed(declaration.substr(at + 1, end - at - 1));
}

bool is_ascii(std::string_view bytes) noexcept {
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    if ((word & 0x8080808080808080U) != 0) {
      return false;
    }
  }
  return std::ranges::all_of(bytes.substr(at), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The length of the valid sequence of UTF-8 at `at`, 0 when there is none (Unicode 15, table 3-7).
std::size_t sequence_at(std::string_view bytes, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(at);
  const unsigned second = byte(at + 1);
  if (first < 0x80) {
    return 1;
  }
  if (first >= 0xC2 && first <= 0xDF) {
    return continues(at + 1) ? 2 : 0;
  }
  if (first >= 0xE0 && first <= 0xEF) {
    const bool is_bad = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F);
    return !is_bad && continues(at + 1) && continues(at + 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool is_bad = (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
    return !is_bad && continues(at + 1) && continues(at + 2) && continues(at + 3) ? 4 : 0;
  }
  return 0;
}

// Letters of a single-byte encoding stand between ASCII ones; in Cyrillic or East Asian text they follow each other.
bool has_long_runs(std::string_view bytes) noexcept {
  std::size_t high = 0;
  std::size_t runs = 0;
  bool in_run = false;
  for (const char c : bytes) {
    const bool is_high = static_cast<unsigned char>(c) >= 0x80;
    high += is_high ? 1 : 0;
    runs += is_high && !in_run ? 1 : 0;
    in_run = is_high;
  }
  return high >= 12 && high >= 3 * runs;
}

// Bytes that ISO 8859 leaves to control characters, and Windows fills with quotes and dashes.
bool has_c1(std::string_view bytes) noexcept {
  return std::ranges::any_of(
      bytes, [](char c) { return static_cast<unsigned char>(c) >= 0x80 && static_cast<unsigned char>(c) < 0xA0; });
}

Decoded as_is(std::string_view bytes) {
  return {{}, bytes, false};
}

std::string name_or_utf8(std::string_view label) {
  return label.empty() ? "UTF-8" : excerpt(label);
}

// A label other than UTF-8. Trust it, unless the bytes speak against it.
Decoded decode_labelled(std::string_view bytes, std::string_view label, Warnings& warnings) {
  const std::optional<Encoding> encoding = find_encoding(label);
  if (!encoding) {
    warnings.add("encoding-unknown", 1, "the encoding '" + excerpt(label) + "' is unknown; read as UTF-8");
    return as_is(bytes);
  }
  if (encoding->name == kUtf8) {
    return as_is(bytes);
  }
  const bool is_plain_ascii = is_ascii(bytes);
  if (encoding->extends_ascii && is_plain_ascii) {
    return as_is(bytes);
  }
  const bool is_utf8 = valid_utf8_prefix(bytes) == bytes.size();
  if (!encoding->extends_ascii && !encoding->is_stateful && is_utf8 && bytes.find('\0') == std::string_view::npos) {
    warnings.add("encoding-mislabelled", 1, "labelled " + name_or_utf8(label) + ", but UTF-8");
    return as_is(bytes);  // "UTF-16" in a declaration that can be read is a mistake
  }
  if (encoding->is_single_byte && is_utf8) {
    warnings.add("encoding-mislabelled", 1, "labelled " + name_or_utf8(label) + ", but UTF-8");
    return as_is(bytes);
  }
  Conversion conversion = convert(bytes, *encoding);
  if (conversion.errors > 0 && is_utf8) {
    warnings.add("encoding-mislabelled", 1, "labelled " + name_or_utf8(label) + ", but UTF-8");
    return as_is(bytes);
  }
  const bool is_doubtful = (encoding->is_latin && has_long_runs(bytes)) || conversion.errors * 50 > bytes.size();
  if (is_doubtful) {
    if (auto guess = guess_encoding(bytes); guess && guess->name != encoding->name) {
      warnings.add("encoding-mislabelled", 1, "labelled " + name_or_utf8(label) + ", but " + std::string{guess->name});
      return {convert(bytes, *guess).text, {}, true};
    }
  }
  if (conversion.errors > 0) {
    warnings.add("invalid-bytes", 0,
                 std::to_string(conversion.errors) + " bytes are no " + excerpt(label) + " and were replaced");
  }
  if (encoding->name.starts_with("windows-125") && label.find("125") == std::string_view::npos && has_c1(bytes)) {
    warnings.add("encoding-mislabelled", 1, "labelled " + excerpt(label) + ", but " + std::string{encoding->name});
  }
  return {std::move(conversion.text), {}, true};
}

}  // namespace

std::string_view charset_of(std::string_view content_type) noexcept {
  constexpr std::string_view kName = "charset";
  for (std::size_t at = content_type.find(';'); at != std::string_view::npos; at = content_type.find(';', at + 1)) {
    std::string_view parameter = trimmed(content_type.substr(at + 1));
    if (parameter.size() <= kName.size() || !equals_ignoring_case(parameter.substr(0, kName.size()), kName)) {
      continue;
    }
    parameter = trimmed(parameter.substr(kName.size()));
    if (!parameter.starts_with('=')) {
      continue;
    }
    parameter = trimmed(parameter.substr(1));
    parameter = trimmed(parameter.substr(0, parameter.find(';')));
    while (!parameter.empty() && (parameter.front() == '"' || parameter.front() == '\'')) {
      parameter.remove_prefix(1);
    }
    return trimmed(parameter.substr(0, parameter.find_first_of("\"'")));
  }
  return {};
}

Decoded decode(std::string_view bytes, std::string_view content_type, Warnings& warnings) {
  if (bytes.starts_with(kUtf8Bom)) {
    return as_is(bytes.substr(kUtf8Bom.size()));
  }
  for (const Signature& signature : kSignatures) {
    if (bytes.starts_with(signature.bytes)) {
      Conversion conversion = convert(bytes.substr(signature.mark), *find_encoding(signature.encoding));
      if (conversion.errors > 0) {
        warnings.add("invalid-bytes", 0,
                     std::to_string(conversion.errors) + " bytes are no " + std::string{signature.encoding} +
                         " and were replaced");
      }
      return {std::move(conversion.text), {}, true};
    }
  }
  std::string_view label = charset_of(content_type);
  if (!label.empty() && !find_encoding(label)) {
    warnings.add("encoding-unknown", 1, "the encoding '" + excerpt(label) + "' of the HTTP answer is unknown");
    label = {};
  }
  if (label.empty()) {
    label = declared_encoding(bytes);
  }
  if (label.empty() || equals_ignoring_case(label, "utf-8")) {
    return as_is(bytes);
  }
  return decode_labelled(bytes, label, warnings);
}

std::string describe_encoding(std::string_view bytes, std::string_view content_type) {
  if (bytes.starts_with(kUtf8Bom)) return "UTF-8, by its byte order mark";
  for (const Signature& signature : kSignatures) {
    if (bytes.starts_with(signature.bytes)) return std::string{signature.encoding} + ", by its first bytes";
  }
  if (const std::string_view label = charset_of(content_type); !label.empty()) {
    return excerpt(label) + ", by the HTTP header";
  }
  if (const std::string_view label = declared_encoding(bytes); !label.empty()) {
    return excerpt(label) + ", by the document";
  }
  return "UTF-8, as nothing else is said";
}

std::string mend_utf8(std::string_view bytes, Warnings& warnings) {
  std::size_t good = 0;  // sequences of two and more bytes
  std::size_t bad = 0;
  std::string result;
  result.reserve(bytes.size() + bytes.size() / 16);
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = sequence_at(bytes, at);
    if (length == 0) {
      ++bad;
      result += kReplacement;
      ++at;
      // One mark for one broken sequence, not for each of its bytes.
      while (at < bytes.size() && (static_cast<unsigned char>(bytes[at]) & 0xC0) == 0x80) {
        ++at;
      }
      continue;
    }
    good += length > 1 ? 1 : 0;
    result.append(bytes, at, length);
    at += length;
  }
  if (bad > good / 8) {
    // The declaration may say what the HTTP header, which came first, did not.
    std::optional<Encoding> encoding = find_encoding(declared_encoding(bytes));
    if (!encoding || encoding->is_single_byte || !encoding->extends_ascii || convert(bytes, *encoding).errors > 0) {
      encoding = guess_encoding(bytes);
    }
    if (encoding) {
      warnings.add("encoding-mislabelled", 1, "labelled UTF-8, but " + std::string{encoding->name});
      return convert(bytes, *encoding).text;
    }
  }
  warnings.add("invalid-bytes", 0, std::to_string(bad) + " places are no UTF-8 and were replaced");
  return result;
}

std::size_t valid_utf8_prefix(std::string_view bytes) noexcept {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (static_cast<unsigned char>(bytes[at]) < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = sequence_at(bytes, at);
    if (length == 0) {
      return at;
    }
    at += length;
  }
  return at;
}

bool is_text(std::string_view bytes) noexcept {
  return valid_utf8_prefix(bytes) == bytes.size() && std::ranges::none_of(bytes, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
         });
}

void append_utf8(std::string& text, char32_t code_point) {
  if (code_point < 0x80) {
    text += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    text += static_cast<char>(0xC0 | (code_point >> 6U));
    text += static_cast<char>(0x80 | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    text += static_cast<char>(0xE0 | (code_point >> 12U));
    text += static_cast<char>(0x80 | ((code_point >> 6U) & 0x3FU));
    text += static_cast<char>(0x80 | (code_point & 0x3FU));
  } else {
    text += static_cast<char>(0xF0 | (code_point >> 18U));
    text += static_cast<char>(0x80 | ((code_point >> 12U) & 0x3FU));
    text += static_cast<char>(0x80 | ((code_point >> 6U) & 0x3FU));
    text += static_cast<char>(0x80 | (code_point & 0x3FU));
  }
}

}  // namespace dprkwatch::feed
