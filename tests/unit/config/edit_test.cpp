#include "config/edit.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace dprkwatch::config {
namespace {

Feed feed(std::string name, std::string url = "http://b/") {
  Feed made;
  made.name = std::move(name);
  made.url = std::move(url);
  return made;
}

std::string added(std::string_view yaml, const std::vector<Feed>& feeds = {feed("bee")}) {
  const auto edited = add_feeds(yaml, "f", feeds);
  return edited ? *edited : describe(edited.error());
}
std::string removed(std::string_view yaml, const std::string& name) {
  const auto edited = remove_feed(yaml, "f", name);
  return edited ? *edited : describe(edited.error());
}

bool is_refused(const std::string& text) {
  return text.find("can not be changed by a program") != std::string::npos;
}

const std::string kBee = R"({ name: bee, url: "http://b/" })";

TEST(AddFeeds, ToAListWithDashesInTheStyleOfItsLastItem) {
  EXPECT_EQ(
      added("# head\nfeeds:   # ours\n  - { name: a, url: http://a/ }   # first\n\n# rules\nrules: []\n"),
      "# head\nfeeds:   # ours\n  - { name: a, url: http://a/ }   # first\n  - " + kBee + "\n\n# rules\nrules: []\n");
  EXPECT_EQ(added("feeds:\n- name: a\n  url: http://a/\n  # why\nrules: []\n"),
            "feeds:\n- name: a\n  url: http://a/\n  # why\n- name: bee\n  url: \"http://b/\"\nrules: []\n");
  EXPECT_EQ(added("feeds:\n    -   name: a\n        url: http://a/\n"),
            "feeds:\n    -   name: a\n        url: http://a/\n    - name: bee\n      url: \"http://b/\"\n");
}

TEST(AddFeeds, BehindTextsThatLookLikeSomethingElse) {
  const std::string head = "feeds:\n  - name: a\n    description: |\n      # no comment\n\n      - no item\n";
  EXPECT_EQ(added(head + "\n# end\nlog: {}\n"), head + "  - name: bee\n    url: \"http://b/\"\n\n# end\nlog: {}\n");
  const std::string quoted = "feeds:\n  - name: a\n    description: \"one\n\n      feeds: [\n\n      two\"\n";
  EXPECT_EQ(added(quoted), quoted + "  - name: bee\n    url: \"http://b/\"\n");
}

TEST(AddFeeds, ToAListInBrackets) {
  EXPECT_EQ(added("feeds: [ { name: a, url: 'http://a/?x=[,]' } ] # x\n"),
            "feeds: [ { name: a, url: 'http://a/?x=[,]' }, " + kBee + " ] # x\n");
  EXPECT_EQ(added("feeds: []\nopml: x\n"), "feeds: [ " + kBee + " ]\nopml: x\n");
  EXPECT_EQ(added("feeds: [ { name: a, description: \"it's ]\\\" #, \" }, ]\n"),
            "feeds: [ { name: a, description: \"it's ]\\\" #, \" }, " + kBee + ", ]\n");
  EXPECT_EQ(added("feeds: [ { name: it's, url: http://a/ } ]\n"),
            "feeds: [ { name: it's, url: http://a/ }, " + kBee + " ]\n");
}

TEST(AddFeeds, ToAListInBracketsWithALineAnItem) {
  EXPECT_EQ(added("feeds: [\n  { name: a }, # ]\n  { name: c } # last\n]\n"),
            "feeds: [\n  { name: a }, # ]\n  { name: c }, # last\n  " + kBee + "\n]\n");
  EXPECT_EQ(added("feeds: [\n  { name: c }, # last\n]\n"), "feeds: [\n  { name: c }, # last\n  " + kBee + ",\n]\n");
  EXPECT_EQ(added("feeds: [\n  { name: c } ]\n"), "feeds: [\n  { name: c },\n  " + kBee + " ]\n");
}

TEST(AddFeeds, WhereThereIsNoListYet) {
  EXPECT_EQ(added("opml: x.opml"), "opml: x.opml\nfeeds:\n  - " + kBee + "\n");
  EXPECT_EQ(added("feeds:   # none yet\nopml: x.opml\n"), "feeds:   # none yet\n  - " + kBee + "\nopml: x.opml\n");
}

TEST(AddFeeds, KeepsLineEndsAndTheByteOrderMark) {
  EXPECT_EQ(added("\xEF\xBB\xBF"
                  "feeds:\r\n  - { name: \"북한\" }\r\nlog: {}\r\n"),
            "\xEF\xBB\xBF"
            "feeds:\r\n  - { name: \"북한\" }\r\n  - " +
                kBee + "\r\nlog: {}\r\n");
  EXPECT_EQ(added("\xEF\xBB\xBF"
                  "feeds: [ { name: \"북한\" } ]"),
            "\xEF\xBB\xBF"
            "feeds: [ { name: \"북한\" }, " +
                kBee + " ]");
  EXPECT_EQ(added("feeds: [\r\n  { name: c } # last\r\n]\r\n"),
            "feeds: [\r\n  { name: c }, # last\r\n  " + kBee + "\r\n]\r\n");
  EXPECT_EQ(added("feeds:\n  - { name: a }"), "feeds:\n  - { name: a }\n  - " + kBee + "\n");
}

TEST(AddFeeds, EveryKeyAndEveryTextComesBack) {
  Feed full = feed("yes", "https://b/?a=1&b=#c");
  full.interval = std::chrono::minutes(90);
  full.language = "no";
  full.source = "it's \"x\" \\ \t\n\x01 # [y], {z}: \xC2\x85 \xE2\x80\xA8 \xEF\xBB\xBF 북한";
  full.category = {"State media", "null", "1.5", "Wire/Yonhap"};
  full.tags = {"/a", "b"};
  full.site = "https://b/";
  full.description = "  blanks around  ";
  for (const char* before : {"feeds:\n  - name: a\n    url: http://a/\n", "feeds: [ { name: a, url: http://a/ } ]\n"}) {
    const std::string text = added(before, {full, feed("second")});
    const auto config = load_text(text, "f", [](const std::string&) { return std::nullopt; });
    ASSERT_TRUE(config) << text << describe(config.error().front());
    ASSERT_EQ(config->feeds.size(), 3U);
    const Feed& read = config->feeds[1];
    EXPECT_EQ(read.name, full.name);
    EXPECT_EQ(read.url, full.url);
    EXPECT_EQ(read.interval, full.interval);
    EXPECT_EQ(read.language, full.language);
    EXPECT_EQ(read.source, full.source);
    EXPECT_EQ(read.category, full.category);
    EXPECT_EQ(read.tags, full.tags);
    EXPECT_EQ(read.site, full.site);
    EXPECT_EQ(read.description, full.description);
  }
}

TEST(AddFeeds, RefusesShapesThatItWouldSpoil) {
  for (const char* yaml : {"{ feeds: [ { name: a } ] }\n", "feeds: &f\n  - { name: a }\nopml: *f\n",
                           "x: &f [ { name: a } ]\nfeeds: *f\n", "feeds: a\n", "feeds: ~\n", "opml: x\n...\n", "- a\n",
                           "feeds: !!seq\n  - { name: a }\n", "feeds: { name: a }\n"}) {
    EXPECT_TRUE(is_refused(added(yaml))) << yaml << added(yaml);
  }
  EXPECT_NE(added("feeds: [\n").find("not YAML"), std::string::npos);
}

TEST(RemoveFeed, FromAListWithDashes) {
  const std::string text =
      "feeds:\n  # one\n  - { name: a, url: http://a/ } # x\n\n  # two\n  - name: b\n    url: http://b/\n    # of b\n\n"
      "  # three\n  -\n    url: http://c/\n    name: c\n# end\nlog: {}\n";
  EXPECT_EQ(removed(text, "a"),
            "feeds:\n  # one\n\n  # two\n  - name: b\n    url: http://b/\n    # of b\n\n"
            "  # three\n  -\n    url: http://c/\n    name: c\n# end\nlog: {}\n");
  EXPECT_EQ(removed(text, "b"),
            "feeds:\n  # one\n  - { name: a, url: http://a/ } # x\n\n  # two\n\n"
            "  # three\n  -\n    url: http://c/\n    name: c\n# end\nlog: {}\n");
  EXPECT_EQ(removed(text, "c"),
            "feeds:\n  # one\n  - { name: a, url: http://a/ } # x\n\n  # two\n  - name: b\n    url: http://b/\n"
            "    # of b\n\n  # three\n# end\nlog: {}\n");
}

TEST(RemoveFeed, FromAListInBrackets) {
  const std::string text = "feeds: [ { name: a }, { name: \"b\", url: 'x, y' }, {name: c} ]  # all\n";
  EXPECT_EQ(removed(text, "a"), "feeds: [ { name: \"b\", url: 'x, y' }, {name: c} ]  # all\n");
  EXPECT_EQ(removed(text, "b"), "feeds: [ { name: a }, {name: c} ]  # all\n");
  EXPECT_EQ(removed(text, "c"), "feeds: [ { name: a }, { name: \"b\", url: 'x, y' } ]  # all\n");
  EXPECT_EQ(removed("feeds: [{name: a}]\nopml: x\n", "a"), "feeds: []\nopml: x\n");
}

TEST(RemoveFeed, FromAListInBracketsWithALineAnItem) {
  const std::string text = "feeds: [\n  # one\n  { name: a }, # a\n  { name: b,\n    url: x }\n]\n";
  EXPECT_EQ(removed(text, "a"), "feeds: [\n  # one\n  { name: b,\n    url: x }\n]\n");
  EXPECT_EQ(removed(text, "b"), "feeds: [\n  # one\n  { name: a }, # a\n]\n");
}

TEST(RemoveFeed, TheLastOneLeavesTheKey) {
  EXPECT_EQ(removed("opml: x\nfeeds:\n  - { name: a }\nlog: {}\n", "a"), "opml: x\nfeeds:\nlog: {}\n");
}

TEST(RemoveFeed, UndoesAdd) {
  for (const char* yaml : {"feeds:\n  - { name: a }\n\n# x\nlog: {}\n", "feeds:\n- name: a\n  url: x # y\n",
                           "feeds: [ { name: a } ]\n", "feeds: [\n  { name: a },\n]\n", "feeds: [{name: a}]"}) {
    EXPECT_EQ(removed(added(yaml), "bee"), yaml);
  }
}

TEST(RemoveFeed, NamesWhatIsNotThere) {
  const auto edited = remove_feed("feeds: [ { name: a } ]", "f", "b");
  ASSERT_FALSE(edited);
  EXPECT_EQ(edited.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(remove_feed("opml: x", "f", "b").error().code, ErrorCode::kNotFound);
}

TEST(RemoveFeed, RefusesWhatElsewhereIsNeeded) {
  EXPECT_TRUE(is_refused(removed("feeds: &f\n  - { name: a }\n  - { name: b }\nopml: *f\n", "a")));
  EXPECT_NE(removed("feeds:\n  - &a { name: a }\n  - { name: b, x: *a }\n", "a"), "feeds:\n  - { name: b, x: *a }\n");
}

TEST(ReadDuration, IsThatOfTheConfiguration) {
  EXPECT_EQ(read_duration("200ms"), std::chrono::milliseconds(200));
  EXPECT_EQ(read_duration("1.5h"), std::chrono::minutes(90));
  for (const char* text : {"", "5", "m", "-5m", "5 minutes", "5m 3s", "nan"})
    EXPECT_EQ(read_duration(text), std::nullopt) << text;
}

}  // namespace
}  // namespace dprkwatch::config
