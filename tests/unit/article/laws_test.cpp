// Laws that hold for every input, tried on random soups of what makes HTML hard.

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "article/article.hpp"

namespace dprkwatch::article {
namespace {

constexpr std::array<std::string_view, 96> kPieces = {"<p>",
                                                      "</p>",
                                                      "<div>",
                                                      "</div>",
                                                      "<b>",
                                                      "</b>",
                                                      "<i>",
                                                      "</i>",
                                                      "<a href=\"x\">",
                                                      "</a>",
                                                      "<a href='javascript:x'>",
                                                      "<table>",
                                                      "</table>",
                                                      "<tr>",
                                                      "</tr>",
                                                      "<td>",
                                                      "</td>",
                                                      "<th>",
                                                      "<tbody>",
                                                      "<caption>",
                                                      "</caption>",
                                                      "<col>",
                                                      "<ul>",
                                                      "</ul>",
                                                      "<ol start=2>",
                                                      "<li>",
                                                      "</li>",
                                                      "<dl>",
                                                      "<dt>",
                                                      "<dd>",
                                                      "</dl>",
                                                      "<h1>",
                                                      "</h1>",
                                                      "<h2>",
                                                      "</h2>",
                                                      "<pre>",
                                                      "</pre>",
                                                      "\n",
                                                      " ",
                                                      "text",
                                                      "more ",
                                                      "&amp;",
                                                      "&lt;b&gt;",
                                                      "&nbsp;",
                                                      "&notit",
                                                      "<",
                                                      ">",
                                                      "\"",
                                                      "'",
                                                      "<script>",
                                                      "</script>",
                                                      "<style>",
                                                      "</style>",
                                                      "<!--",
                                                      "-->",
                                                      "<![CDATA[",
                                                      "]]>",
                                                      "<svg>",
                                                      "</svg>",
                                                      "<math>",
                                                      "<mtext>",
                                                      "<title>",
                                                      "</title>",
                                                      "<textarea>",
                                                      "</textarea>",
                                                      "<noscript>",
                                                      "</noscript>",
                                                      "<template>",
                                                      "</template>",
                                                      "<select>",
                                                      "<option>",
                                                      "</select>",
                                                      "<button>",
                                                      "</button>",
                                                      "<form>",
                                                      "</form>",
                                                      "<ruby>",
                                                      "<rt>",
                                                      "</ruby>",
                                                      "<img src=/i.png alt=\"a&quot;b\">",
                                                      "<br>",
                                                      "<hr>",
                                                      "<section>",
                                                      "</section>",
                                                      "<blockquote>",
                                                      "</blockquote>",
                                                      "<q>",
                                                      "</q>",
                                                      "<span title='<x>'>",
                                                      "</span>",
                                                      "<object>",
                                                      "</object>",
                                                      "<body>",
                                                      "<nobr>",
                                                      "\u0301",
                                                      "\u200D"};

std::string soup(std::mt19937& random) {
  std::string html;
  const auto count = 1 + random() % 40;
  for (unsigned i = 0; i < count; ++i) html += kPieces[random() % kPieces.size()];
  return html;
}

constexpr int kTries = 20'000;

TEST(Laws, SanitisingTwiceIsSanitisingOnce) {
  std::mt19937 random(1);
  for (int i = 0; i < kTries; ++i) {
    const auto html = soup(random);
    const auto once = sanitize_html(html, "https://example.org/a/");
    ASSERT_EQ(sanitize_html(once, "https://example.org/a/"), once) << html;
  }
}

TEST(Laws, TextIsInCanonicalForm) {
  std::mt19937 random(2);
  for (int i = 0; i < kTries; ++i) {
    const auto html = soup(random);
    const auto text = html_to_text(html);
    ASSERT_EQ(clean_text(text), text) << html;
  }
}

TEST(Laws, CleaningTwiceIsCleaningOnce) {
  std::mt19937 random(3);
  constexpr std::array<char32_t, 24> kCharacters = {U'a',   U' ',   U'\n',  0x00A0, 0x00AD, 0x0301, 0x0316,  0x0323,
                                                    0x0344, 0x034F, 0x0F73, 0x1100, 0x1161, 0x11A8, 0x115F,  0x200B,
                                                    0x200D, 0x202E, 0x2126, 0x3099, 0x304B, 0xFE0F, 0x1F468, 0xE0041};
  for (int i = 0; i < kTries; ++i) {
    std::u32string characters;
    for (auto j = random() % 80; j > 0; --j) characters += kCharacters[random() % kCharacters.size()];
    std::string text;
    for (const char32_t c : characters) text += "&#" + std::to_string(static_cast<unsigned>(c)) + ";";
    const auto once = html_to_text(text);
    ASSERT_EQ(clean_text(once), once) << text;
  }
}

TEST(Laws, NothingActiveComesOut) {
  std::mt19937 random(4);
  for (int i = 0; i < kTries; ++i) {
    const auto safe = sanitize_html(soup(random), "https://example.org/");
    for (const auto* never :
         {"<script", "<style", "<svg", "<math", "<form", "<object", "<template", "javascript:", "<!"}) {
      ASSERT_EQ(safe.find(never), std::string::npos) << safe;
    }
  }
}

}  // namespace
}  // namespace dprkwatch::article
