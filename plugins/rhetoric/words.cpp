#include "rhetoric/words.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace dprkwatch::rhetoric {
namespace {

bool is_apostrophe(UChar32 c) {
  return c == '\'' || c == 0x2019;
}

void append(std::string& text, UChar32 c) {
  std::uint8_t bytes[U8_MAX_LENGTH];
  std::int32_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, c);
  text.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

}  // namespace

std::vector<Word> words_of(std::string_view sentence) {
  std::vector<Word> words;
  Word word;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(sentence.data());
  const auto size = static_cast<std::int32_t>(sentence.size());
  const auto finish = [&] {
    while (word.text.ends_with('\'')) {
      word.text.pop_back();
    }
    if (!word.text.empty()) words.push_back(word);
    word = {};
  };
  for (std::int32_t at = 0; at < size;) {
    const std::int32_t begin = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (c < 0) c = ' ';
    if (c < 0x80 ? (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') : u_isalnum(c)) {
      if (word.text.empty()) word.begin = static_cast<std::size_t>(begin);
      append(word.text, u_tolower(c));
      word.end = static_cast<std::size_t>(at);
    } else if (is_apostrophe(c) && !word.text.empty()) {
      word.text += '\'';
    } else {
      finish();
    }
  }
  finish();
  return words;
}

}  // namespace dprkwatch::rhetoric
