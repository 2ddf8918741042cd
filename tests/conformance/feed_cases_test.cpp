// Our own corpus: cases/NAME.xml (or .feed for what is no XML) and cases/NAME.json, which holds all that must come out,
// under "options" what goes in beside the bytes, or under "error" a part of the message.

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "feed_json.hpp"

namespace dprkwatch::conformance {
namespace {

namespace json = boost::json;

std::vector<std::filesystem::path> case_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{DPRKWATCH_TEST_DIR "/cases"}) {
    if (entry.path().extension() == ".json") {
      files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

class FeedCase : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(FeedCase, GivesWhatIsWritten) {
  std::filesystem::path input = GetParam();
  input.replace_extension(".xml");
  if (!exists(input)) {
    input.replace_extension(".feed");
  }
  ASSERT_TRUE(exists(input)) << input;
  json::object expected = json::parse(read_file(GetParam())).as_object();

  feed::ParseOptions options;
  if (const json::value* given = expected.if_contains("options")) {
    const json::object& object = given->as_object();
    if (const json::value* base = object.if_contains("base_url")) {
      options.base_url = base->as_string();
    }
    if (const json::value* type = object.if_contains("content_type")) {
      options.content_type = type->as_string();
    }
    expected.erase("options");
  }
  const auto feed = feed::parse(read_file(input), options);
  if (const json::value* error = expected.if_contains("error")) {
    ASSERT_FALSE(feed) << "expected a failure, got " << json::serialize(to_json(*feed));
    EXPECT_NE(feed.error().message.find(std::string{error->as_string()}), std::string::npos) << feed.error().message;
    return;
  }
  ASSERT_TRUE(feed) << feed.error().message;
  const json::value got = to_json(*feed);
  EXPECT_EQ(describe_difference(expected, got), "") << json::serialize(got);
}

INSTANTIATE_TEST_SUITE_P(Corpus, FeedCase, testing::ValuesIn(case_files()), [](const auto& one) {
  std::string name = one.param.stem().string();
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace dprkwatch::conformance
