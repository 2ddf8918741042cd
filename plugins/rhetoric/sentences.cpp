#include "rhetoric/sentences.hpp"

#include <unicode/brkiter.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace dprkwatch::rhetoric {
namespace {

constexpr std::size_t kMaxSentence = 4000;

// Words whose full stop ends no sentence. ICU's rules know none.
constexpr std::array<std::string_view, 40> kAbbreviations{
    "U.S.",  "U.N.", "N.",   "S.",    "Gen.", "Lt.",   "Col.", "Maj.", "Adm.", "Capt.", "Sgt.", "Sen.", "Rep.", "Gov.",
    "Pres.", "Mr.",  "Mrs.", "Ms.",   "Dr.",  "Prof.", "St.",  "No.",  "vs.",  "Jan.",  "Feb.", "Mar.", "Apr.", "Jun.",
    "Jul.",  "Aug.", "Sep.", "Sept.", "Oct.", "Nov.",  "Dec.", "Jr.",  "J.",   "R.",    "D.",   "W."};

std::unique_ptr<icu::BreakIterator> make_iterator() {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<icu::BreakIterator> iterator(
      icu::BreakIterator::createSentenceInstance(icu::Locale::getRoot(), status));
  if (U_FAILURE(status)) throw std::runtime_error("ICU has no sentence rules");
  return iterator;
}

bool ends_with_abbreviation(std::string_view sentence) {
  const auto last = sentence.find_last_not_of(" \t");
  if (last == std::string_view::npos || sentence[last] != '.') return false;
  sentence = sentence.substr(0, last + 1);
  return std::any_of(kAbbreviations.begin(), kAbbreviations.end(), [&](std::string_view word) {
    return sentence.ends_with(word) &&
           (sentence.size() == word.size() || sentence[sentence.size() - word.size() - 1] == ' ');
  });
}

// More “ than ” so far, or an odd number of ": the sentence goes on inside a quotation.
bool quote_is_open(std::string_view text) {
  int typographic = 0;
  bool straight = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') straight = !straight;
    if (text.substr(i, 3) == "\u201c") ++typographic;
    if (text.substr(i, 3) == "\u201d") --typographic;
  }
  return straight || typographic > 0;
}

void add(std::string_view text, std::size_t begin, std::size_t end, std::vector<Range>& sentences) {
  constexpr std::string_view kBlank = " \t\r\n";
  while (begin < end && kBlank.find(text[begin]) != std::string_view::npos) ++begin;
  while (end > begin && kBlank.find(text[end - 1]) != std::string_view::npos) --end;
  while (end - begin > kMaxSentence) {
    auto cut = static_cast<std::int32_t>(kMaxSentence);
    U8_SET_CP_START(reinterpret_cast<const std::uint8_t*>(text.data() + begin), 0, cut);
    sentences.push_back({begin, begin + static_cast<std::size_t>(cut)});
    begin += static_cast<std::size_t>(cut);
  }
  if (begin < end) sentences.push_back({begin, end});
}

void split_line(icu::BreakIterator& iterator, std::string_view text, std::size_t begin, std::size_t end,
                std::vector<Range>& sentences) {
  constexpr std::size_t kLongestQuote = 1200;  // an opening mark that is never closed must not swallow the rest
  UErrorCode status = U_ZERO_ERROR;
  UText view = UTEXT_INITIALIZER;
  utext_openUTF8(&view, text.data() + begin, static_cast<std::int64_t>(end - begin), &status);
  iterator.setText(&view, status);
  std::size_t start = begin;
  for (std::int32_t border = iterator.next(); border != icu::BreakIterator::DONE; border = iterator.next()) {
    const std::size_t at = begin + static_cast<std::size_t>(border);
    const std::string_view piece = text.substr(start, at - start);
    if (at < end && (ends_with_abbreviation(piece) || (piece.size() < kLongestQuote && quote_is_open(piece)))) continue;
    add(text, start, at, sentences);
    start = at;
  }
  add(text, start, end, sentences);
  utext_close(&view);
}

}  // namespace

std::vector<Range> sentences_of(std::string_view text) {
  // Making an iterator costs about as much as splitting a page; each thread keeps one.
  thread_local const std::unique_ptr<icu::BreakIterator> iterator = make_iterator();
  std::vector<Range> sentences;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) split_line(*iterator, text, begin, end, sentences);
    begin = end + 1;
  }
  return sentences;
}

}  // namespace dprkwatch::rhetoric
