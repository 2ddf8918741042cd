#pragma once
// What a plugin may ask of the host (dprkwatch_host). One for each instance. Private to plugin.

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

class HostServices {
 public:
  // `files` outlives this.
  HostServices(std::string plugin, DataFiles& files, LogSink log);
  HostServices(const HostServices&) = delete;
  HostServices& operator=(const HostServices&) = delete;

  [[nodiscard]] const dprkwatch_host* get() const noexcept { return &host_; }
  // The message of the last set_error; cleared by taking it.
  [[nodiscard]] std::string take_error();

 private:
  static HostServices& of(const dprkwatch_host* host) { return *static_cast<HostServices*>(host->host_data); }

  std::string plugin_;
  DataFiles& files_;
  LogSink log_;
  std::mutex mutex_;  // guards error_
  std::string error_;
  dprkwatch_host host_{};
};

}  // namespace dprkwatch::plugin
