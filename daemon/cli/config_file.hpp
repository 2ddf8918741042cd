#pragma once
// Changes the configuration's file as an editor would, but all or nothing. Private to cli.

#include <functional>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "result/result.hpp"

namespace dprkwatch::cli {

// From the file's text and what it says to the new text.
using Edit = std::function<Result<std::string>(std::string_view text, const config::Config& config)>;

// Checks the file, edits it, checks the result as check-config does its keys, and puts it in the old one's place with
// one rename; mode and owner stay. A symbolic link stays one. Two edits at once come after each other. Gives kDone, or,
// with the file untouched and the mistakes on standard error, kUsage (configuration) or kFailed.
[[nodiscard]] int edit_config_file(const std::string& path, const Edit& edit);

// How a running daemon is told, for people.
[[nodiscard]] std::string how_to_reload();

}  // namespace dprkwatch::cli
