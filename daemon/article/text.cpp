// Plain text in canonical form: what every text of an article passes through last.

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf.h>

#include <utility>

#include "article/article.hpp"
#include "article/utf8.hpp"

namespace dprkwatch::article {
namespace {

enum class Class { kVisible, kSpace, kLineBreak, kJoiner, kDropped };

// UAX #15 §13 (stream-safe text) allows 30 non-starters in a row. More are no language, and cost ICU's canonical
// ordering a time quadratic in their number.
constexpr int kMaxNonStarters = 30;

constexpr bool is_between(char32_t c, char32_t first, char32_t last) {
  return c >= first && c <= last;
}

// What is common enough to be passed without a look at the character database: all of it is visible, in NFC, and
// changed by nothing that follows it but by characters outside these ranges.
constexpr bool is_plain(char32_t c) {
  return is_between(c, 0x00A1, 0x02FF)
             ? c != 0x00AD
             : is_between(c, 0x0400, 0x0481) || is_between(c, 0x2010, 0x2027) || is_between(c, 0x3001, 0x3029) ||
                   is_between(c, 0x3041, 0x3098) || is_between(c, 0x309B, 0x3163) || is_between(c, 0x3165, 0xD7A3);
}

// Characters that show nothing, or that change the order in which others are shown (UAX #9, "Trojan Source"), have no
// place in a text that is matched, quoted in a chat message and printed to a terminal.
Class classify_ascii(char32_t c) {
  switch (c) {
    case ' ':
    case '\t':
      return Class::kSpace;
    case '\n':
    case '\v':
    case '\f':
    case '\r':
      return Class::kLineBreak;
    default:
      return c < 0x20 || c == 0x7F ? Class::kDropped : Class::kVisible;
  }
}

Class classify(char32_t c) {
  if (c < 0x80) return classify_ascii(c);
  if (is_plain(c)) return Class::kVisible;
  switch (c) {
    case 0x0085:  // NEXT LINE
    case 0x2028:  // LINE SEPARATOR
    case 0x2029:  // PARAGRAPH SEPARATOR
      return Class::kLineBreak;
    case 0x200C:
    case 0x200D:
      return Class::kJoiner;
    case 0x115F:  // Hangul fillers show as blanks
    case 0x1160:
    case 0x3164:
    case 0xFFA0:
      return Class::kSpace;
    case 0xFFFC:  // OBJECT REPLACEMENT CHARACTER stands for what is not text
    case 0x034F:  // COMBINING GRAPHEME JOINER
      return Class::kDropped;
    default:
      break;
  }
  if (is_between(c, 0xFE00, 0xFE0F)) return Class::kVisible;  // variation selectors choose between emoji and sign
  switch (u_charType(static_cast<UChar32>(c))) {
    case U_SPACE_SEPARATOR:
      return Class::kSpace;
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:  // soft hyphen, zero-width space, bidi controls, BOM, tags, interlinear annotation
      return Class::kDropped;
    default:
      break;
  }
  if (U_IS_UNICODE_NONCHAR(c) || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return Class::kDropped;
  return Class::kVisible;
}

// ZWJ and ZWNJ mean something after an emoji, a letter of a joining script, or a mark such as a virama (RFC 5892
// appendix A). Elsewhere they only hide a word from a search.
bool takes_joiner(char32_t before) {
  if (before < 0x0300 || is_plain(before)) return false;
  const auto joining = u_getIntPropertyValue(before, UCHAR_JOINING_TYPE);
  return joining == U_JT_DUAL_JOINING || joining == U_JT_TRANSPARENT || u_getCombiningClass(before) == 9 ||
         u_hasBinaryProperty(before, UCHAR_EXTENDED_PICTOGRAPHIC) || u_hasBinaryProperty(before, UCHAR_EMOJI_MODIFIER);
}

// How many non-starters the canonical decomposition of a character holds. These four are the only single characters
// that become two of them.
int non_starters_in(char32_t c) {
  if (c < 0x0300 || is_plain(c)) return 0;
  if (c == 0x0344 || c == 0x0F73 || c == 0x0F75 || c == 0x0F81) return 2;
  return u_getCombiningClass(c) == 0 ? 0 : 1;
}

// Builds the text: blanks at line ends and empty lines fall away because a border is written only before something
// visible.
class Canonical {
 public:
  explicit Canonical(std::size_t bytes) { text_.reserve(bytes); }

  void add_visible_ascii(std::string_view run) {
    begin_visible();
    text_.append(run);
    last_ = static_cast<unsigned char>(run.back());
    non_starters_ = 0;
  }

  void add(char32_t c) {
    switch (classify(c)) {
      case Class::kSpace:
        if (border_ == '\0') border_ = ' ';
        return;
      case Class::kLineBreak:
        border_ = '\n';
        return;
      case Class::kDropped:
        return;
      case Class::kJoiner:
        if (border_ != '\0' || !takes_joiner(last_)) return;
        has_joiners_ = true;
        break;
      case Class::kVisible:
        break;
    }
    add_visible(c);
  }

  std::string take() && {
    if (is_nfc_certain_) return std::move(text_);
    UErrorCode status = U_ZERO_ERROR;
    const auto* nfc = icu::Normalizer2::getNFCInstance(status);
    if (U_FAILURE(status) || nfc->isNormalizedUTF8(text_, status)) return std::move(text_);
    std::string normal;
    normal.reserve(text_.size());
    icu::StringByteSink<std::string> sink(&normal);
    nfc->normalizeUTF8(0, text_, sink, nullptr, status);
    if (U_FAILURE(status)) return std::move(text_);
    // A mark that a joiner followed may have become part of a letter that takes none.
    return has_joiners_ ? clean_text(normal) : normal;
  }

 private:
  void begin_visible() {
    if (border_ == '\0') return;
    if (!text_.empty()) {
      text_.push_back(border_);
      last_ = ' ';
      non_starters_ = 0;
    }
    border_ = '\0';
  }

  void add_visible(char32_t c) {
    if (const int more = non_starters_in(c); more == 0) {
      begin_visible();
      non_starters_ = 0;
    } else {
      const int before = border_ == '\0' ? non_starters_ : 0;
      if (before + more > kMaxNonStarters) return;
      begin_visible();
      non_starters_ = before + more;
    }
    if (c >= 0x0300 && !is_plain(c)) is_nfc_certain_ = false;
    append_code_point(c, text_);
    last_ = c;
  }

  std::string text_;
  char border_ = '\0';  // owed before the next visible character
  char32_t last_ = 0;
  int non_starters_ = 0;
  bool has_joiners_ = false;
  bool is_nfc_certain_ = true;
};

constexpr bool is_visible_ascii(char c) {
  return c > 0x20 && c < 0x7F;
}

}  // namespace

std::string clean_text(std::string_view text) {
  Canonical out(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() && is_visible_ascii(text[end])) ++end;
    if (end > at) {
      out.add_visible_ascii(text.substr(at, end - at));
      at = end;
    } else {
      out.add(next_code_point(text, at));
    }
  }
  return std::move(out).take();
}

}  // namespace dprkwatch::article
