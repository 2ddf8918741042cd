#include "plugin/host.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "plugin/analyzer.hpp"
#include "plugin/conversation.hpp"
#include "plugin/health.hpp"
#include "plugin/library.hpp"
#include "plugin/plugin.hpp"
#include "plugin/remote.hpp"
#include "plugin/services.hpp"
#include "plugin/stop_flag.hpp"
#include "plugin/vitals.hpp"

namespace dprkwatch::plugin {
namespace {

bool says_none(const Analysis& analysis) {
  return std::any_of(analysis.annotations.begin(), analysis.annotations.end(), [](const Annotation& annotation) {
    return annotation.kind == "relevance" && annotation.label == "none";
  });
}

// An analyzer, and what is counted of its plugin.
struct Link {
  std::unique_ptr<Analyzer> analyzer;
  Vitals* vitals;
};

class AnalyzerChain final : public Chain {
 public:
  explicit AnalyzerChain(std::vector<Link> links) : links_(std::move(links)) {}

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
    for (const Link& link : links_) {
      tasks.clear();
      for (const std::size_t i : open) tasks.push_back({&inputs[i], &results[i]->annotations, {}});
      if (!tasks.empty()) ask(link, tasks);
      std::size_t kept = 0;
      for (std::size_t t = 0; t < tasks.size(); ++t) {
        if (settle(link, tasks[t], results[open[t]], complete)) open[kept++] = open[t];
      }
      open.resize(kept);
    }
    for (auto& result : results) {
      if (result) summarize(*result);
    }
    return results;
  }

 private:
  static void ask(const Link& link, std::span<Task> tasks) {
    const auto start = std::chrono::steady_clock::now();
    link.analyzer->analyze(tasks);
    link.vitals->count_calls(tasks.size(), std::chrono::steady_clock::now() - start);
  }

  // Whether the next analyzer shall see it.
  static bool settle(const Link& link, Task& task, Result<Analysis>& result, bool complete) {
    const Library& library = link.analyzer->library();
    if (task.done) {
      result->versions.emplace_back(library.info.id, library.info.version);
      return complete || !says_none(*result);
    }
    const ErrorCode code = task.done.error().code;
    if (code == ErrorCode::kPlugin) link.vitals->count_failure(task.done.error().message);
    // What was stopped is done again whole, with the plugins that come next.
    if (library.settings.required || code == ErrorCode::kStopped) {
      result = tl::unexpected(std::move(task.done.error()));
      return false;
    }
    result->missing.push_back(library.info.id);
    if (code == ErrorCode::kUnavailable) result->awaited.push_back(library.info.id);
    return complete || !says_none(*result);
  }

  std::vector<Link> links_;
};

// A plugin, and what all its instances share.
struct Loaded {
  explicit Loaded(Library from) : library(std::move(from)) {}
  Library library;
  Breaker breaker;
  Vitals vitals;
};

class LoadedHost final : public Host {
 public:
  LoadedHost(std::vector<Library> libraries, Paths paths, std::unique_ptr<Spawner> spawner, LogSink log,
             std::shared_ptr<StopFlag> stop)
      : paths_(std::move(paths)),
        files_(paths_.share_dir),
        log_(std::move(log)),
        stop_(std::move(stop)),
        spawner_(std::move(spawner)) {
    for (Library& library : libraries) {
      infos_.push_back(library.info);
      plugins_.push_back(std::make_unique<Loaded>(std::move(library)));
    }
  }

  [[nodiscard]] const std::vector<PluginInfo>& plugins() const override { return infos_; }

  Result<std::unique_ptr<Chain>> make_chain() override {
    std::vector<Link> links;
    for (const auto& plugin : plugins_) {
      auto analyzer = plugin->library.settings.mode == config::PluginMode::kInProcess ? here(*plugin) : apart(*plugin);
      if (!analyzer) return tl::unexpected(std::move(analyzer.error()));
      links.push_back({std::move(*analyzer), &plugin->vitals});
    }
    return std::make_unique<AnalyzerChain>(std::move(links));
  }

  [[nodiscard]] std::vector<Health> health() const override {
    std::vector<Health> all;
    for (const auto& plugin : plugins_) {
      Health health;
      health.info = plugin->library.info;
      health.mode = plugin->library.settings.mode;
      health.required = plugin->library.settings.required;
      health.state = plugin->breaker.state();
      health.trial_due = plugin->breaker.is_trial_due(std::chrono::steady_clock::now());
      plugin->vitals.read(health);
      all.push_back(std::move(health));
    }
    return all;
  }

  void request_stop() override { stop_->set(); }

 private:
  Result<std::unique_ptr<Analyzer>> here(Loaded& plugin) {
    const MetricSink metric = [&plugin](std::string_view name, double value) { plugin.vitals.set_gauge(name, value); };
    return make_in_process(plugin.library, {files_, stop_->flag(), log_, metric});
  }

  Result<std::unique_ptr<Analyzer>> apart(Loaded& plugin) {
    return make_remote({plugin.library, paths_, *spawner_, *stop_, plugin.breaker, plugin.vitals, log_});
  }

  Paths paths_;
  std::vector<PluginInfo> infos_;
  DataFiles files_;
  LogSink log_;
  std::shared_ptr<StopFlag> stop_;
  std::unique_ptr<Spawner> spawner_;
  std::vector<std::unique_ptr<Loaded>> plugins_;
};

Result<Library> find_library(const config::Plugin& plugin, const Paths& paths, Spawner& spawner, const StopFlag& stop) {
  if (plugin.mode == config::PluginMode::kInProcess) return open_library(plugin, paths);
  auto descriptor = ask_descriptor(plugin, paths, spawner, stop);
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
                                                             const Paths& paths, LogSink log,
                                                             std::shared_ptr<StopFlag> stop) {
  std::vector<config::Plugin> wanted = plugins;
  if (wanted.empty()) {
    for (const char* id : {"relevance", "rhetoric"}) {
      config::Plugin builtin;
      builtin.id = id;
      wanted.push_back(builtin);
    }
  }
  auto spawner = std::make_unique<Spawner>();
  std::vector<Library> libraries;
  std::vector<Error> mistakes;
  for (const config::Plugin& plugin : wanted) {
    auto library = find_library(plugin, paths, *spawner, *stop);
    if (library) {
      libraries.push_back(std::move(*library));
    } else {
      mistakes.push_back(std::move(library.error()));
    }
  }
  if (!mistakes.empty()) return tl::unexpected(std::move(mistakes));
  auto ordered = order(std::move(libraries));
  if (!ordered) return tl::unexpected(std::move(ordered.error()));
  auto host =
      std::make_unique<LoadedHost>(std::move(*ordered), paths, std::move(spawner), std::move(log), std::move(stop));
  // A configuration that a plugin refuses is found now, not with the first article. Remote ones were asked above.
  if (auto chain = host->make_chain(); !chain) return tl::unexpected(std::vector<Error>{chain.error()});
  return host;
}

}  // namespace dprkwatch::plugin
