#include "article/language.hpp"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>
#include <unicode/uchar.h>
#include <unicode/uloc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>  // cld2's header needs FILE

#include "article/article.hpp"
#include "article/utf8.hpp"

namespace dprkwatch::article {
namespace {

// As much of a text as tells its language: CLD2 takes 26 us for 256 bytes, 64 us for 2 KB, and says the same.
constexpr std::size_t kEnoughBytes = 512;

// Letters of a text by script.
struct Letters {
  int latin = 0;
  int hangul = 0;
  int kana = 0;
  int han = 0;
  int cyrillic = 0;
  int other = 0;
  bool is_japanese_form = false;  // a Han character in the form that only Japanese uses
  bool is_chinese_form = false;   // ... that only Chinese uses today
  char cyrillic_mark = '\0';      // 'u' Ukrainian, 'x' another language that is not Russian, 'r' Russian

  [[nodiscard]] int east_asian() const { return hangul + kana + han; }
  [[nodiscard]] int all() const { return latin + hangul + kana + han + cyrillic + other; }
};

constexpr bool is_in(char32_t c, std::u32string_view set) {
  return set.find(c) != std::u32string_view::npos;
}

// Characters simplified one way in Japan and another (or not at all) in China, common in news.
constexpr std::u32string_view kJapaneseForms =
    U"発売択対験検実総圧戦団図単応撃続関両権労庁県駅沢浜気変渋済経拡読転縮営帰従厳戻歩毎満児覚鉄県価徳悪拠挙渇";
constexpr std::u32string_view kChineseForms =
    U"发导弹国会议对试验实总压军战团图单应击谈续关两权劳厅县气变济经扩读转营归从严满儿觉铁价鲜飞书记员长问题东专访说话"
    U"们这个为时还没吗呢"
    U"發導彈國會議對試驗實總壓戰團圖單應擊續關兩權勞廳縣氣變濟經擴讀轉營歸從嚴滿兒覺鐵價們這說";

void count_cyrillic(char32_t c, Letters& letters) {
  ++letters.cyrillic;
  const auto lower = static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
  if (is_in(lower, U"іїєґ")) {
    if (letters.cyrillic_mark != 'x') letters.cyrillic_mark = 'u';
  } else if (is_in(lower, U"ўјљњћђџѓќѕөүұқғңһә")) {
    letters.cyrillic_mark = 'x';
  } else if (is_in(lower, U"ыэё") && letters.cyrillic_mark == '\0') {
    letters.cyrillic_mark = 'r';
  }
}

void count_letter(char32_t c, Letters& letters) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0x00C0 && c < 0x0250)) {
    ++letters.latin;
  } else if ((c >= 0xAC00 && c <= 0xD7A3) || (c >= 0x3131 && c <= 0x318E) || (c >= 0x1100 && c <= 0x11FF)) {
    ++letters.hangul;
  } else if ((c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FA) || (c >= 0xFF66 && c <= 0xFF9D)) {
    ++letters.kana;
  } else if ((c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF)) {
    ++letters.han;
    const bool is_japanese = is_in(c, kJapaneseForms);
    const bool is_chinese = is_in(c, kChineseForms);
    letters.is_japanese_form |= is_japanese && !is_chinese;
    letters.is_chinese_form |= is_chinese && !is_japanese;
  } else if (c >= 0x0400 && c <= 0x052F) {
    count_cyrillic(c, letters);
  } else if (c >= 0x80 && u_isalpha(static_cast<UChar32>(c))) {
    ++letters.other;
  }
}

Letters count_letters(std::string_view text) {
  Letters letters;
  for (std::size_t at = 0; at < text.size();) count_letter(next_code_point(text, at), letters);
  return letters;
}

std::string_view beginning_of(std::string_view text) {
  if (text.size() <= kEnoughBytes) return text;
  auto end = kEnoughBytes;
  while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

std::string guess_by_words(std::string_view text) {
  std::array<CLD2::Language, 3> languages{};
  std::array<int, 3> percents{};
  std::array<double, 3> scores{};
  const CLD2::CLDHints no_hints = {nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  int text_bytes = 0;
  int valid_bytes = 0;
  bool is_reliable = false;
  const auto language = CLD2::ExtDetectLanguageSummaryCheckUTF8(
      text.data(), static_cast<int>(text.size()), true, &no_hints, 0, languages.data(), percents.data(), scores.data(),
      nullptr, &text_bytes, &is_reliable, &valid_bytes);
  if (!is_reliable || language == CLD2::UNKNOWN_LANGUAGE || percents[0] < 60) return {};
  return primary_language(CLD2::LanguageCode(language));
}

// Han alone: the forms of the characters tell more than statistics do in a headline.
std::string guess_han(std::string_view text, const Letters& letters) {
  if (letters.is_japanese_form != letters.is_chinese_form) return letters.is_japanese_form ? "ja" : "zh";
  // What the neighbours call North Korea: 北朝鮮 in Japanese; 朝鲜 or 北韓 in Chinese.
  if (text.find("北朝鮮") != std::string_view::npos) return "ja";
  const auto guess = guess_by_words(text);
  if (guess == "ja" || guess == "zh") return guess;
  return letters.han >= 4 ? "zh" : "";
}

std::string guess_cyrillic(std::string_view text, const Letters& letters) {
  if (letters.cyrillic_mark == 'r') return "ru";
  if (letters.cyrillic_mark == 'u') return "uk";
  const auto guess = guess_by_words(text);
  if (letters.cyrillic_mark == 'x') return guess == "ru" ? "" : guess;
  // No letter that Russian lacks. CLD2 takes short Russian headlines for Ukrainian, Bulgarian, Serbian.
  constexpr int kLettersToTrust = 60;
  if (letters.cyrillic < kLettersToTrust || guess.empty() || guess == "uk") return "ru";
  return guess;
}

std::string guess_from(std::string_view text, const Letters& letters) {
  const int all = letters.all();
  if (all < 2) return {};
  // Names and abbreviations in Latin letters stand in texts of every language; a Hangul word in an English one is rare.
  // A syllable or a character says as much as three Latin letters.
  if (letters.east_asian() * 3 >= all - letters.east_asian()) {
    if (letters.hangul >= letters.kana && letters.hangul * 3 >= letters.han) return "ko";
    if (letters.kana * 12 >= letters.han) return "ja";
    return guess_han(text, letters);
  }
  if (letters.cyrillic * 2 >= all) return guess_cyrillic(text, letters);
  constexpr int kFewestLatinLetters = 10;
  if (letters.latin * 2 >= all && letters.latin < kFewestLatinLetters) return {};
  return guess_by_words(text);
}

enum class Script { kAny, kLatin, kKorean, kJapanese, kChinese, kCyrillic };

Script script_of(std::string_view language) {
  constexpr std::array<std::string_view, 14> kLatin = {"en", "de", "fr", "es", "it", "pt", "nl",
                                                       "sv", "no", "da", "fi", "pl", "cs", "vi"};
  if (language == "ko") return Script::kKorean;
  if (language == "ja") return Script::kJapanese;
  if (language == "zh") return Script::kChinese;
  if (language == "ru" || language == "uk" || language == "bg" || language == "be") return Script::kCyrillic;
  return std::ranges::find(kLatin, language) != kLatin.end() ? Script::kLatin : Script::kAny;
}

// Whether a text is plainly not of a script. Quotations and names of other scripts are no reason to doubt.
bool contradicts(Script script, const Letters& letters) {
  constexpr int kFewestLetters = 8;
  const int all = letters.all();
  if (all < kFewestLetters) return false;
  switch (script) {
    case Script::kAny:
      return false;
    case Script::kLatin:
      return letters.latin * 3 < all;
    case Script::kKorean:
      return letters.hangul * 10 < all;
    case Script::kJapanese:
      return (letters.kana + letters.han) * 10 < all || letters.hangul * 2 > all ||
             (letters.kana == 0 && letters.is_chinese_form && !letters.is_japanese_form);
    case Script::kChinese:
      return letters.han * 10 < all || letters.hangul * 2 > all || letters.kana * 5 > all;
    case Script::kCyrillic:
      return letters.cyrillic * 10 < all;
  }
  return false;
}

}  // namespace

std::string primary_language(std::string_view tag) {
  const auto end = std::min(tag.find_first_of("-_"), tag.size());
  std::string subtag(tag.substr(0, end));
  if (subtag.size() < 2 || subtag.size() > 3) return {};
  for (char& c : subtag) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    if (c < 'a' || c > 'z') return {};
  }
  // Codes of countries that feeds give for languages. Of these only "kr" is a language too: Kanuri, of Lake Chad.
  if (subtag == "kr") return "ko";
  if (subtag == "jp") return "ja";
  if (subtag == "cn" || subtag == "tw") return "zh";
  if (subtag == "und" || subtag == "un" || subtag == "xx") return {};
  if (subtag.size() == 2) return subtag;
  std::array<char, 16> shortest{};
  UErrorCode status = U_ZERO_ERROR;
  const auto length = uloc_getLanguage(subtag.c_str(), shortest.data(), shortest.size(), &status);
  return U_SUCCESS(status) && length == 2 ? std::string(shortest.data(), 2) : std::string();
}

std::string guess_language(std::string_view text) {
  text = beginning_of(text);
  return guess_from(text, count_letters(text));
}

std::string language_of(std::string_view declared, std::string_view text) {
  text = beginning_of(text);
  const auto letters = count_letters(text);
  auto language = primary_language(declared);
  if (!language.empty() && !contradicts(script_of(language), letters)) return language;
  return guess_from(text, letters);
}

}  // namespace dprkwatch::article
