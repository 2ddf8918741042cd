#include "log/log.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace dprkwatch::log {
namespace {

std::string written(Format format, Level least, Level level, std::string_view event, std::initializer_list<Field> fields) {
  testing::internal::CaptureStderr();
  to_stderr(least, format)->write(level, event, fields);
  return testing::internal::GetCapturedStderr();
}

TEST(Log, AnEventIsOneLineWithFields) {
  const std::string line = written(Format::kText, Level::kInfo, Level::kWarn, "could not read a feed",
                                   {{"feed", "wire"}, {"status", 404}, {"reason", "not found"}});
  EXPECT_NE(line.find(" could not read a feed feed=wire status=404 reason=\"not found\"\n"), std::string::npos) << line;
}

TEST(Log, NothingThatAFeedSaysWritesALineOfItsOwn) {
  for (const Format format : {Format::kText, Format::kJson}) {
    const std::string line = written(format, Level::kInfo, Level::kInfo, "event",
                                     {{"title", "a\nb\r\x1b[2J\u202e\" x=y"}, {"bytes", "\xff"}});
    EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
    EXPECT_EQ(line.find('\x1b'), std::string::npos);
    EXPECT_EQ(line.find("\u202e"), std::string::npos);
  }
}

TEST(Log, JsonLinesAreJson) {
  const std::string line =
      written(Format::kJson, Level::kInfo, Level::kError, "gave up", {{"text", "quote \" and \\"}, {"count", 7}});
  const auto value = boost::json::parse(line).as_object();
  EXPECT_EQ(value.at("event").as_string(), "gave up");
  EXPECT_EQ(value.at("text").as_string(), "quote \" and \\");
  EXPECT_EQ(value.at("count").as_int64(), 7);
  EXPECT_EQ(value.at("level").as_string(), "error");
}

TEST(Log, KeepsQuietBelowItsLevel) {
  EXPECT_EQ(written(Format::kText, Level::kWarn, Level::kInfo, "event", {}), "");
  EXPECT_FALSE(to_stderr(Level::kWarn, Format::kText)->enabled(Level::kInfo));
  EXPECT_TRUE(to_stderr(Level::kWarn, Format::kText)->enabled(Level::kError));
}

}  // namespace
}  // namespace dprkwatch::log
