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
    Month{"january", 1},    Month{"february", 2},    Month{"march", 3},       Month{"april", 4},
    Month{"may", 5},        Month{"june", 6},        Month{"july", 7},        Month{"august", 8},
    Month{"september", 9},  Month{"october", 10},    Month{"november", 11},   Month{"december", 12},
    Month{"января", 1},     Month{"февраля", 2},     Month{"марта", 3},       Month{"апреля", 4},
    Month{"мая", 5},        Month{"июня", 6},        Month{"июля", 7},        Month{"августа", 8},
    Month{"сентября", 9},   Month{"октября", 10},    Month{"ноября", 11},     Month{"декабря", 12},
    Month{"январь", 1},     Month{"февраль", 2},     Month{"март", 3},        Month{"апрель", 4},
    Month{"май", 5},        Month{"июнь", 6},        Month{"июль", 7},        Month{"август", 8},
    Month{"сентябрь", 9},   Month{"октябрь", 10},    Month{"ноябрь", 11},     Month{"декабрь", 12},
    Month{"januar", 1},     Month{"februar", 2},     Month{"märz", 3},        Month{"mai", 5},
    Month{"juni", 6},       Month{"juli", 7},        Month{"oktober", 10},    Month{"dezember", 12},
    Month{"janvier", 1},    Month{"février", 2},     Month{"mars", 3},        Month{"avril", 4},
    Month{"juin", 6},       Month{"juillet", 7},     Month{"août", 8},        Month{"septembre", 9},
    Month{"octobre", 10},   Month{"novembre", 11},   Month{"décembre", 12},   Month{"enero", 1},
    Month{"febrero", 2},    Month{"marzo", 3},       Month{"abril", 4},       Month{"mayo", 5},
    Month{"junio", 6},      Month{"julio", 7},       Month{"agosto", 8},      Month{"septiembre", 9},
    Month{"octubre", 10},   Month{"noviembre", 11},  Month{"diciembre", 12},  Month{"gennaio", 1},
    Month{"febbraio", 2},   Month{"aprile", 4},      Month{"maggio", 5},      Month{"giugno", 6},
    Month{"luglio", 7},     Month{"settembre", 9},   Month{"ottobre", 10},    Month{"dicembre", 12},
    Month{"janeiro", 1},    Month{"fevereiro", 2},   Month{"março", 3},       Month{"maio", 5},
    Month{"junho", 6},      Month{"julho", 7},       Month{"setembro", 9},    Month{"outubro", 10},
    Month{"dezembro", 12},  Month{"januari", 1},     Month{"februari", 2},    Month{"maart", 3},
    Month{"mei", 5},        Month{"augustus", 8},    Month{"stycznia", 1},    Month{"lutego", 2},
    Month{"marca", 3},      Month{"kwietnia", 4},    Month{"maja", 5},        Month{"czerwca", 6},
    Month{"lipca", 7},      Month{"sierpnia", 8},    Month{"września", 9},    Month{"października", 10},
    Month{"listopada", 11}, Month{"grudnia", 12},    Month{"január", 1},      Month{"február", 2},
    Month{"március", 3},    Month{"április", 4},     Month{"május", 5},       Month{"június", 6},
    Month{"július", 7},     Month{"augusztus", 8},   Month{"szeptember", 9},  Month{"október", 10},
    Month{"січня", 1},      Month{"лютого", 2},      Month{"березня", 3},     Month{"квітня", 4},
    Month{"травня", 5},     Month{"червня", 6},      Month{"липня", 7},       Month{"серпня", 8},
    Month{"вересня", 9},    Month{"жовтня", 10},     Month{"листопада", 11},  Month{"грудня", 12},
    Month{"ιανουαρίου", 1}, Month{"φεβρουαρίου", 2}, Month{"μαρτίου", 3},     Month{"μάρτιος", 3},
    Month{"απριλίου", 4},   Month{"μαΐου", 5},       Month{"μάιος", 5},       Month{"μαϊ", 5},
    Month{"ιουνίου", 6},    Month{"ιούνιος", 6},     Month{"ιουλίου", 7},     Month{"ιούλιος", 7},
    Month{"αυγούστου", 8},  Month{"αύγουστος", 8},   Month{"σεπτεμβρίου", 9}, Month{"οκτωβρίου", 10},
    Month{"νοεμβρίου", 11}, Month{"νοέμβριος", 11},  Month{"δεκεμβρίου", 12},
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
    Word{"清晨", EastAsian::kMorning},
    Word{"早", EastAsian::kMorning},
    Word{"새벽", EastAsian::kMorning},
    Word{"아침", EastAsian::kMorning},
    Word{"정오", EastAsian::kNoon},
    Word{"正午", EastAsian::kNoon},
    Word{"낮", EastAsian::kDaytime},
    Word{"中午", EastAsian::kDaytime},
    Word{"저녁", EastAsian::kAfternoon},
    Word{"傍晚", EastAsian::kAfternoon},
    Word{"밤", EastAsian::kNight},
    Word{"晚", EastAsian::kNight},
    Word{"深夜", EastAsian::kNight},
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

// One character of two bytes at `text`: Latin-1 letters, Greek and Cyrillic in lower case.
void append_lower(std::string& result, unsigned char first, unsigned char second) {
  if (first == 0xCE && second >= 0x91 && second <= 0x9F) {
    second = static_cast<unsigned char>(second + 0x20);
  } else if (first == 0xCE && second >= 0xA0 && second <= 0xA9) {
    first = 0xCF;
    second = static_cast<unsigned char>(second - 0x20);
  } else if (first == 0xC3 && second >= 0x80 && second <= 0x9E && second != 0x97) {
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

struct Numeral {
  std::string_view text;
  int value;
};
constexpr std::array kNumerals = {
    Numeral{"〇", 0}, Numeral{"零", 0}, Numeral{"一", 1}, Numeral{"二", 2}, Numeral{"三", 3}, Numeral{"四", 4},
    Numeral{"五", 5}, Numeral{"六", 6}, Numeral{"七", 7}, Numeral{"八", 8}, Numeral{"九", 9}, Numeral{"十", 10},
};

// "二〇一九" is 2019, "二十八" is 28. Sets `bytes` to the length of the numeral that `text` begins with, 0 when none.
int chinese_number_at(std::string_view text, std::size_t& bytes) {
  constexpr int kTooLarge = 10'000;
  int number = 0;
  bool follows_ten = false;
  for (bytes = 0; number < kTooLarge;) {
    const std::string_view rest = text.substr(bytes);
    const auto* found =
        std::ranges::find_if(kNumerals, [&](const Numeral& numeral) { return rest.starts_with(numeral.text); });
    if (found == kNumerals.end()) {
      break;
    }
    if (found->value == 10) {
      number = std::max(number, 1) * 10;
    } else {
      number = follows_ten ? number + found->value : number * 10 + found->value;
    }
    follows_ten = found->value == 10;
    bytes += found->text.size();
  }
  return number;
}

bool is_unit(EastAsian meaning) noexcept {
  return meaning == EastAsian::kYear || meaning == EastAsian::kMonth || meaning == EastAsian::kDay ||
         meaning == EastAsian::kHour || meaning == EastAsian::kMinute || meaning == EastAsian::kSecond;
}

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
    std::size_t numeral_bytes = 0;
    const int number = chinese_number_at(rest, numeral_bytes);
    if (numeral_bytes > 0 && is_unit(east_asian_word_at(rest.substr(numeral_bytes)).meaning)) {
      result += std::to_string(number);
      i += numeral_bytes;
      continue;
    }
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

EastAsianWord east_asian_word_at(std::string_view text) noexcept {
  const auto* found =
      std::ranges::find_if(kEastAsianWords, [&](const Word& word) { return text.starts_with(word.text); });
  if (found == kEastAsianWords.end()) {
    return {};
  }
  return {found->meaning, found->text.size(), found->era_offset};
}

}  // namespace dprkwatch::feed
