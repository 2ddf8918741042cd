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

struct WriteCase {
  const char* name;
  const char* method;
  http::Headers headers;
  const char* from;
  bool token;
  bool may;
};

class Writes : public testing::TestWithParam<WriteCase> {};

TEST_P(Writes, AreTakenFromTheirOwnersAlone) {
  http::ServerRequest request;
  request.method = GetParam().method;
  request.headers = GetParam().headers;
  request.remote_address = GetParam().from;
  EXPECT_EQ(!refused_write(request, GetParam().token), GetParam().may) << GetParam().name;
}

const http::Headers kJson{{"Host", "127.0.0.1:8380"}, {"Content-Type", "application/json"}};

http::Headers with(const char* name, const char* value) {
  http::Headers headers = kJson;
  headers.emplace(headers.begin(), name, value);
  return headers;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Writes,
    testing::Values(
        WriteCase{"this machine", "POST", kJson, "127.0.0.1", false, true},
        WriteCase{"over IPv6", "POST", with("Host", "[::1]:8380"), "::1", false, true},
        WriteCase{"by name", "POST", with("Host", "localhost:8380"), "127.0.0.1", false, true},
        WriteCase{"the page itself", "POST", with("Origin", "http://127.0.0.1:8380"), "127.0.0.1", false, true},
        WriteCase{"another page", "POST", with("Origin", "https://evil.example"), "127.0.0.1", false, false},
        WriteCase{"a page of another port", "POST", with("Origin", "http://127.0.0.1:9000"), "127.0.0.1", false, false},
        WriteCase{"a sandboxed page", "POST", with("Origin", "null"), "127.0.0.1", false, false},
        WriteCase{"a rebound name", "POST", with("Host", "evil.example:8380"), "127.0.0.1", false, false},
        WriteCase{"a name that begins like loopback", "POST", with("Host", "127.0.0.1.evil.example"), "127.0.0.1",
                  false, false},
        WriteCase{"a form",
                  "POST",
                  {{"Host", "127.0.0.1"}, {"Content-Type", "application/x-www-form-urlencoded"}},
                  "127.0.0.1",
                  false,
                  false},
        WriteCase{"no type", "POST", {{"Host", "127.0.0.1"}}, "127.0.0.1", false, false},
        WriteCase{"another machine", "POST", kJson, "192.0.2.7", false, false},
        WriteCase{"another machine with the token", "POST", with("Host", "watch.example.org"), "192.0.2.7", true, true},
        WriteCase{"another page with the token", "POST", with("Origin", "https://evil.example"), "192.0.2.7", true,
                  false},
        WriteCase{"a deletion", "DELETE", {{"Host", "127.0.0.1"}}, "127.0.0.1", false, true},
        WriteCase{"a deletion by another page",
                  "DELETE",
                  {{"Host", "127.0.0.1"}, {"Origin", "http://evil.example"}},
                  "127.0.0.1",
                  false,
                  false}));

}  // namespace
}  // namespace dprkwatch::api
