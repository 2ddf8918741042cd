#pragma once
// Plugins of the build tree, loaded as the daemon does.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "plugin/health.hpp"
#include "plugin/plugin.hpp"

namespace dprkwatch::plugin {

inline const std::string kSources = DPRKWATCH_SOURCE_DIR;
inline const std::string kBuild = DPRKWATCH_BUILD_DIR;

inline config::Plugin shared_object(const std::string& id, config::PluginMode mode, const std::string& folder) {
  config::Plugin plugin;
  plugin.id = id;
  plugin.mode = mode;
  plugin.path = kBuild + "/" + folder + "/" + id + ".so";
  return plugin;
}

inline config::Plugin program(const std::string& id, const std::string& script) {
  config::Plugin plugin;
  plugin.id = id;
  plugin.mode = config::PluginMode::kCommand;
  plugin.command = {"python3", kSources + "/" + script};
  return plugin;
}

// The misbehaving one, with limits that keep the tests short.
inline config::Plugin misbehave(config::PluginMode mode) {
  config::Plugin plugin = mode == config::PluginMode::kCommand
                              ? program("misbehave", "tests/support/misbehave/misbehave.py")
                              : shared_object("misbehave", mode, "tests/plugins");
  plugin.timeout = std::chrono::milliseconds(200);
  plugin.memory_bytes = std::size_t{256} << 20;
  return plugin;
}

inline Input text(const std::string& words, const std::string& id = {}) {
  Input input;
  input.id = id.empty() ? words : id;
  input.text = words;
  return input;
}

// Counts and keeps the lines of plugins.
class Lines {
 public:
  [[nodiscard]] LogSink sink() {
    return [this](LogLevel level, std::string_view plugin, std::string_view message) {
      const std::lock_guard lock(mutex_);
      lines_.push_back({level, std::string(plugin) + " " + std::string(message)});
    };
  }
  [[nodiscard]] std::size_t count(const std::string& part, LogLevel least = LogLevel::kWarn) const {
    const std::lock_guard lock(mutex_);
    std::size_t found = 0;
    for (const auto& [level, line] : lines_) found += level >= least && line.find(part) != std::string::npos ? 1 : 0;
    return found;
  }

 private:
  mutable std::mutex mutex_;  // guards lines_
  std::vector<std::pair<LogLevel, std::string>> lines_;
};

struct Loaded {
  std::unique_ptr<Host> host;
  std::unique_ptr<Chain> chain;
};

inline Loaded load_chain(const std::vector<config::Plugin>& plugins, LogSink log = {}) {
  auto host = load(plugins, default_paths(), std::move(log));
  if (!host) {
    ADD_FAILURE() << describe(host.error().front());
    return {};
  }
  auto chain = (*host)->make_chain();
  if (!chain) {
    ADD_FAILURE() << describe(chain.error());
    return {};
  }
  return {std::move(*host), std::move(*chain)};
}

}  // namespace dprkwatch::plugin
