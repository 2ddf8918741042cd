#include "feed/date_words.hpp"

#include <algorithm>
#include <array>

namespace dprkwatch::feed {
namespace {

struct Month {
  std::string_view name;
  int number;
};

// Full names; any beginning of three letters or more stands for them ("sept", "сен", "febr").
constexpr std::array kMonths = {
    Month{"january", 1},    Month{"february", 2},   Month{"march", 3},    Month{"april", 4},      Month{"may", 5},
    Month{"june", 6},       Month{"july", 7},       Month{"august", 8},   Month{"september", 9},  Month{"october", 10},
    Month{"november", 11},  Month{"december", 12},  Month{"января", 1},   Month{"февраля", 2},    Month{"марта", 3},
    Month{"апреля", 4},     Month{"мая", 5},        Month{"июня", 6},     Month{"июля", 7},       Month{"августа", 8},
    Month{"сентября", 9},   Month{"октября", 10},   Month{"ноября", 11},  Month{"декабря", 12},   Month{"январь", 1},
    Month{"февраль", 2},    Month{"март", 3},       Month{"апрель", 4},   Month{"май", 5},        Month{"июнь", 6},
    Month{"июль", 7},       Month{"август", 8},     Month{"сентябрь", 9}, Month{"октябрь", 10},   Month{"ноябрь", 11},
    Month{"декабрь", 12},   Month{"januar", 1},     Month{"februar", 2},  Month{"märz", 3},       Month{"mai", 5},
    Month{"juni", 6},       Month{"juli", 7},       Month{"oktober", 10}, Month{"dezember", 12},  Month{"janvier", 1},
    Month{"février", 2},    Month{"mars", 3},       Month{"avril", 4},    Month{"juin", 6},       Month{"juillet", 7},
    Month{"août", 8},       Month{"septembre", 9},  Month{"octobre", 10}, Month{"novembre", 11},  Month{"décembre", 12},
    Month{"enero", 1},      Month{"febrero", 2},    Month{"marzo", 3},    Month{"abril", 4},      Month{"mayo", 5},
    Month{"junio", 6},      Month{"julio", 7},      Month{"agosto", 8},   Month{"septiembre", 9}, Month{"octubre", 10},
    Month{"noviembre", 11}, Month{"diciembre", 12},
};

struct Zone {
  std::string_view name;
  int minutes;
};

// RFC 822 §5.1's names first, then those that publishers use. Where one name has several meanings (CST, IST, BST) the
// one of RFC 822 or of the larger press wins.
constexpr std::array kZones = {
    Zone{"z", 0},
    Zone{"gmt", 0},
    Zone{"utc", 0},
    Zone{"ut", 0},
    Zone{"est", -300},
    Zone{"edt", -240},
    Zone{"cst", -360},
    Zone{"cdt", -300},
    Zone{"mst", -420},
    Zone{"mdt", -360},
    Zone{"pst", -480},
    Zone{"pdt", -420},
    Zone{"et", -300},
    Zone{"ct", -360},
    Zone{"mt", -420},
    Zone{"pt", -480},
    Zone{"kst", 540},
    Zone{"jst", 540},
    Zone{"msk", 180},
    Zone{"msd", 240},
    Zone{"мск", 180},
    Zone{"bst", 60},
    Zone{"wet", 0},
    Zone{"west", 60},
    Zone{"cet", 60},
    Zone{"cest", 120},
    Zone{"mez", 60},
    Zone{"mesz", 120},
    Zone{"eet", 120},
    Zone{"eest", 180},
    Zone{"ist", 330},
    Zone{"pkt", 300},
    Zone{"ict", 420},
    Zone{"wib", 420},
    Zone{"hkt", 480},
    Zone{"sgt", 480},
    Zone{"pht", 480},
    Zone{"awst", 480},
    Zone{"acst", 570},
    Zone{"acdt", 630},
    Zone{"aest", 600},
    Zone{"aedt", 660},
    Zone{"nzst", 720},
    Zone{"nzdt", 780},
    Zone{"hst", -600},
    Zone{"akst", -540},
    Zone{"akdt", -480},
    Zone{"ast", -240},
    Zone{"adt", -180},
    Zone{"nst", -210},
    Zone{"ndt", -150},
    Zone{"brt", -180},
    Zone{"art", -180},
    Zone{"sast", 120},
    Zone{"vlat", 600},
    Zone{"asia/seoul", 540},
    Zone{"asia/pyongyang", 540},
    Zone{"asia/tokyo", 540},
    Zone{"asia/shanghai", 480},
    Zone{"europe/moscow", 180},
};

struct Word {
  std::string_view text;
  EastAsian meaning;
  int era_offset = 0;
};

constexpr std::array kEastAsianWords = {
    Word{"년", EastAsian::kYear},
    Word{"年", EastAsian::kYear},
    Word{"월", EastAsian::kMonth},
    Word{"月", EastAsian::kMonth},
    Word{"일", EastAsian::kDay},
    Word{"日", EastAsian::kDay},
    Word{"号", EastAsian::kDay},
    Word{"시", EastAsian::kHour},
    Word{"時", EastAsian::kHour},
    Word{"时", EastAsian::kHour},
    Word{"点", EastAsian::kHour},
    Word{"點", EastAsian::kHour},
    Word{"半", EastAsian::kHalfHour},
    Word{"분", EastAsian::kMinute},
    Word{"分", EastAsian::kMinute},
    Word{"초", EastAsian::kSecond},
    Word{"秒", EastAsian::kSecond},
    Word{"오전", EastAsian::kMorning},
    Word{"오후", EastAsian::kAfternoon},
    Word{"午前", EastAsian::kMorning},
    Word{"午後", EastAsian::kAfternoon},
    Word{"上午", EastAsian::kMorning},
    Word{"下午", EastAsian::kAfternoon},
    Word{"凌晨", EastAsian::kMorning},
    Word{"早上", EastAsian::kMorning},
    Word{"晚上", EastAsian::kAfternoon},
    Word{"새벽", EastAsian::kMorning},
    Word{"元", EastAsian::kFirst},
    // Juche 1 is 1912; the Republic of China counts the same. Reiwa 1 is 2019, Heisei 1 is 1989, Showa 1 is 1926.
    Word{"주체", EastAsian::kEra, 1911},
    Word{"主体", EastAsian::kEra, 1911},
    Word{"主體", EastAsian::kEra, 1911},
    Word{"チュチェ", EastAsian::kEra, 1911},
    Word{"民國", EastAsian::kEra, 1911},
    Word{"民国", EastAsian::kEra, 1911},
    Word{"令和", EastAsian::kEra, 2018},
    Word{"平成", EastAsian::kEra, 1988},
    Word{"昭和", EastAsian::kEra, 1925},
};

// One character of two bytes at `text`: Latin-1 letters and Cyrillic in lower case.
void append_lower(std::string& result, unsigned char first, unsigned char second) {
  if (first == 0xC3 && second >= 0x80 && second <= 0x9E && second != 0x97) {
    second = static_cast<unsigned char>(second + 0x20);
  } else if (first == 0xD0 && second >= 0x90 && second <= 0x9F) {
    second = static_cast<unsigned char>(second + 0x20);
  } else if (first == 0xD0 && second >= 0xA0 && second <= 0xAF) {
    first = 0xD1;
    second = static_cast<unsigned char>(second - 0x20);
  }
  result += static_cast<char>(first);
  result += static_cast<char>(second);
}

struct Replacement {
  std::string_view from;
  char to;
};

constexpr std::array kReplacements = {
    Replacement{"\xC2\xA0", ' '},
    Replacement{"　", ' '},
    Replacement{"\xE2\x80\xAF", ' '},
    Replacement{"\xE2\x80\x89", ' '},
    Replacement{"：", ':'},
    Replacement{"（", '('},
    Replacement{"）", ')'},
    Replacement{"，", ','},
    Replacement{"．", '.'},
    Replacement{"／", '/'},
    Replacement{"−", '-'},
    Replacement{"–", '-'},
    Replacement{"—", '-'},
    Replacement{"－", '-'},
    Replacement{"＋", '+'},
};

constexpr std::size_t kShortestMonth = 3;  // letters

std::size_t letters_in(std::string_view word) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(word, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string fold_date(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      result += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 0x20) : byte < 0x20 ? ' ' : text[i];
      ++i;
      continue;
    }
    const std::string_view rest = text.substr(i);
    const auto* replacement = std::ranges::find_if(
        kReplacements, [&](const Replacement& candidate) { return rest.starts_with(candidate.from); });
    if (replacement != kReplacements.end()) {
      result += replacement->to;
      i += replacement->from.size();
    } else if (rest.starts_with("\xEF\xBC") && rest.size() > 2 && static_cast<unsigned char>(rest[2]) >= 0x90 &&
               static_cast<unsigned char>(rest[2]) <= 0x99) {
      result += static_cast<char>('0' + (static_cast<unsigned char>(rest[2]) - 0x90));  // full-width digits
      i += 3;
    } else if (byte >= 0xC3 && byte <= 0xDF && rest.size() > 1) {
      append_lower(result, byte, static_cast<unsigned char>(rest[1]));
      i += 2;
    } else {
      result += text[i];
      ++i;
    }
  }
  return result;
}

std::optional<int> month_of(std::string_view word) noexcept {
  if (letters_in(word) < kShortestMonth) {
    return std::nullopt;
  }
  const auto* found = std::ranges::find_if(kMonths, [&](const Month& month) { return month.name.starts_with(word); });
  return found == kMonths.end() ? std::nullopt : std::optional{found->number};
}

std::optional<int> zone_of(std::string_view word) noexcept {
  const auto* found = std::ranges::find(kZones, word, &Zone::name);
  return found == kZones.end() ? std::nullopt : std::optional{found->minutes};
}

EastAsianWord east_asian_word_at(std::string_view text) noexcept {
  const auto* found =
      std::ranges::find_if(kEastAsianWords, [&](const Word& word) { return text.starts_with(word.text); });
  if (found == kEastAsianWords.end()) {
    return {};
  }
  return {found->meaning, found->text.size(), found->era_offset};
}

}  // namespace dprkwatch::feed
