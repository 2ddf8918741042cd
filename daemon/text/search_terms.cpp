#include "text/search_terms.hpp"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <cstdint>
#include <vector>

namespace dprkwatch::text {
namespace {

bool is_cjk(UChar32 c) {
  if (c < 0x1100) return false;
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(c, &error)) {
    case USCRIPT_HAN:
    case USCRIPT_HANGUL:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_BOPOMOFO:
      return U_SUCCESS(error);
    default:
      return c == 0x30FC;  // the Japanese mark of a long vowel, which two scripts share
  }
}

// Text between spaces, cut where CJK begins and ends.
struct Run {
  bool cjk = false;
  std::vector<std::string_view> characters;
};

template <class Take>
void each_run(std::string_view text, Take take) {
  Run run;
  const auto close = [&] {
    if (!run.characters.empty()) take(run);
    run.characters.clear();
  };
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int64_t>(text.size());
  for (std::int64_t at = 0; at < size;) {
    const std::int64_t begin = at;
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (c < 0 || u_isspace(c)) {
      close();
      continue;
    }
    const bool cjk = is_cjk(c);
    if (cjk != run.cjk) close();
    run.cjk = cjk;
    run.characters.push_back(text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin)));
  }
  close();
}

void append(std::string& list, std::string_view term, std::string_view more = {}) {
  if (!list.empty()) list += ' ';
  list.append(term).append(more);
}

// Whether the index would keep anything of it.
bool has_letter(const Run& run) {
  for (const std::string_view character : run.characters) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(character.data());
    UChar32 c = 0;
    std::int32_t at = 0;
    U8_NEXT(bytes, at, static_cast<std::int32_t>(character.size()), c);
    if (c > 0 && u_isalnum(c)) return true;
  }
  return false;
}

void join(std::string& expression, const std::string& part) {
  if (!expression.empty()) expression += " AND ";
  expression += part;
}

std::string word_expression(const Run& run) {
  std::string word;
  for (const std::string_view character : run.characters) {
    if (character != "\"") word += character;
  }
  return "words : \"" + word + "\" *";
}

std::string cjk_expression(const Run& run) {
  if (run.characters.size() == 1) return "singles : \"" + std::string(run.characters[0]) + "\"";
  std::string pairs;
  for (std::size_t i = 0; i + 1 < run.characters.size(); ++i) append(pairs, run.characters[i], run.characters[i + 1]);
  return "pairs : \"" + pairs + "\"";
}

std::string start_expression(const Run& run) {
  std::string first(run.characters[0]);
  if (run.characters.size() > 1) first += run.characters[1];
  return "starts : \"" + first + "\"";
}

}  // namespace

SearchTerms search_terms(std::string_view text) {
  SearchTerms terms;
  each_run(text, [&](const Run& run) {
    if (!run.cjk) {
      if (!terms.words.empty()) terms.words += ' ';
      for (const std::string_view character : run.characters) terms.words += character;
      return;
    }
    append(terms.starts, run.characters[0]);
    for (std::size_t i = 0; i < run.characters.size(); ++i) {
      append(terms.singles, run.characters[i]);
      if (i + 1 == run.characters.size()) break;
      append(terms.pairs, run.characters[i], run.characters[i + 1]);
      if (i == 0) append(terms.starts, run.characters[0], run.characters[1]);
    }
  });
  return terms;
}

SearchQuery search_query(std::string_view words) {
  SearchQuery query;
  bool any_cjk = false;
  each_run(words, [&](const Run& run) {
    if (!has_letter(run)) return;
    const std::string part = run.cjk ? cjk_expression(run) : word_expression(run);
    join(query.all, part);
    join(query.starts, part);
    if (!run.cjk) return;
    any_cjk = true;
    join(query.starts, start_expression(run));
  });
  if (!any_cjk) query.starts.clear();
  return query;
}

}  // namespace dprkwatch::text
