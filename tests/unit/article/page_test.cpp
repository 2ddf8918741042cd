// Each pages/NAME.html is read as a page and compared with NAME.json; a layout is added without C++.

#include "article/page.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace dprkwatch::article {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> pages() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(DPRKWATCH_TEST_DIR "/pages")) {
    if (entry.path().extension() == ".html") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

json::object object_of(const Page& page) {
  json::object object;
  object["title"] = page.title;
  object["language"] = page.language;
  if (page.published) object["published"] = to_rfc3339(*page.published);
  if (page.modified) object["modified"] = to_rfc3339(*page.modified);
  if (!page.canonical_url.empty()) object["canonical_url"] = page.canonical_url;
  object["text"] = page.text;
  return object;
}

class Pages : public testing::TestWithParam<std::string> {};

TEST_P(Pages, AreReadAsAPersonWould) {
  const auto file = fs::path(DPRKWATCH_TEST_DIR "/pages") / GetParam();
  const auto page = read_page(read(file.string() + ".html"), "https://news.example.org/a/b");
  EXPECT_EQ(json::value(object_of(page)), json::parse(read(file.string() + ".json")))
      << json::serialize(object_of(page));
}

INSTANTIATE_TEST_SUITE_P(Html, Pages, testing::ValuesIn(pages()), [](const auto& test) {
  auto name = test.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(ReadPage, BearsNothing) {
  const auto page = read_page("", "");
  EXPECT_EQ(page.title, "");
  EXPECT_EQ(page.text, "");
  EXPECT_FALSE(page.published);
}

TEST(ReadPage, KeepsTheTextOfAPageTooDeepForATree) {
  std::string html;
  for (int i = 0; i < 5000; ++i) html += "<div>";
  EXPECT_EQ(read_page(html + "text", "").text, "text");
}

}  // namespace
}  // namespace dprkwatch::article
