// Hostile titles in the Atom feed, and who may write.
#include "api/alerting.hpp"

#include <expat.h>
#include <gtest/gtest.h>

#include <memory>

#include "api/atom.hpp"

namespace dprkwatch::api {
namespace {

// What a reader makes of the feed: elements in order, and the text of the entries' titles.
struct Read {
  std::vector<std::string> elements;
  std::vector<std::string> titles;
  std::vector<std::string> links;
};

void on_start(void* self, const XML_Char* name, const XML_Char** attributes) {
  auto& read = *static_cast<Read*>(self);
  read.elements.emplace_back(name);
  if (read.elements.back() == "title") read.titles.emplace_back();
  for (; read.elements.back() == "link" && *attributes != nullptr; attributes += 2) {
    if (std::string(attributes[0]) == "href") read.links.emplace_back(attributes[1]);
  }
}

void on_text(void* self, const XML_Char* text, int size) {
  auto& read = *static_cast<Read*>(self);
  if (!read.elements.empty() && read.elements.back() == "title")
    read.titles.back().append(text, static_cast<std::size_t>(size));
}

void on_end(void* self, const XML_Char* /*name*/) {
  static_cast<Read*>(self)->elements.emplace_back("/");
}

Read read_back(const std::string& xml) {
  Read read;
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate(nullptr), &XML_ParserFree);
  XML_SetUserData(parser.get(), &read);
  XML_SetElementHandler(parser.get(), &on_start, &on_end);
  XML_SetCharacterDataHandler(parser.get(), &on_text);
  EXPECT_EQ(XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), 1), XML_STATUS_OK)
      << XML_ErrorString(XML_GetErrorCode(parser.get()));
  return read;
}

store::AlertRow row_with(const std::string& text) {
  store::AlertRow row;
  row.alert.id = "al_1";
  row.alert.rule = "rule";
  row.alert.severity = "warning";
  row.alert.summary = text;
  row.alert.data_json = R"({"article":{"url":"https://wire.example/\"><evil/>"}})";
  return row;
}

TEST(Atom, AHostileTitleStaysText) {
  const Read plain = read_back(atom({row_with("plain")}, Time{}));
  for (const char* hostile : {"</title><script>alert(1)</script>", "]]>", "<![CDATA[x", "&evil;", "\" onload=\"x",
                              "<!-- x", "<?xml x?>", "@everyone"}) {
    const Read read = read_back(atom({row_with(hostile)}, Time{}));
    EXPECT_EQ(read.elements, plain.elements) << hostile;
    ASSERT_EQ(read.titles.size(), 2U);
    EXPECT_EQ(read.titles[1], hostile);
    EXPECT_EQ(read.links, (std::vector<std::string>{"https://wire.example/\"><evil/>"}));
  }
}

TEST(Atom, ShowsControlCharactersInsteadOfObeyingThem) {
  EXPECT_EQ(read_back(atom({row_with("a\x1b[31m\u202e\r\nb\x01")}, Time{})).titles[1],
            "a\\u{1B}[31m\\u{202E}\\u{D}\\u{A}b\\u{1}");
}

TEST(Atom, LinksToNothingButTheWeb) {
  store::AlertRow row = row_with("x");
  row.alert.data_json = R"json({"article":{"url":"javascript:alert(1)"}})json";
  EXPECT_TRUE(read_back(atom({row}, Time{})).links.empty());
}

}  // namespace
}  // namespace dprkwatch::api
