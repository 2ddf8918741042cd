#include "plugin/host.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "plugin/analyzer.hpp"
#include "plugin/conversation.hpp"
#include "plugin/library.hpp"
#include "plugin/plugin.hpp"
#include "plugin/remote.hpp"
#include "plugin/services.hpp"

namespace dprkwatch::plugin {
namespace {

bool says_none(const Analysis& analysis) {
  return std::any_of(analysis.annotations.begin(), analysis.annotations.end(), [](const Annotation& annotation) {
    return annotation.kind == "relevance" && annotation.label == "none";
  });
}

class AnalyzerChain final : public Chain {
 public:
  explicit AnalyzerChain(std::vector<std::unique_ptr<Analyzer>> analyzers) : analyzers_(std::move(analyzers)) {}

  Result<Analysis> analyze(const Input& input, bool complete) override {
    auto results = analyze_all({&input, 1}, complete);
    return std::move(results.front());
  }

  std::vector<Result<Analysis>> analyze_all(std::span<const Input> inputs, bool complete) override {
    std::vector<Result<Analysis>> results(inputs.size());
    std::vector<std::size_t> open;  // inputs that more analyzers shall see
    open.reserve(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (inputs[i].text.find('\0') == std::string::npos && inputs[i].title.find('\0') == std::string::npos) {
        open.push_back(i);
      } else {
        results[i] = fail(ErrorCode::kInvalidInput, "the text holds a NUL byte; expected plain text");
      }
    }
    std::vector<Task> tasks;
    for (const auto& analyzer : analyzers_) {
      tasks.clear();
      for (const std::size_t i : open) tasks.push_back({&inputs[i], &results[i]->annotations, {}});
      if (!tasks.empty()) analyzer->analyze(tasks);
      std::size_t kept = 0;
      for (std::size_t t = 0; t < tasks.size(); ++t) {
        if (settle(analyzer->library(), tasks[t], results[open[t]], complete)) open[kept++] = open[t];
      }
      open.resize(kept);
    }
    for (auto& result : results) {
      if (result) summarize(*result);
    }
    return results;
  }

 private:
  // Whether the next analyzer shall see it.
  static bool settle(const Library& library, Task& task, Result<Analysis>& result, bool complete) {
    if (task.done) {
      result->versions.emplace_back(library.info.id, library.info.version);
    } else if (library.settings.required) {
      result = tl::unexpected(std::move(task.done.error()));
      return false;
    } else {
      result->missing.push_back(library.info.id);
    }
    return complete || !says_none(*result);
  }

  std::vector<std::unique_ptr<Analyzer>> analyzers_;
};

class LoadedHost final : public Host {
 public:
  LoadedHost(std::vector<Library> libraries, Paths paths, std::unique_ptr<Nursery> nursery, LogSink log)
      : libraries_(std::move(libraries)),
        paths_(std::move(paths)),
        files_(paths_.share_dir),
        log_(std::move(log)),
        nursery_(std::move(nursery)) {
    for (const Library& library : libraries_) infos_.push_back(library.info);
  }

  [[nodiscard]] const std::vector<PluginInfo>& plugins() const override { return infos_; }

  Result<std::unique_ptr<Chain>> make_chain() override {
    std::vector<std::unique_ptr<Analyzer>> analyzers;
    for (const Library& library : libraries_) {
      auto analyzer = library.settings.mode == config::PluginMode::kInProcess
                          ? make_in_process(library, files_, log_)
                          : make_remote(library, paths_, *nursery_, log_);
      if (!analyzer) return tl::unexpected(std::move(analyzer.error()));
      analyzers.push_back(std::move(*analyzer));
    }
    return std::make_unique<AnalyzerChain>(std::move(analyzers));
  }

 private:
  std::vector<Library> libraries_;
  Paths paths_;
  std::vector<PluginInfo> infos_;
  DataFiles files_;
  LogSink log_;
  std::unique_ptr<Nursery> nursery_;
};

Result<Library> find_library(const config::Plugin& plugin, const Paths& paths, Spawner& spawner) {
  if (plugin.mode == config::PluginMode::kInProcess) return open_library(plugin, paths);
  auto descriptor = ask_descriptor(plugin, paths, spawner);
  if (!descriptor) return tl::unexpected(std::move(descriptor.error()));
  return take_descriptor(std::move(descriptor->info), std::move(descriptor->optional_needs), plugin,
                         "plugin " + plugin.id);
}

}  // namespace

Paths default_paths() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto root = program.parent_path().parent_path();
  return {(root / "lib/dprkwatch/plugins").string(), (root / "share/dprkwatch").string(),
          (program.parent_path() / "dprkwatch-plugin-host").string()};
}

tl::expected<std::unique_ptr<Host>, std::vector<Error>> load(const std::vector<config::Plugin>& plugins,
                                                             const Paths& paths, LogSink log) {
  std::vector<config::Plugin> wanted = plugins;
  if (wanted.empty()) {
    for (const char* id : {"relevance", "rhetoric"}) {
      config::Plugin builtin;
      builtin.id = id;
      wanted.push_back(builtin);
    }
  }
  auto nursery = std::make_unique<Nursery>();
  std::vector<Library> libraries;
  std::vector<Error> mistakes;
  for (const config::Plugin& plugin : wanted) {
    auto library = find_library(plugin, paths, nursery->spawner);
    if (library) {
      libraries.push_back(std::move(*library));
    } else {
      mistakes.push_back(std::move(library.error()));
    }
  }
  if (!mistakes.empty()) return tl::unexpected(std::move(mistakes));
  auto ordered = order(std::move(libraries));
  if (!ordered) return tl::unexpected(std::move(ordered.error()));
  auto host = std::make_unique<LoadedHost>(std::move(*ordered), paths, std::move(nursery), std::move(log));
  // A configuration that a plugin refuses is found now, not with the first article. Remote ones were asked above.
  if (auto chain = host->make_chain(); !chain) return tl::unexpected(std::vector<Error>{chain.error()});
  return host;
}

}  // namespace dprkwatch::plugin
