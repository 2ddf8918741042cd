#pragma once
// One shared object and what it says of itself. Private to plugin.

#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "dprkwatch/plugin.h"
#include "plugin/plugin.hpp"
#include "result/result.hpp"

namespace dprkwatch::plugin {

// A known plugin. In process its shared object stays loaded until the process ends: its static data may be referenced
// from anywhere.
struct Library {
  const dprkwatch_plugin* api = nullptr;  // in process only
  PluginInfo info;
  std::vector<std::string> optional_needs;
  config::Plugin settings;
};

// [a-z][a-z0-9-]{0,31}
[[nodiscard]] bool is_id(std::string_view id);

// Opens the shared object, checks ABI version and descriptor. [main thread]
[[nodiscard]] Result<Library> open_library(const config::Plugin& plugin, const Paths& paths);

// What a plugin in a process of its own said of itself, checked like a shared object's descriptor. A plugin that is
// configured without an id may call itself as it likes.
[[nodiscard]] Result<Library> take_descriptor(PluginInfo info, std::vector<std::string> optional_needs,
                                              const config::Plugin& plugin, const std::string& where);

// `plugin.path`, or ID.so of the installation.
[[nodiscard]] std::string library_path(const config::Plugin& plugin, const Paths& paths);

// Orders by needs and provides, keeping the configuration's order where it may. Mistakes: a kind that is needed and not
// provided, an id twice, a cycle.
[[nodiscard]] tl::expected<std::vector<Library>, std::vector<Error>> order(std::vector<Library> libraries);

}  // namespace dprkwatch::plugin
