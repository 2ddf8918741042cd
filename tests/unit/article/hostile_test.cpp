// Documents made to be dear: each must cost bounded time, whatever it is made of.

#include <gtest/gtest.h>

#include <string>

#include "article/article.hpp"

namespace dprkwatch::article {
namespace {

constexpr std::size_t kFiveMegabytes = 5 * 1024 * 1024;

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string text;
  text.reserve(bytes + part.size());
  while (text.size() < bytes) text += part;
  return text;
}

std::string numbered(std::string_view begin, std::string_view end, std::size_t bytes) {
  std::string text;
  for (int i = 0; text.size() < bytes; ++i) text.append(begin).append(std::to_string(i)).append(end);
  return text;
}

// In bounded memory; what takes quadratic time runs into the test's own time limit.
void expect_bounded(const std::string& html) {
  const auto text = html_to_text(html);
  const auto safe = sanitize_html(html, "https://example.org/");
  EXPECT_LE(text.size(), 3 * kFiveMegabytes);  // U+FFFD for each bad byte
}

struct Document {
  const char* name;
  std::string (*make)();
};

class HostileDocument : public testing::TestWithParam<Document> {};

TEST_P(HostileDocument, CostsBoundedTime) {
  expect_bounded(GetParam().make());
}

const Document kDocuments[] = {
    {"NestedDiv", [] { return repeated("<div>", kFiveMegabytes); }},
    {"NestedSpan", [] { return repeated("<span>x", kFiveMegabytes); }},
    {"NestedBold", [] { return repeated("<b>", kFiveMegabytes); }},
    {"NestedUnknown", [] { return numbered("<x-", ">", kFiveMegabytes); }},
    {"NestedUnknownMisclosed", [] { return numbered("<x-", "></y-1>", kFiveMegabytes); }},
    {"NestedTables", [] { return repeated("<table><tr><td>", kFiveMegabytes); }},
    {"NestedLists", [] { return repeated("<ul><li>", kFiveMegabytes); }},
    {"NestedAnchors", [] { return repeated("<a href=x>y", kFiveMegabytes); }},
    {"NestedSvg", [] { return repeated("<svg><desc>", kFiveMegabytes); }},
    {"NestedQuotes", [] { return repeated("<q>", kFiveMegabytes); }},
    {"NestedTemplates", [] { return repeated("<template>", kFiveMegabytes); }},
    {"HiddenNested", [] { return "<div hidden>" + repeated("<div></i>", kFiveMegabytes); }},
    {"StrayEnds", [] { return repeated("<i>", 1000) + repeated("</div>", kFiveMegabytes); }},
    {"FormattingInParagraphs", [] { return numbered("<b id=", ">", 3000) + repeated("<p>x", kFiveMegabytes); }},
    {"AdoptionAgency", [] { return repeated("<b><p></b>", kFiveMegabytes); }},
    {"FosterParents", [] { return "<table>" + repeated("x<b>y</b>", kFiveMegabytes); }},
    {"ManyAttributes", [] { return "<a " + numbered("a", "=1 ", kFiveMegabytes) + ">x"; }},
    {"ManyAttributesInManyTags", [] { return repeated("<a " + numbered("a", " ", 1000) + ">x", kFiveMegabytes); }},
    {"LongAttribute", [] { return "<a href='" + repeated("x", kFiveMegabytes) + "'>x"; }},
    {"UnclosedQuotes", [] { return repeated("<a b=\">", kFiveMegabytes); }},
    {"UnclosedMixedQuotes", [] { return repeated("<a b=\"><a b='>", kFiveMegabytes - 20) + "<a b=\">"; }},
    {"UnclosedTags", [] { return repeated("<x", kFiveMegabytes); }},
    {"UnclosedQuotedTags", [] { return repeated("<x a=\"", kFiveMegabytes); }},
    {"UnclosedComments", [] { return repeated("<!--", kFiveMegabytes); }},
    {"CommentDashes", [] { return "<!--" + repeated("-", kFiveMegabytes); }},
    {"UnclosedScripts", [] { return repeated("<script></scrip", kFiveMegabytes); }},
    {"Ampersands", [] { return repeated("&", kFiveMegabytes); }},
    {"References", [] { return repeated("&CounterClockwiseContourIntegral;", kFiveMegabytes); }},
    {"UnknownReferences", [] { return numbered("&x", ";", kFiveMegabytes); }},
    {"NumericReferences", [] { return repeated("&#1234567890123456789012345678901234567890;", kFiveMegabytes); }},
    {"LessThanSigns", [] { return repeated("<", kFiveMegabytes); }},
    {"CdataMarks", [] { return repeated("<![CDATA[", kFiveMegabytes); }},
    {"CombiningMarks", [] { return "a" + repeated("\u0316\u0301", kFiveMegabytes); }},
    {"CombiningReferences", [] { return "a" + repeated("&#x316;&#x301;", kFiveMegabytes); }},
    {"Blanks", [] { return repeated(" ", kFiveMegabytes); }},
    {"LineBreaks", [] { return repeated("<br>", kFiveMegabytes); }},
    {"Text", [] { return repeated("An ordinary sentence. ", kFiveMegabytes); }},
    {"KoreanText", [] { return repeated("<p>조선중앙통신이 보도했다.</p>", kFiveMegabytes); }},
    {"Nul", [] { return std::string(kFiveMegabytes, '\0'); }},
    {"InvalidUtf8", [] { return std::string(kFiveMegabytes, '\xE1'); }},
    {"SelectOptions", [] { return "<select>" + repeated("<option>x", kFiveMegabytes); }},
    {"OpenForms", [] { return repeated("<form><input>", kFiveMegabytes); }},
};

INSTANTIATE_TEST_SUITE_P(Html, HostileDocument, testing::ValuesIn(kDocuments),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Hostile, KeepsTheTextOfDeepNesting) {
  const auto html = repeated("<div>", 500'000) + "deep" + repeated("</div>", 600'000);
  EXPECT_EQ(html_to_text(html), "deep");
  EXPECT_EQ(sanitize_html(html, ""), "deep");
}

TEST(Hostile, CutsInputBeyondFiveMebibytes) {
  EXPECT_EQ(html_to_text(std::string(6 * 1024 * 1024, 'a')).size(), kFiveMegabytes);
  EXPECT_EQ(html_to_text(repeated("핵", 6 * 1024 * 1024)).size() % 3, 0U);
}

}  // namespace
}  // namespace dprkwatch::article
