#pragma once
// Runs the analyzers on articles.
//
// A Host loads the configured plugins, orders them by what they need, and makes one set of instances a worker. What an
// analyzer returns is checked before anyone else sees it.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "plugin/analysis.hpp"
#include "plugin/stop_flag.hpp"
#include "result/result.hpp"

namespace dprkwatch::plugin {

// Where plugins and their data are found: of an installation or of the build tree.
struct Paths {
  std::string plugin_dir;          // holds ID.so
  std::string share_dir;           // holds plugins/ID/, seeds/ and sdk/
  std::string child_program = {};  // dprkwatch-plugin-host; runs plugins in a process of their own
};

// From the place of the running program: ../lib/dprkwatch/plugins and ../share/dprkwatch beside its folder, and
// dprkwatch-plugin-host in it.
[[nodiscard]] Paths default_paths();

struct PluginInfo {
  std::string id;
  std::string version;
  std::string summary;
  std::vector<std::string> provides;
  std::vector<std::string> needs;
};

// One set of analyzer instances. Not thread-safe: one worker uses it at a time.
class Chain {
 public:
  virtual ~Chain() = default;
  // All analyzers in order. After `relevance` says none the others are not asked, unless `complete`.
  // Fails with kPlugin when one of them fails, naming it.
  // May take as long as the plugins' time limits allow, and starts children anew: for a worker, never for the loop.
  // kUnavailable: a plugin that is required is down for now; ask again later. kStopped: the host was asked to stop.
  [[nodiscard]] virtual Result<Analysis> analyze(const Input& input, bool complete = false) = 0;
  // The same for several, in their order. Plugins in a process of their own get many at a time, which costs less.
  [[nodiscard]] virtual std::vector<Result<Analysis>> analyze_all(std::span<const Input> inputs,
                                                                  bool complete = false) = 0;
};

struct Health;

// Outlives its chains.
class Host {
 public:
  virtual ~Host() = default;
  // In the order they run.
  [[nodiscard]] virtual const std::vector<PluginInfo>& plugins() const = 0;
  // [main thread] A new set of instances.
  [[nodiscard]] virtual Result<std::unique_ptr<Chain>> make_chain() = 0;
  // How each plugin is doing, in the order they run (plugin/health.hpp). [any thread]
  [[nodiscard]] virtual std::vector<Health> health() const = 0;
  // Calls under way are to end soon: plugins are told (`stop_requested`), and those in a process of their own are given
  // up on after 1.5 s. Chains fail with kStopped from now on. [any thread]
  virtual void request_stop() = 0;
};

// Where a plugin's own log lines go. [any thread]
enum class LogLevel { kDebug, kInfo, kWarn, kError };
using LogSink = std::function<void(LogLevel level, std::string_view plugin, std::string_view message)>;

// Loads and orders the plugins; all mistakes at once: a missing file, a wrong ABI, a kind that nobody provides, a
// cycle. With no plugins configured: relevance and rhetoric, in process. A loaded library is never unloaded.
// `stop`: becomes the host's, so that a load can be stopped, too; then it fails with kStopped. One process starts after
// the other, each may take 10 s. [main thread]
[[nodiscard]] tl::expected<std::unique_ptr<Host>, std::vector<Error>> load(
    const std::vector<config::Plugin>& plugins, const Paths& paths, LogSink log = {},
    std::shared_ptr<StopFlag> stop = std::make_shared<StopFlag>());

}  // namespace dprkwatch::plugin
