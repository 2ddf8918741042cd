// Each cases/NAME.html is read as text (NAME.txt) and made safe (NAME.sanitized.html); a case is added without C++.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "article/article.hpp"

namespace dprkwatch::article {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBase = "https://news.example.org/world/korea/page.html?id=7";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string without_last_line_break(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(DPRKWATCH_TEST_DIR "/cases")) {
    const auto name = entry.path().filename().string();
    if (name.ends_with(".html") && !name.ends_with(".sanitized.html")) names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

class Cases : public testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] fs::path file(const std::string& ending) const {
    return fs::path(DPRKWATCH_TEST_DIR "/cases") / (GetParam() + ending);
  }
  [[nodiscard]] std::string html() const { return without_last_line_break(read(file(".html"))); }
  [[nodiscard]] std::string expected(const std::string& ending) const {
    return without_last_line_break(read(file(ending)));
  }
};

TEST_P(Cases, ReadAsText) {
  EXPECT_EQ(html_to_text(html()), expected(".txt"));
}

TEST_P(Cases, MadeSafe) {
  EXPECT_EQ(sanitize_html(html(), kBase), expected(".sanitized.html"));
}

TEST_P(Cases, StaySafeWhenMadeSafeAgain) {
  const auto safe = sanitize_html(html(), kBase);
  EXPECT_EQ(sanitize_html(safe, kBase), safe);
}

TEST_P(Cases, TextIsInCanonicalForm) {
  const auto text = html_to_text(html());
  EXPECT_EQ(clean_text(text), text);
}

INSTANTIATE_TEST_SUITE_P(Html, Cases, testing::ValuesIn(cases()), [](const auto& test) {
  auto name = test.param;
  std::ranges::replace_if(
      name, [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
});

}  // namespace
}  // namespace dprkwatch::article
