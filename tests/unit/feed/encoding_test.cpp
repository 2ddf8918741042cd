#include "feed/encoding.hpp"

#include <gtest/gtest.h>

#include "feed/converter.hpp"
#include "feed/feed.hpp"

namespace dprkwatch::feed {
namespace {

TEST(Encoding, KnowsAConverterForEachLabel) {
  // A wrong ICU name would give the bytes back with every one counted as an error.
  for (const char* label :
       {"euc-kr",       "cp949",        "shift_jis",    "euc-jp",       "iso-2022-jp",  "iso-2022-kr",  "gb18030",
        "gb2312",       "big5",         "big5-hkscs",   "iso-8859-1",   "windows-1250", "windows-1251", "windows-1253",
        "windows-1254", "windows-1255", "windows-1256", "windows-1257", "windows-1258", "windows-874",  "koi8-r",
        "koi8-u",       "iso-8859-2",   "iso-8859-5",   "iso-8859-7",   "iso-8859-15"}) {
    const auto encoding = find_encoding(label);
    ASSERT_TRUE(encoding) << label;
    const Conversion conversion = convert("abc", *encoding);
    EXPECT_EQ(conversion.errors, 0U) << label;
    EXPECT_EQ(conversion.text, "abc") << label;
  }
}

TEST(Encoding, ReadsWindows1252UnderTheNameOfLatin1) {
  EXPECT_EQ(convert("\x93x\x94 \x96 \x80", *find_encoding("ISO-8859-1")).text, "“x” – €");
}

TEST(Encoding, ConvertsMoreThanOneBuffer) {
  std::string korean;
  for (int i = 0; i < 20'000; ++i) {
    korean += "\xC6\xF2\xBE\xE7 ";  // 평양
  }
  const Conversion conversion = convert(korean, *find_encoding("euc-kr"));
  EXPECT_EQ(conversion.errors, 0U);
  EXPECT_EQ(conversion.text.size(), 20'000U * 7);
  EXPECT_TRUE(conversion.text.ends_with("평양 "));
}

TEST(Encoding, FindsTheCharsetOfAMediaType) {
  EXPECT_EQ(charset_of("text/xml; charset=euc-kr"), "euc-kr");
  EXPECT_EQ(charset_of("text/xml; x=y; CharSet = \"Shift_JIS\" ; z"), "Shift_JIS");
  EXPECT_EQ(charset_of("application/rss+xml"), "");
  EXPECT_EQ(charset_of("text/xml; charset"), "");
  EXPECT_EQ(charset_of("text/xml; charset=\""), "");
}

TEST(Encoding, FollowsTheOrderOfRfc7303) {
  Warnings warnings;
  const std::string declared = "<?xml version='1.0' encoding='windows-1251'?><a>\xEF</a>";
  EXPECT_NE(decode(declared, "", warnings).text().find("п"), std::string_view::npos);
  EXPECT_NE(decode(declared, "text/xml; charset=koi8-r", warnings).text().find("О"), std::string_view::npos);
  EXPECT_EQ(decode("\xEF\xBB\xBF<a>é</a>", "text/xml; charset=koi8-r", warnings).text(), "<a>é</a>");
}

TEST(Encoding, ReplacesABrokenSequenceOnce) {
  Warnings warnings;
  EXPECT_EQ(mend_utf8("평양 평양 평양 평양 평양 \xED\x8F", warnings), "평양 평양 평양 평양 평양 \uFFFD");
  EXPECT_TRUE(warnings.has("invalid-bytes"));
}

TEST(Encoding, SaysWhoNamesIt) {
  EXPECT_EQ(describe_encoding("\xEF\xBB\xBF<a/>", "text/xml; charset=koi8-r"), "UTF-8, by its byte order mark");
  EXPECT_EQ(describe_encoding(std::string_view("<\0a\0", 4), ""), "UTF-16LE, by its first bytes");
  EXPECT_EQ(describe_encoding("<?xml version='1.0' encoding='big5'?>", "text/xml; charset=\"EUC-KR\""),
            "EUC-KR, by the HTTP header");
  EXPECT_EQ(describe_encoding("<?xml version='1.0' encoding='big5'?>", "text/xml"), "big5, by the document");
  EXPECT_EQ(describe_encoding("{}", ""), "UTF-8, as nothing else is said");
}

TEST(Encoding, CountsValidUtf8) {
  EXPECT_EQ(valid_utf8_prefix("abc평"), 6U);
  EXPECT_EQ(valid_utf8_prefix("abc\xC0\x80"), 3U);       // overlong
  EXPECT_EQ(valid_utf8_prefix("\xED\xA0\x80"), 0U);      // a surrogate
  EXPECT_EQ(valid_utf8_prefix("\xF4\x90\x80\x80"), 0U);  // beyond Unicode
  EXPECT_EQ(valid_utf8_prefix("a\xF0\x9F\x9A\x80"), 5U);
}

}  // namespace
}  // namespace dprkwatch::feed
