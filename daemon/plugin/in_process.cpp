#include <iterator>
#include <utility>

#include "plugin/analyzer.hpp"
#include "plugin/convert.hpp"

namespace dprkwatch::plugin {
namespace {

class InProcess final : public Analyzer {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Analyzer>> make(const Library& library,
                                                              const Surroundings& surroundings) {
    auto instance = std::unique_ptr<InProcess>(new InProcess(library, surroundings));
    instance->raw_ = library.api->create(instance->services_.get());
    if (instance->raw_ == nullptr) return instance->failure("cannot start");
    const auto status = library.api->configure(instance->raw_, as_str(library.settings.config_json));
    if (status == DPRKWATCH_OK) return instance;
    auto error = instance->failure("cannot be configured");
    if (status == DPRKWATCH_INVALID_CONFIG) error.value().code = ErrorCode::kInvalidConfig;
    return error;
  }

  InProcess(const InProcess&) = delete;
  InProcess& operator=(const InProcess&) = delete;
  ~InProcess() override {
    if (raw_ != nullptr) library_.api->destroy(raw_);
  }

  [[nodiscard]] const Library& library() const noexcept override { return library_; }

  void analyze(std::span<Task> tasks) override {
    for (Task& task : tasks) task.done = analyze(*task.input, *task.annotations);
  }

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

  InProcess(const Library& library, const Surroundings& surroundings)
      : library_(library), services_(library.info.id, surroundings) {}

  Result<void> analyze(const Input& input, std::vector<Annotation>& annotations) {
    const dprkwatch_article article = as_article(input);
    const AnnotationViews earlier(annotations);
    Collector collector{library_.info, input, {}, {}};
    dprkwatch_results results{sizeof results, &collector, &Collector::add};
    const auto status = library_.api->analyze(raw_, &article, earlier.data(), earlier.size(), &results);
    if (!collector.refusal.empty()) {
      return fail(ErrorCode::kPlugin, "gave " + collector.refusal, "plugin " + library_.info.id);
    }
    if (status == DPRKWATCH_STOPPED && services_.is_stopping()) {
      return fail(ErrorCode::kStopped, "gave up when asked to stop", "plugin " + library_.info.id);
    }
    if (status != DPRKWATCH_OK) return failure("failed on this article");
    std::move(collector.annotations.begin(), collector.annotations.end(), std::back_inserter(annotations));
    return {};
  }

  tl::unexpected<Error> failure(const std::string& what) {
    const std::string why = services_.take_error();
    return fail(ErrorCode::kPlugin, what + (why.empty() ? " and gave no reason" : ": " + why),
                "plugin " + library_.info.id);
  }

  const Library& library_;
  HostServices services_;
  dprkwatch_instance* raw_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<Analyzer>> make_in_process(const Library& library, const Surroundings& surroundings) {
  return InProcess::make(library, surroundings);
}

}  // namespace dprkwatch::plugin
