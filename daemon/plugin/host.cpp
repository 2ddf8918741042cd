#include "plugin/host.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "plugin/convert.hpp"
#include "plugin/library.hpp"
#include "plugin/plugin.hpp"
#include "plugin/services.hpp"

namespace dprkwatch::plugin {
namespace {

// One analyzer of a chain.
class Instance {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Instance>> make(const Library& library, DataFiles& files,
                                                              const LogSink& log) {
    auto instance = std::unique_ptr<Instance>(new Instance(library, files, log));
    instance->raw_ = library.api->create(instance->services_.get());
    if (instance->raw_ == nullptr) return instance->failure("cannot start");
    const auto status = library.api->configure(instance->raw_, as_str(library.config_json));
    if (status == DPRKWATCH_OK) return instance;
    auto error = instance->failure("cannot be configured");
    if (status == DPRKWATCH_INVALID_CONFIG) error.value().code = ErrorCode::kInvalidConfig;
    return error;
  }

  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;
  ~Instance() {
    if (raw_ != nullptr) library_.api->destroy(raw_);
  }

  // Appends its findings to `annotations`, which it reads too.
  Result<void> analyze(const Input& input, std::vector<Annotation>& annotations) {
    const dprkwatch_article article = as_article(input);
    const AnnotationViews earlier(annotations);
    Collector collector{library_.info, input, {}, {}};
    dprkwatch_results results{sizeof results, &collector, &Collector::add};
    const auto status = library_.api->analyze(raw_, &article, earlier.data(), earlier.size(), &results);
    if (!collector.refusal.empty()) {
      return fail(ErrorCode::kPlugin, "gave " + collector.refusal, "plugin " + library_.info.id);
    }
    if (status != DPRKWATCH_OK) return failure("failed on this article");
    std::move(collector.annotations.begin(), collector.annotations.end(), std::back_inserter(annotations));
    return {};
  }

  [[nodiscard]] const PluginInfo& info() const noexcept { return library_.info; }

 private:
  // Takes the findings of one call.
  struct Collector {
    const PluginInfo& plugin;
    const Input& input;
    std::vector<Annotation> annotations;
    std::string refusal;  // why one was refused

    static dprkwatch_status add(const dprkwatch_results* results, const dprkwatch_annotation* given) {
      auto& self = *static_cast<Collector*>(results->host_data);
      auto taken = take_annotation(*given, self.plugin, self.input);
      if (!taken) {
        self.refusal = taken.error().message;
        return DPRKWATCH_ERROR;
      }
      self.annotations.push_back(std::move(*taken));
      return DPRKWATCH_OK;
    }
  };

  Instance(const Library& library, DataFiles& files, const LogSink& log)
      : library_(library), services_(library.info.id, files, log) {}

  tl::unexpected<Error> failure(const std::string& what) {
    const std::string why = services_.take_error();
    return fail(ErrorCode::kPlugin, what + (why.empty() ? " and gave no reason" : ": " + why),
                "plugin " + library_.info.id);
  }

  const Library& library_;
  HostServices services_;
  dprkwatch_instance* raw_ = nullptr;
};

class InProcessChain final : public Chain {
 public:
  explicit InProcessChain(std::vector<std::unique_ptr<Instance>> instances) : instances_(std::move(instances)) {}

  Result<Analysis> analyze(const Input& input, bool complete) override {
    if (input.text.find('\0') != std::string::npos || input.title.find('\0') != std::string::npos) {
      return fail(ErrorCode::kInvalidInput, "the text holds a NUL byte; expected plain text");
    }
    Analysis analysis;
    for (const auto& instance : instances_) {
      if (auto done = instance->analyze(input, analysis.annotations); !done) return tl::unexpected(done.error());
      analysis.versions.emplace_back(instance->info().id, instance->info().version);
      if (!complete && says_none(analysis)) break;
    }
    summarize(analysis);
    return analysis;
  }

 private:
  static bool says_none(const Analysis& analysis) {
    return std::any_of(analysis.annotations.begin(), analysis.annotations.end(), [](const Annotation& annotation) {
      return annotation.kind == "relevance" && annotation.label == "none";
    });
  }

  std::vector<std::unique_ptr<Instance>> instances_;
};

class LoadedHost final : public Host {
 public:
  LoadedHost(std::vector<Library> libraries, const Paths& paths, LogSink log)
      : libraries_(std::move(libraries)), files_(paths.share_dir), log_(std::move(log)) {
    for (const Library& library : libraries_) infos_.push_back(library.info);
  }

  [[nodiscard]] const std::vector<PluginInfo>& plugins() const override { return infos_; }

  Result<std::unique_ptr<Chain>> make_chain() override {
    std::vector<std::unique_ptr<Instance>> instances;
    for (const Library& library : libraries_) {
      auto instance = Instance::make(library, files_, log_);
      if (!instance) return tl::unexpected(std::move(instance.error()));
      instances.push_back(std::move(*instance));
    }
    return std::make_unique<InProcessChain>(std::move(instances));
  }

 private:
  std::vector<Library> libraries_;
  std::vector<PluginInfo> infos_;
  DataFiles files_;
  LogSink log_;
};

}  // namespace

Paths default_paths() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto root = program.parent_path().parent_path();
  return {(root / "lib/dprkwatch/plugins").string(), (root / "share/dprkwatch").string()};
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
  std::vector<Library> libraries;
  std::vector<Error> mistakes;
  for (const config::Plugin& plugin : wanted) {
    auto library = open_library(plugin, paths);
    if (library) {
      libraries.push_back(std::move(*library));
    } else {
      mistakes.push_back(std::move(library.error()));
    }
  }
  if (!mistakes.empty()) return tl::unexpected(std::move(mistakes));
  auto ordered = order(std::move(libraries));
  if (!ordered) return tl::unexpected(std::move(ordered.error()));
  auto host = std::make_unique<LoadedHost>(std::move(*ordered), paths, std::move(log));
  // A configuration that a plugin refuses is found now, not with the first article.
  if (auto chain = host->make_chain(); !chain) return tl::unexpected(std::vector<Error>{chain.error()});
  return host;
}

}  // namespace dprkwatch::plugin
