#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "article/article.hpp"

namespace dprkwatch::article {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

std::set<std::string> keys_of(const json::object& object) {
  std::set<std::string> keys;
  for (const auto& member : object) keys.emplace(member.key());
  return keys;
}

feed::Feed full_feed() {
  feed::Feed feed;
  feed.format = "rss-2.0";
  feed.title = {"A &amp; B", true, ""};
  feed.description = {"About <b>things</b>", true, ""};
  feed.home_page_url = "https://example.org/";
  feed.feed_url = "https://example.org/feed";
  feed.hub_urls = {"https://hub.example.org/"};
  feed.language = "en-US";
  feed.updated = Time(1575774245s);
  feed.ttl_seconds = 3600;
  feed.skip_hours = {0, 23};
  feed.skip_days = {"Sunday"};
  feed.warnings = {{"undeclared-entity", 3, "nbsp"}};
  feed::Entry entry;
  entry.id = "1";
  entry.url = "https://example.org/1";
  entry.external_url = "https://other.example/1";
  entry.title = {"<i>T</i>", true, ""};
  entry.summary = {"S <script>x</script>", true, ""};
  entry.content = {"<p>C <a href=\"x\">l</a></p>", true, "https://example.org/a/"};
  entry.authors = {{"N", "n@example.org", "https://n.example/"}};
  entry.published = Time(1575774245s);
  entry.modified = Time(1575774246500ms);
  entry.language = "en";
  entry.tags = {"DPRK"};
  entry.image = "https://example.org/i.jpg";
  entry.attachments = {{"https://example.org/a.mp3", "audio/mpeg", 12}};
  feed.entries = {entry};
  return feed;
}

TEST(ToJson, HasTheFieldsOfTheContract) {
  const auto feed = json::parse(to_json(full_feed())).as_object();
  EXPECT_EQ(keys_of(feed), (std::set<std::string>{"format", "title", "description", "home_page_url", "feed_url",
                                                  "hub_urls", "language", "updated", "ttl_seconds", "skip_hours",
                                                  "skip_days", "items", "warnings"}));
  const auto& item = feed.at("items").at(0).as_object();
  EXPECT_EQ(keys_of(item), (std::set<std::string>{"id", "url", "external_url", "title", "summary_html", "content_html",
                                                  "text", "authors", "date_published", "date_modified", "language",
                                                  "tags", "image", "attachments"}));
}

TEST(ToJson, WritesWhatTheFeedSays) {
  EXPECT_EQ(
      to_json(full_feed()),
      R"({"format":"rss-2.0","title":"A & B","description":"About things","home_page_url":"https://example.org/",)"
      R"("feed_url":"https://example.org/feed","hub_urls":["https://hub.example.org/"],"language":"en-US",)"
      R"("updated":"2019-12-08T03:04:05Z","ttl_seconds":3600,"skip_hours":[0,23],"skip_days":["Sunday"],)"
      R"("items":[{"id":"1","url":"https://example.org/1","external_url":"https://other.example/1","title":"T",)"
      R"("summary_html":"S","content_html":"<p>C <a href=\"https://example.org/a/x\">l</a></p>","text":"C l",)"
      R"("authors":[{"name":"N","email":"n@example.org","url":"https://n.example/"}],)"
      R"("date_published":"2019-12-08T03:04:05Z","date_modified":"2019-12-08T03:04:06.500Z","language":"en",)"
      R"("tags":["DPRK"],"image":"https://example.org/i.jpg",)"
      R"("attachments":[{"url":"https://example.org/a.mp3","mime_type":"audio/mpeg","size_in_bytes":12}]}],)"
      R"("warnings":[{"code":"undeclared-entity","line":3,"message":"nbsp"}]})");
}

TEST(ToJson, LeavesOutWhatIsAbsentAndKeepsArrays) {
  feed::Feed feed;
  feed.format = "atom-1.0";
  feed.entries.emplace_back();
  EXPECT_EQ(to_json(feed), R"({"format":"atom-1.0","hub_urls":[],"skip_hours":[],"skip_days":[],)"
                           R"("items":[{"text":"","authors":[],"tags":[],"attachments":[]}],"warnings":[]})");
}

TEST(ToJson, EscapesPlainTextInHtmlFields) {
  feed::Feed feed;
  feed.format = "json-feed-1.1";
  feed.entries.emplace_back();
  feed.entries[0].content.value = "1 < 2 & 3\nnext";
  const auto parsed = json::parse(to_json(feed));
  const auto& item = parsed.at("items").at(0);
  EXPECT_EQ(item.at("content_html").as_string(), "1 &lt; 2 &amp; 3<br>next");
  EXPECT_EQ(item.at("text").as_string(), "1 < 2 & 3\nnext");
}

TEST(ToJson, IsOneLineOfValidUtf8) {
  feed::Feed feed;
  feed.format = "rss-2.0";
  feed.title.value = "a\nb\x1B[31m\xFF";
  feed.entries.emplace_back();
  feed.entries[0].id = "x\ny\xFE";
  feed.entries[0].content = {"<p>\xFF\x1B</p>\n", true, ""};
  const auto text = to_json(feed);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_EQ(text.find('\x1B'), std::string::npos);
  EXPECT_EQ(clean_text(text), text);
}

}  // namespace
}  // namespace dprkwatch::article
