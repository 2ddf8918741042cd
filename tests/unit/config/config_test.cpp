#include "config/config.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "config/opml.hpp"

namespace dprkwatch::config {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

constexpr const char* kSecret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

std::optional<std::string> environment(const std::string& name) {
  static const std::map<std::string, std::string> variables{{"HOOK_SECRET", kSecret}, {"BAD_SECRET", "hunter2!"}};
  const auto found = variables.find(name);
  return found == variables.end() ? std::nullopt : std::optional(found->second);
}

tl::expected<Config, std::vector<Error>> load(const std::string& yaml) {
  return load_text(yaml, "/etc/dprkwatch/c.yaml", environment);
}

// cases/NAME.yaml must give the lines of cases/NAME.txt: "LINE:COLUMN: message", in this order.
TEST(Config, NamesEveryMistakeAndItsPlace) {
  std::size_t cases = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(DPRKWATCH_TEST_DIR) / "cases")) {
    if (entry.path().extension() != ".yaml") continue;
    ++cases;
    const auto config = load_text(read(entry.path()), "c.yaml", environment);
    ASSERT_FALSE(config) << entry.path();
    std::string found;
    for (const Error& error : config.error()) {
      found += (error.where.starts_with("c.yaml:") ? error.where.substr(7) : error.where) + ": " + error.message + "\n";
    }
    fs::path expected = entry.path();
    EXPECT_EQ(found, read(expected.replace_extension(".txt"))) << entry.path();
  }
  EXPECT_GE(cases, 12U);
}

TEST(Config, ReadsTheSmallestConfiguration) {
  const auto config = load(R"(
store:    { url: "sqlite:./dprkwatch.db" }
api:      { listen: "127.0.0.1:8380" }
network:  { allow: ["127.0.0.1:9000"] }
fetch:    { interval: 15m }
feeds:    [ { name: wire, url: "http://127.0.0.1:9000/feed.xml", interval: 1s } ]
plugins:  [ { id: relevance }, { id: rhetoric, mode: in_process } ]
rules:    [ { name: any, when: { relevance: about, escalation: { min: 0 } }, receivers: [desk] } ]
receivers: [ { name: desk, type: webhook, url: "http://127.0.0.1:9000/hook", secret_env: HOOK_SECRET,
               retry_schedule: [0s, 5s, 5m, 30m, 2h, 5h, 10h, 14h, 20h, 24h] } ]
)");
  ASSERT_TRUE(config) << describe(config.error().front());
  EXPECT_EQ(config->store.url, "sqlite:/etc/dprkwatch/dprkwatch.db");
  EXPECT_EQ(config->feeds.at(0).interval, std::chrono::seconds(1));
  EXPECT_EQ(config->feeds.at(0).source, "wire");
  EXPECT_EQ(config->rules.at(0).when.escalation.min, 0.0);
  EXPECT_EQ(config->receivers.at(0).secret, kSecret);
  EXPECT_EQ(config->receivers.at(0).retry_schedule, Receiver::default_retry_schedule());
}

TEST(Config, NeedsOnlyFeeds) {
  const auto config = load("feeds: [{name: a, url: 'https://example.org/'}]");
  ASSERT_TRUE(config) << describe(config.error().front());
  EXPECT_EQ(config->fetch.interval, std::chrono::minutes(15));
  EXPECT_EQ(config->store.url, "sqlite:/etc/dprkwatch/dprkwatch.db");
}

TEST(Config, NestsConditions) {
  const auto config = load(R"(
feeds: [{name: a, url: 'https://example.org/'}]
receivers: [{name: log, type: log, path: '-'}]
rules:
  - name: r
    when: {any_of: [{language: ko}, {not: {feed: a}}], not: [{level: {max: 1}}]}
    receivers: log
)");
  ASSERT_TRUE(config) << describe(config.error().front());
  const Condition& when = config->rules.at(0).when;
  ASSERT_EQ(when.any_of.size(), 2U);
  EXPECT_EQ(when.any_of.at(1).none_of.at(0).feed, std::vector<std::string>{"a"});
  EXPECT_EQ(when.none_of.at(0).level.max, 1.0);
}

TEST(Config, PassesAPluginsOwnConfigurationOnAsJson) {
  const auto config = load(R"(
feeds: [{name: a, url: 'https://example.org/'}]
plugins: [{id: x, config: {threshold: 0.5, words: [a, '1'], deep: {on: true, none: ~}}}]
)");
  ASSERT_TRUE(config) << describe(config.error().front());
  EXPECT_EQ(config->plugins.at(0).config_json,
            R"({"threshold":5E-1,"words":["a","1"],"deep":{"on":true,"none":null}})");
}

TEST(Config, NeverShowsASecret) {
  const auto config = load(R"(
feeds: [{name: a, url: 'https://example.org/'}]
receivers: [{name: r, type: webhook, url: 'https://example.org/', secret_env: BAD_SECRET}]
)");
  ASSERT_FALSE(config);
  for (const Error& error : config.error()) EXPECT_EQ(describe(error).find("hunter2"), std::string::npos);
}

TEST(Config, RefusesAnAliasBombQuickly) {
  std::string yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    yaml += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) yaml += (j == 0 ? "" : ", ") + last;
    yaml += "]\n";
  }
  const auto config = load(yaml);
  ASSERT_FALSE(config);
  ASSERT_EQ(config.error().size(), 1U);
  EXPECT_NE(config.error().front().message.find("aliases"), std::string::npos);
}

TEST(Config, RefusesDepthAndWhatIsNoText) {
  EXPECT_FALSE(load(std::string(5000, '[')));
  EXPECT_FALSE(load("a: \xff\xfe"));
  EXPECT_FALSE(load(""));
  EXPECT_FALSE(load_file("/nowhere/c.yaml", environment));
}

TEST(Config, ItsOwnFilesAreGood) {
  for (const char* name : {"dprkwatch.yaml", "demo.yaml"}) {
    const auto config = load_file((fs::path(DPRKWATCH_SOURCE_DIR) / "config" / name).string(), environment);
    ASSERT_TRUE(config) << describe(config.error().front());
    EXPECT_GE(config->feeds.size(), 3U);
  }
}

// Every key of the schema stands in the reference file, live or behind a '#'.
TEST(Config, TheReferenceFileNamesEveryKey) {
  const std::string reference = read(fs::path(DPRKWATCH_SOURCE_DIR) / "config/dprkwatch.yaml");
  std::istringstream table(markdown_reference());
  std::size_t keys = 0;
  for (std::string line; std::getline(table, line);) {
    if (!line.starts_with("| `")) continue;
    std::string key = line.substr(3, line.find('`', 3) - 3);
    key = key.substr(key.find_last_of('.') + 1);
    EXPECT_NE(reference.find(key + ":"), std::string::npos) << key;
    ++keys;
  }
  EXPECT_GE(keys, 50U);
}

TEST(Config, ListsEveryKeyOnce) {
  std::istringstream lines(markdown_reference());
  std::set<std::string> keys;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    const std::string key = line.substr(3, line.find('`', 3) - 3);
    EXPECT_TRUE(keys.insert(key).second) << key << " stands twice in its table";
  }
  EXPECT_GT(keys.size(), 100U);
}

TEST(Config, SchemaAndReferenceAreThoseOfTheCode) {
  EXPECT_EQ(read(fs::path(DPRKWATCH_SOURCE_DIR) / "config/dprkwatch.schema.json"), json_schema())
      << "make it anew: dprkwatch check-config --print-schema > config/dprkwatch.schema.json";
  EXPECT_NE(read(fs::path(DPRKWATCH_SOURCE_DIR) / "docs/configuration.md").find(markdown_reference()),
            std::string::npos)
      << "make its table anew: dprkwatch check-config --print-reference";
}

TEST(Opml, ReadsFeedsAndMakesNamesUnique) {
  const auto feeds = read_opml(R"(<opml version="2.0"><body><outline text="Folder">
      <outline text="A" type="rss" xmlUrl="https://a.example/" language="ko"/>
      <outline text="A" xmlUrl="http://b.example/"/><outline text="C" xmlUrl="file:///etc/passwd"/>
      </outline></body></opml>)",
                               "f.opml");
  ASSERT_TRUE(feeds) << describe(feeds.error());
  ASSERT_EQ(feeds->size(), 2U);
  EXPECT_EQ(feeds->at(0).language, "ko");
  EXPECT_EQ(feeds->at(1).name, "A 2");
}

TEST(Opml, RefusesWhatIsNone) {
  EXPECT_FALSE(read_opml("<rss/>", "f"));
  EXPECT_FALSE(read_opml("<opml><body>", "f"));
  EXPECT_FALSE(read_opml("<!DOCTYPE x [<!ENTITY a 'b'>]><opml><outline xmlUrl='http://a/'/></opml>", "f"));
}

}  // namespace
}  // namespace dprkwatch::config
