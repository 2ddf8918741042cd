#include "feed/converter.hpp"

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/utypes.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "feed/names.hpp"

namespace dprkwatch::feed {
namespace {

constexpr Encoding multi_byte(std::string_view name, const char* converter) {
  return {name, converter};
}
constexpr Encoding single_byte(std::string_view name, const char* converter, bool is_latin) {
  return {name, converter, true, is_latin};
}

constexpr Encoding kCp949 = multi_byte("CP949", "windows-949-2000");
constexpr Encoding kShiftJis = multi_byte("Shift_JIS", "ibm-943_P15A-2003");
constexpr Encoding kEucJp = multi_byte("EUC-JP", "euc-jp-2007");
constexpr Encoding kGb18030 = multi_byte("GB18030", "gb18030");
constexpr Encoding kBig5 = multi_byte("Big5", "windows-950-2000");
constexpr Encoding kBig5Hkscs = multi_byte("Big5-HKSCS", "ibm-1375_P100-2008");
constexpr Encoding kWindows1250 = single_byte("windows-1250", "ibm-5346_P100-1998", true);
constexpr Encoding kWindows1251 = single_byte("windows-1251", "ibm-5347_P100-1998", false);
constexpr Encoding kWindows1252 = single_byte("windows-1252", "ibm-5348_P100-1997", true);
constexpr Encoding kWindows1253 = single_byte("windows-1253", "ibm-5349_P100-1998", false);
constexpr Encoding kWindows1254 = single_byte("windows-1254", "ibm-5350_P100-1998", true);
constexpr Encoding kWindows1255 = single_byte("windows-1255", "ibm-9447_P100-2002", false);
constexpr Encoding kWindows1256 = single_byte("windows-1256", "ibm-9448_X100-2005", false);
constexpr Encoding kWindows1257 = single_byte("windows-1257", "ibm-9449_P100-2002", true);
constexpr Encoding kWindows1258 = single_byte("windows-1258", "ibm-5354_P100-1998", true);
constexpr Encoding kWindows874 = single_byte("windows-874", "windows-874-2000", false);
constexpr Encoding kKoi8R = single_byte("KOI8-R", "ibm-878_P100-1996", false);
constexpr Encoding kKoi8U = single_byte("KOI8-U", "ibm-1168_P100-2002", false);
constexpr Encoding kIso88592 = single_byte("ISO-8859-2", "ibm-912_P100-1995", true);
constexpr Encoding kIso88595 = single_byte("ISO-8859-5", "ibm-915_P100-1995", false);
constexpr Encoding kIso88597 = single_byte("ISO-8859-7", "ibm-9005_X110-2007", false);
constexpr Encoding kIso885915 = single_byte("ISO-8859-15", "ibm-923_P100-1998", true);
constexpr Encoding kIso2022Jp = {"ISO-2022-JP", "ISO_2022,locale=ja,version=0", false, false, false, true};
constexpr Encoding kIso2022Kr = {"ISO-2022-KR", "ISO_2022,locale=ko,version=0", false, false, false, true};
constexpr Encoding kUtf16Be = {"UTF-16BE", "UTF-16BE", false, false, false};
constexpr Encoding kUtf16Le = {"UTF-16LE", "UTF-16LE", false, false, false};
constexpr Encoding kUtf32Be = {"UTF-32BE", "UTF-32BE", false, false, false};
constexpr Encoding kUtf32Le = {"UTF-32LE", "UTF-32LE", false, false, false};

struct Label {
  std::string_view label;
  Encoding encoding;
};

constexpr std::array kLabels = {
    Label{"euc-kr", kCp949},
    Label{"cp949", kCp949},
    Label{"ks_c_5601-1987", kCp949},
    Label{"ks_c_5601-1989", kCp949},
    Label{"ksc5601", kCp949},
    Label{"ksc_5601", kCp949},
    Label{"euckr", kCp949},
    Label{"windows-949", kCp949},
    Label{"x-windows-949", kCp949},
    Label{"ms949", kCp949},
    Label{"uhc", kCp949},
    Label{"iso-2022-kr", kIso2022Kr},
    Label{"shift_jis", kShiftJis},
    Label{"shift-jis", kShiftJis},
    Label{"sjis", kShiftJis},
    Label{"x-sjis", kShiftJis},
    Label{"windows-31j", kShiftJis},
    Label{"cp932", kShiftJis},
    Label{"ms_kanji", kShiftJis},
    Label{"euc-jp", kEucJp},
    Label{"x-euc-jp", kEucJp},
    Label{"eucjp", kEucJp},
    Label{"iso-2022-jp", kIso2022Jp},
    Label{"gb18030", kGb18030},
    Label{"gbk", kGb18030},
    Label{"gb2312", kGb18030},
    Label{"gb_2312-80", kGb18030},
    Label{"x-gbk", kGb18030},
    Label{"cp936", kGb18030},
    Label{"euc-cn", kGb18030},
    Label{"big5", kBig5},
    Label{"big-5", kBig5},
    Label{"cn-big5", kBig5},
    Label{"x-x-big5", kBig5},
    Label{"cp950", kBig5},
    Label{"big5-hkscs", kBig5Hkscs},
    Label{"iso-8859-1", kWindows1252},
    Label{"iso8859-1", kWindows1252},
    Label{"iso_8859-1", kWindows1252},
    Label{"latin1", kWindows1252},
    Label{"latin-1", kWindows1252},
    Label{"l1", kWindows1252},
    Label{"us-ascii", kWindows1252},
    Label{"ascii", kWindows1252},
    Label{"ansi_x3.4-1968", kWindows1252},
    Label{"windows-1252", kWindows1252},
    Label{"cp1252", kWindows1252},
    Label{"windows-1250", kWindows1250},
    Label{"cp1250", kWindows1250},
    Label{"windows-1251", kWindows1251},
    Label{"cp1251", kWindows1251},
    Label{"win-1251", kWindows1251},
    Label{"windows-1253", kWindows1253},
    Label{"windows-1254", kWindows1254},
    Label{"iso-8859-9", kWindows1254},
    Label{"windows-1255", kWindows1255},
    Label{"windows-1256", kWindows1256},
    Label{"windows-1257", kWindows1257},
    Label{"windows-1258", kWindows1258},
    Label{"windows-874", kWindows874},
    Label{"tis-620", kWindows874},
    Label{"iso-8859-11", kWindows874},
    Label{"koi8-r", kKoi8R},
    Label{"koi8", kKoi8R},
    Label{"koi8-u", kKoi8U},
    Label{"iso-8859-2", kIso88592},
    Label{"latin2", kIso88592},
    Label{"iso-8859-5", kIso88595},
    Label{"iso-8859-7", kIso88597},
    Label{"iso-8859-15", kIso885915},
    Label{"latin9", kIso885915},
    Label{"utf-16be", kUtf16Be},
    Label{"utf-16", kUtf16Le},
    Label{"utf-16le", kUtf16Le},
    Label{"ucs-2", kUtf16Le},
    Label{"unicode", kUtf16Le},
    Label{"utf-32be", kUtf32Be},
    Label{"utf-32", kUtf32Le},
    Label{"utf-32le", kUtf32Le},
};

struct CloseConverter {
  void operator()(UConverter* converter) const noexcept { ucnv_close(converter); }
};
struct CloseDetector {
  void operator()(UCharsetDetector* detector) const noexcept { ucsdet_close(detector); }
};

// Labels that ICU's list of aliases has beside ours: "IBM866", "macintosh", "HZ-GB-2312". A name that is not in the
// list is never opened, since ICU would look for a file of that name.
std::optional<Encoding> find_in_icu(std::string_view label) {
  constexpr std::size_t kLongestLabel = 40;
  if (label.empty() || label.size() > kLongestLabel) {
    return std::nullopt;
  }
  UErrorCode status = U_ZERO_ERROR;
  const char* name = ucnv_getAlias(std::string{label}.c_str(), 0, &status);
  if (U_FAILURE(status) != 0 || name == nullptr) {
    return std::nullopt;
  }
  const std::unique_ptr<UConverter, CloseConverter> converter{ucnv_open(name, &status)};
  if (U_FAILURE(status) != 0) {
    return std::nullopt;
  }
  Encoding encoding{name, name};
  const UConverterType type = ucnv_getType(converter.get());
  encoding.is_stateful = type == UCNV_ISO_2022 || type == UCNV_HZ || type == UCNV_SCSU || type == UCNV_UTF7;
  encoding.is_single_byte = type == UCNV_SBCS;
  constexpr std::string_view kAscii = "<?xml version=\"1.0\"?><aZ09/>";
  encoding.extends_ascii = !encoding.is_stateful && convert(kAscii, encoding).text == kAscii;
  return encoding;
}

std::size_t count_replacements(std::string_view text) noexcept {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::size_t count = 0;
  for (std::size_t at = text.find(kReplacement); at != std::string_view::npos;
       at = text.find(kReplacement, at + kReplacement.size())) {
    ++count;
  }
  return count;
}

// What a document says of its language, as far as it picks an encoding.
std::optional<Encoding> by_language(std::string_view bytes) {
  struct Hint {
    std::string_view language;
    Encoding encoding;
  };
  constexpr std::array kHints = {
      Hint{"ko", kCp949},      Hint{"ja", kShiftJis},    Hint{"ja", kEucJp},
      Hint{"zh-cn", kGb18030}, Hint{"zh-tw", kBig5},     Hint{"zh-hk", kBig5},
      Hint{"zh", kGb18030},    Hint{"ru", kWindows1251}, Hint{"uk", kWindows1251},
  };
  std::string_view language;
  const std::string_view head = bytes.substr(0, 4096);
  for (const std::string_view mark : {"<language>", "xml:lang=\"", "xml:lang='", "<dc:language>"}) {
    if (const std::size_t at = head.find(mark); at != std::string_view::npos) {
      language = trimmed(head.substr(at + mark.size()).substr(0, 12));
      break;
    }
  }
  for (const Hint& hint : kHints) {
    const bool is_meant = language.size() > hint.language.size() &&
                          equals_ignoring_case(language.substr(0, hint.language.size()), hint.language);
    if (is_meant && convert(bytes, hint.encoding).errors == 0) {
      return hint.encoding;
    }
  }
  return std::nullopt;
}

// Text between the tags, at most 64 KiB with some of it not ASCII.
std::string sample_of(std::string_view bytes) {
  constexpr std::size_t kSampleBytes = 64 * 1024;
  std::string sample;
  bool in_tag = false;
  for (const char c : bytes) {
    if (c == '<' || c == '>') {
      in_tag = c == '<';
      sample += ' ';
    } else if (!in_tag) {
      sample += c;
    }
    if (sample.size() >= kSampleBytes) {
      break;
    }
  }
  return sample;
}

}  // namespace

std::optional<Encoding> find_encoding(std::string_view label) noexcept {
  const auto* found = std::ranges::find_if(
      kLabels, [&](const Label& candidate) { return equals_ignoring_case(candidate.label, trimmed(label)); });
  return found == kLabels.end() ? find_in_icu(trimmed(label)) : std::optional{found->encoding};
}

Conversion convert(std::string_view bytes, const Encoding& encoding) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, CloseConverter> from{ucnv_open(encoding.converter, &status)};
  const std::unique_ptr<UConverter, CloseConverter> to{ucnv_open("UTF-8", &status)};
  if (U_FAILURE(status) != 0) {
    return {std::string{bytes}, bytes.size()};  // an ICU without its data: let the caller go on with what there is
  }
  Conversion result;
  result.text.reserve(bytes.size() + bytes.size() / 2);
  std::vector<UChar> pivot(4096);
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  std::array<char, 16 * 1024> chunk{};
  const char* source = bytes.data();
  const char* const source_end = source + bytes.size();
  do {
    status = U_ZERO_ERROR;
    char* target = chunk.data();
    ucnv_convertEx(to.get(), from.get(), &target, chunk.data() + chunk.size(), &source, source_end, pivot.data(),
                   &pivot_source, &pivot_target, pivot.data() + pivot.size(), 0, 1, &status);
    result.text.append(chunk.data(), static_cast<std::size_t>(target - chunk.data()));
  } while (status == U_BUFFER_OVERFLOW_ERROR);
  result.errors = count_replacements(result.text);
  return result;
}

std::optional<Encoding> guess_encoding(std::string_view bytes) {
  if (auto encoding = by_language(bytes)) {
    return encoding;
  }
  const std::string sample = sample_of(bytes);
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, CloseDetector> detector{ucsdet_open(&status)};
  ucsdet_setText(detector.get(), sample.data(), static_cast<std::int32_t>(sample.size()), &status);
  std::int32_t count = 0;
  const UCharsetMatch** matches = ucsdet_detectAll(detector.get(), &count, &status);
  if (U_FAILURE(status) != 0) {
    return std::nullopt;
  }
  for (std::int32_t i = 0; i < count; ++i) {
    const char* name = ucsdet_getName(matches[i], &status);
    const auto encoding = find_encoding(name);
    constexpr std::int32_t kLeastConfidence = 10;  // of 100
    if (encoding && encoding->extends_ascii && ucsdet_getConfidence(matches[i], &status) >= kLeastConfidence &&
        convert(bytes, *encoding).errors * 100 <= bytes.size()) {
      return encoding;
    }
  }
  return std::nullopt;
}

}  // namespace dprkwatch::feed
