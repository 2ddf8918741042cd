#include "plugin/services.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace dprkwatch::plugin {
namespace {

std::string_view view(dprkwatch_str text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

LogLevel level_of(dprkwatch_log_level level) {
  switch (level) {
    case DPRKWATCH_LOG_DEBUG:
      return LogLevel::kDebug;
    case DPRKWATCH_LOG_INFO:
      return LogLevel::kInfo;
    case DPRKWATCH_LOG_WARN:
      return LogLevel::kWarn;
    case DPRKWATCH_LOG_ERROR:
      return LogLevel::kError;
  }
  return LogLevel::kInfo;
}

// Whether a relative path stays below the folder it starts from.
bool stays_below(const std::filesystem::path& path) {
  if (path.empty() || path.is_absolute()) return false;
  for (const auto& part : path) {
    if (part == "..") return false;
  }
  return true;
}

}  // namespace

const std::string* DataFiles::read(const std::string& plugin, const std::string& path) {
  if (!stays_below(path)) return nullptr;
  std::filesystem::path full = share_dir_;
  if (!path.starts_with("seeds/")) full = full / "plugins" / plugin;
  full /= path;
  const std::lock_guard lock(mutex_);
  auto& bytes = files_[full.string()];
  if (!bytes) {
    std::ifstream file(full, std::ios::binary);
    if (!file) return nullptr;
    std::ostringstream content;
    content << file.rdbuf();
    bytes = std::make_unique<std::string>(std::move(content).str());
  }
  return bytes.get();
}

HostServices::HostServices(std::string plugin, Surroundings surroundings)
    : plugin_(std::move(plugin)), surroundings_(std::move(surroundings)) {
  constexpr std::string_view kName = "dprkwatch";
  constexpr std::string_view kVersion = DPRKWATCH_VERSION;
  host_.size = sizeof host_;
  host_.abi_version = DPRKWATCH_ABI_VERSION;
  host_.host_data = this;
  host_.name = {kName.data(), kName.size()};
  host_.version = {kVersion.data(), kVersion.size()};
  host_.get_extension = [](const dprkwatch_host*, const char*) -> const void* { return nullptr; };
  host_.log = [](const dprkwatch_host* host, dprkwatch_log_level level, dprkwatch_str message) {
    const HostServices& self = of(host);
    if (self.surroundings_.log) self.surroundings_.log(level_of(level), self.plugin_, view(message));
  };
  host_.set_error = [](const dprkwatch_host* host, dprkwatch_str message) {
    HostServices& self = of(host);
    const std::lock_guard lock(self.mutex_);
    self.error_ = view(message);
  };
  host_.metric = [](const dprkwatch_host* host, dprkwatch_str name, double value) {
    const HostServices& self = of(host);
    if (self.surroundings_.metric) self.surroundings_.metric(view(name), value);
  };
  host_.read_file = [](const dprkwatch_host* host, dprkwatch_str path, dprkwatch_str* bytes) {
    const HostServices& self = of(host);
    const std::string* content = self.surroundings_.files.read(self.plugin_, std::string(view(path)));
    if (content == nullptr) return DPRKWATCH_ERROR;
    *bytes = {content->data(), content->size()};
    return DPRKWATCH_OK;
  };
  host_.stop_requested = [](const dprkwatch_host* host) -> std::int32_t { return of(host).surroundings_.stop ? 1 : 0; };
}

std::string HostServices::take_error() {
  const std::lock_guard lock(mutex_);
  return std::exchange(error_, {});
}

}  // namespace dprkwatch::plugin
