#include "plugin/library.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <utility>

namespace dprkwatch::plugin {
namespace {

// What this version of the ABI must have; fields after it were added later and may be missing.
constexpr std::size_t kLeastDescriptor = offsetof(dprkwatch_plugin, get_extension);

std::string text_of(dprkwatch_str text) {
  return text.size == 0 ? std::string() : std::string(text.data, text.size);
}

std::vector<std::string> words_of(dprkwatch_str text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text_of(text) + " ") {
    if (c != ' ') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  return words;
}

Result<const dprkwatch_plugin*> descriptor_of(void* library, const std::string& path) {
  auto* entry = reinterpret_cast<dprkwatch_plugin_entry_fn>(dlsym(library, DPRKWATCH_PLUGIN_ENTRY_SYMBOL));
  if (entry == nullptr) {
    return fail(ErrorCode::kPlugin, "no plugin: it does not export " DPRKWATCH_PLUGIN_ENTRY_SYMBOL, path);
  }
  const dprkwatch_plugin* api = entry(DPRKWATCH_ABI_VERSION);
  if (api == nullptr) {
    return fail(ErrorCode::kPlugin, "the plugin cannot work with ABI version " + std::to_string(DPRKWATCH_ABI_VERSION),
                path);
  }
  if (api->size < kLeastDescriptor || api->abi_version != DPRKWATCH_ABI_VERSION) {
    return fail(ErrorCode::kPlugin,
                "the plugin was built for ABI version " + std::to_string(api->abi_version) +
                    ", this program speaks version " + std::to_string(DPRKWATCH_ABI_VERSION) +
                    "; build it anew with this version's plugin.h",
                path);
  }
  if (api->create == nullptr || api->configure == nullptr || api->analyze == nullptr || api->destroy == nullptr) {
    return fail(ErrorCode::kPlugin, "the plugin's descriptor lacks create, configure, analyze or destroy", path);
  }
  return api;
}

}  // namespace

bool is_id(std::string_view id) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !id.empty() && id.size() <= 32 && id.front() >= 'a' && id.front() <= 'z' &&
         std::all_of(id.begin(), id.end(), allowed);
}

std::string library_path(const config::Plugin& plugin, const Paths& paths) {
  if (!plugin.path.empty()) return plugin.path;
  return (std::filesystem::path(paths.plugin_dir) / (plugin.id + ".so")).string();
}

Result<Library> open_library(const config::Plugin& plugin, const Paths& paths) {
  const std::string path = library_path(plugin, paths);
  if (!std::filesystem::exists(path)) {
    return fail(ErrorCode::kPlugin, "no such plugin file; expected the shared object of plugin " + plugin.id, path);
  }
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* why = dlerror();
    return fail(ErrorCode::kPlugin, std::string("cannot load the plugin: ") + (why == nullptr ? "" : why), path);
  }
  const auto api = descriptor_of(handle, path);
  if (!api) return tl::unexpected(api.error());
  PluginInfo info{
      text_of((*api)->id), text_of((*api)->version), text_of((*api)->summary), words_of((*api)->provides), {}};
  std::vector<std::string> optional_needs;
  for (std::string& need : words_of((*api)->needs)) {
    const bool optional = need.ends_with('?');
    if (optional) need.pop_back();
    (optional ? optional_needs : info.needs).push_back(std::move(need));
  }
  auto library = take_descriptor(std::move(info), std::move(optional_needs), plugin, path);
  if (library) library->api = *api;
  return library;
}

Result<Library> take_descriptor(PluginInfo info, std::vector<std::string> optional_needs, const config::Plugin& plugin,
                                const std::string& where) {
  if (!is_id(info.id)) {
    return fail(ErrorCode::kPlugin,
                "the plugin calls itself '" + info.id + "'; expected a-z, 0-9 and '-', a letter first, at most 32", where);
  }
  if (!plugin.id.empty() && info.id != plugin.id) {
    return fail(ErrorCode::kPlugin,
                "the plugin calls itself '" + info.id + "', the configuration calls it '" + plugin.id + "'", where);
  }
  if (info.provides.empty()) return fail(ErrorCode::kPlugin, "the plugin provides no kind", where);
  Library library;
  library.info = std::move(info);
  library.optional_needs = std::move(optional_needs);
  library.settings = plugin;
  library.settings.id = library.info.id;
  return library;
}

tl::expected<std::vector<Library>, std::vector<Error>> order(std::vector<Library> libraries) {
  std::vector<Error> mistakes;
  const auto provides = [](const Library& library, const std::string& kind) {
    return std::find(library.info.provides.begin(), library.info.provides.end(), kind) != library.info.provides.end();
  };
  for (std::size_t i = 0; i < libraries.size(); ++i) {
    const PluginInfo& info = libraries[i].info;
    for (std::size_t j = 0; j < i; ++j) {
      if (libraries[j].info.id == info.id) {
        mistakes.push_back({ErrorCode::kInvalidConfig, "the plugin is configured twice", "plugin " + info.id});
      }
    }
    for (const std::string& need : info.needs) {
      const auto gives = [&](const Library& library) { return provides(library, need); };
      if (std::none_of(libraries.begin(), libraries.end(), gives)) {
        mistakes.push_back({ErrorCode::kInvalidConfig,
                            "needs annotations of kind '" + need + "', which no configured plugin provides",
                            "plugin " + info.id});
      }
    }
  }
  if (!mistakes.empty()) return tl::unexpected(std::move(mistakes));

  // Kahn's algorithm; the first that is ready in the configuration's order goes next.
  std::vector<Library> ordered;
  const auto waits_for = [&](const Library& library, const Library& other) {
    if (library.info.id == other.info.id) return false;
    const auto given = [&](const std::string& kind) { return provides(other, kind); };
    return std::any_of(library.info.needs.begin(), library.info.needs.end(), given) ||
           std::any_of(library.optional_needs.begin(), library.optional_needs.end(), given);
  };
  while (!libraries.empty()) {
    const auto ready = std::find_if(libraries.begin(), libraries.end(), [&](const Library& library) {
      return std::none_of(libraries.begin(), libraries.end(),
                          [&](const Library& other) { return waits_for(library, other); });
    });
    if (ready == libraries.end()) {
      std::string names;
      for (const Library& library : libraries) names += (names.empty() ? "" : ", ") + library.info.id;
      mistakes.push_back({ErrorCode::kInvalidConfig, "these plugins need each other in a circle: " + names, "plugins"});
      return tl::unexpected(std::move(mistakes));
    }
    ordered.push_back(std::move(*ready));
    libraries.erase(ready);
  }
  return ordered;
}

}  // namespace dprkwatch::plugin
