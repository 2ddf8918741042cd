#pragma once
// The tests of a file as plain data. Private to alert.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clock/clock.hpp"
#include "plugin/analysis.hpp"
#include "result/result.hpp"
#include "trend/trend.hpp"

namespace dprkwatch::alert {

struct PlayedArticle {
  Duration at{};
  std::string story;
  std::string title;
  std::string text;
  std::string url;
  std::string feed = "test";
  std::string language = "en";
  plugin::Analysis analysis;
  trend::Reading reading;
};

struct ExpectedAlert {
  std::string rule;
  std::string story;
  std::string severity;  // empty: any
  std::string message;   // empty: any
};

struct ExpectedMessage {
  std::string receiver;
  std::string type;
  std::optional<std::int64_t> alerts;  // how many it tells of
};

struct Expectation {
  Duration at{};
  std::optional<std::vector<ExpectedAlert>> alerts;      // that fire then
  std::optional<std::vector<ExpectedMessage>> messages;  // since the expectation before
};

struct Play {
  std::string name;
  Time start{};
  std::vector<PlayedArticle> articles;  // by time
  std::vector<Expectation> expected;    // by time
};

struct PlayFile {
  std::string config;
  std::vector<Play> plays;
};

[[nodiscard]] tl::expected<PlayFile, std::vector<Error>> read_plays(std::string_view yaml, const std::string& path);

}  // namespace dprkwatch::alert
