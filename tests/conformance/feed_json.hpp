#pragma once
// A feed as JSON for comparison: every field that is not empty, nothing cleaned. Text is a string when it is plain,
// else
// {"html": …, "base": …}; warnings are their codes, each once.

#include <boost/json/value.hpp>
#include <filesystem>
#include <string>

#include "feed/feed.hpp"

namespace dprkwatch::conformance {

[[nodiscard]] boost::json::value to_json(const feed::Feed& feed);

[[nodiscard]] std::string read_file(const std::filesystem::path& path);

// Where two values differ, one line each: "items[0].title: expected …, got …"; empty when they are equal.
[[nodiscard]] std::string describe_difference(const boost::json::value& expected, const boost::json::value& got);

}  // namespace dprkwatch::conformance
