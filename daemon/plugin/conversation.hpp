#pragma once
// One running child and what is said with it, line by line. Private to plugin. Not thread-safe.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "plugin/child.hpp"
#include "plugin/plugin.hpp"
#include "plugin/services.hpp"
#include "plugin/stop_flag.hpp"
#include "plugin/wire.hpp"
#include "result/result.hpp"

namespace dprkwatch::plugin {

class Conversation {
 public:
  // What it stands on; outlives it. `metric` may be empty.
  struct Around {
    const Paths& paths;
    Spawner& spawner;
    const StopFlag& stop;
    LogSink log = {};
    MetricSink metric = {};
  };

  // Starts the child and waits for its hello. kInvalidConfig when it refuses its configuration; kPlugin when it ends,
  // is silent for 10 s, or says something else; the message holds the last lines of its standard error.
  [[nodiscard]] static Result<std::unique_ptr<Conversation>> start(const config::Plugin& settings, Around around);

  [[nodiscard]] const wire::Descriptor& descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] int process() const noexcept { return child_->process(); }

  // Queues an article, and gives its number. It leaves with the next call of `next`.
  [[nodiscard]] std::uint64_t ask(const Input& input, const std::vector<Annotation>& earlier);
  // The next message that is neither a log line nor a metric. The error says why there is none: then call `end`. After
  // a stop the child is told, and given up on with kStopped when kStopTime has passed.
  [[nodiscard]] Result<wire::Message> next(Deadline deadline);
  // Whether it still runs, and, with `ping`, answers within a second.
  [[nodiscard]] bool is_well(bool ping);
  // Kills it; `why` with how it ended and its last words.
  [[nodiscard]] std::string end(const std::string& why);

 private:
  Conversation(const config::Plugin& settings, Around around)
      : id_(settings.id), mode_(settings.mode), around_(std::move(around)) {}
  [[nodiscard]] Result<wire::Descriptor> greet(const config::Plugin& settings);
  [[nodiscard]] Result<void> wait(Deadline deadline);
  void tell_to_stop();
  void log(LogLevel level, std::string_view message);
  void log_errors();

  std::string id_;
  config::PluginMode mode_;
  Around around_;
  std::unique_ptr<Child> child_;
  wire::Descriptor descriptor_;
  wire::Numbers numbers_ = wire::Numbers::kPlain;
  std::string out_;
  std::string in_;
  std::size_t read_ = 0;     // bytes of in_ that were taken
  std::size_t scanned_ = 0;  // bytes of in_ that hold no further line end
  std::string errors_;       // standard error, after the last whole line
  std::string last_words_;
  std::uint64_t last_seq_ = 0;
  bool closed_ = false;
  std::optional<Deadline> stop_by_;  // it was told to stop
  // Log lines that it may still write in this second; the rest is counted and dropped.
  int log_budget_ = 0;
  std::uint64_t dropped_ = 0;
  Deadline log_since_;
};

// The program and its arguments that run `settings` in a child.
[[nodiscard]] std::vector<std::string> child_arguments(const config::Plugin& settings, const Paths& paths);

// Starts the plugin, asks what it is, and ends it.
[[nodiscard]] Result<wire::Descriptor> ask_descriptor(const config::Plugin& settings, const Paths& paths,
                                                      Spawner& spawner, const StopFlag& stop);

}  // namespace dprkwatch::plugin
