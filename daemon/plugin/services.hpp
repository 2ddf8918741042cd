#pragma once
// What a plugin may ask of the host (dprkwatch_host). One for each instance. Private to plugin.

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "dprkwatch/plugin.h"
#include "plugin/plugin.hpp"

namespace dprkwatch::plugin {

// Data files read once and shared by all instances; the bytes stay where they are.
class DataFiles {
 public:
  explicit DataFiles(std::string share_dir) : share_dir_(std::move(share_dir)) {}
  // "seeds/..." or a path below the plugin's own folder. Null when it is refused or can not be read. [any thread]
  [[nodiscard]] const std::string* read(const std::string& plugin, const std::string& path);

 private:
  std::string share_dir_;
  std::mutex mutex_;  // guards files_
  std::map<std::string, std::unique_ptr<std::string>> files_;
};

// Where a plugin's gauges go. [any thread]
using MetricSink = std::function<void(std::string_view name, double value)>;

// What the services stand on; the references outlive them.
struct Surroundings {
  DataFiles& files;
  const std::atomic<bool>& stop;  // what `stop_requested` says
  LogSink log;
  MetricSink metric;
};

class HostServices {
 public:
  HostServices(std::string plugin, Surroundings surroundings);
  HostServices(const HostServices&) = delete;
  HostServices& operator=(const HostServices&) = delete;

  [[nodiscard]] const dprkwatch_host* get() const noexcept { return &host_; }
  // What `stop_requested` says.
  [[nodiscard]] bool is_stopping() const noexcept { return surroundings_.stop; }
  // The message of the last set_error; cleared by taking it.
  [[nodiscard]] std::string take_error();

 private:
  static HostServices& of(const dprkwatch_host* host) { return *static_cast<HostServices*>(host->host_data); }

  std::string plugin_;
  Surroundings surroundings_;
  std::mutex mutex_;  // guards error_
  std::string error_;
  dprkwatch_host host_{};
};

}  // namespace dprkwatch::plugin
