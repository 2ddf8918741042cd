#pragma once
// The C++ side of the plugin ABI: derive from Analyzer, then DPRKWATCH_PLUGIN(MyAnalyzer, descriptor).
// Exceptions that leave your code become DPRKWATCH_ERROR with their message; none crosses the border.

#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "dprkwatch/plugin.h"

namespace dprkwatch::sdk {

[[nodiscard]] inline std::string_view view(dprkwatch_str text) noexcept {
  return text.size == 0 ? std::string_view{} : std::string_view{text.data, text.size};
}

[[nodiscard]] constexpr dprkwatch_str str(std::string_view text) noexcept { return {text.data(), text.size()}; }

// Thrown by Analyzer::configure when the configuration is refused. what() is shown to the user.
class InvalidConfig : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The host's services. A cheap handle; valid as long as the instance.
class Host {
 public:
  explicit Host(const dprkwatch_host* host) noexcept : host_(host) {}

  void log(dprkwatch_log_level level, std::string_view message) const { host_->log(host_, level, str(message)); }
  void metric(std::string_view name, double value) const { host_->metric(host_, str(name), value); }
  void set_error(std::string_view message) const noexcept { host_->set_error(host_, str(message)); }
  [[nodiscard]] bool stop_requested() const noexcept { return host_->stop_requested(host_) != 0; }

  // The bytes of a file of the plugin's data directory or of "seeds/"; valid as long as the instance.
  // Only in the constructor and in configure. Throws when it can not be read.
  [[nodiscard]] std::string_view read_file(std::string_view path) const {
    dprkwatch_str bytes{};
    if (host_->read_file(host_, str(path), &bytes) != DPRKWATCH_OK) {
      throw std::runtime_error("cannot read the data file " + std::string(path));
    }
    return view(bytes);
  }

 private:
  const dprkwatch_host* host_;
};

// Takes the findings of one call.
class Results {
 public:
  explicit Results(const dprkwatch_results* results) noexcept : results_(results) {}

  // `annotation.size` is set here. Throws when the host refuses it (see plugin.h).
  void add(dprkwatch_annotation annotation) const {
    annotation.size = sizeof annotation;
    if (results_->add(results_, &annotation) != DPRKWATCH_OK) {
      throw std::runtime_error("the host refused an annotation of kind " + std::string(view(annotation.kind)));
    }
  }

 private:
  const dprkwatch_results* results_;
};

// An annotation with every field at its neutral value.
[[nodiscard]] inline dprkwatch_annotation annotation(std::string_view kind, double score) noexcept {
  dprkwatch_annotation made{};
  made.size = sizeof made;
  made.kind = str(kind);
  made.score = score;
  made.probability = -1.0;
  return made;
}

// One instance per worker. The constructor takes a Host and may load data.
class Analyzer {
 public:
  Analyzer() = default;
  Analyzer(const Analyzer&) = delete;
  Analyzer& operator=(const Analyzer&) = delete;
  virtual ~Analyzer() = default;

  // `config_json`: "{}" when the user gave none. Throw InvalidConfig for keys or values that are not known.
  virtual void configure(std::string_view config_json) = 0;

  // Deterministic. `earlier`: what analyzers before this one found.
  virtual void analyze(const dprkwatch_article& article, std::span<const dprkwatch_annotation> earlier,
                       const Results& results) = 0;
};

// What a plugin says of itself; every text must be static.
struct Descriptor {
  std::string_view id;
  std::string_view version;
  std::string_view summary;
  std::string_view provides;
  std::string_view needs = {};
  std::string_view languages = {};
};

namespace detail {

struct Instance {
  Host host;
  std::unique_ptr<Analyzer> analyzer;
};

template <class Body>
dprkwatch_status guarded(const Host& host, Body body) noexcept {
  try {
    body();
    return DPRKWATCH_OK;
  } catch (const InvalidConfig& error) {
    host.set_error(error.what());
    return DPRKWATCH_INVALID_CONFIG;
  } catch (const std::exception& error) {
    host.set_error(error.what());
    return DPRKWATCH_ERROR;
  } catch (...) {
    host.set_error("an exception that is no std::exception");
    return DPRKWATCH_ERROR;
  }
}

template <class T>
dprkwatch_instance* create(const dprkwatch_host* raw) noexcept {
  Host host(raw);
  try {
    auto instance = std::make_unique<Instance>(Instance{host, std::make_unique<T>(host)});
    return reinterpret_cast<dprkwatch_instance*>(instance.release());
  } catch (const std::exception& error) {
    host.set_error(error.what());
    return nullptr;
  } catch (...) {
    host.set_error("an exception that is no std::exception");
    return nullptr;
  }
}

inline Instance& instance_of(dprkwatch_instance* raw) noexcept { return *reinterpret_cast<Instance*>(raw); }

inline dprkwatch_status configure(dprkwatch_instance* raw, dprkwatch_str config_json) noexcept {
  Instance& instance = instance_of(raw);
  return guarded(instance.host, [&] { instance.analyzer->configure(view(config_json)); });
}

inline dprkwatch_status analyze(dprkwatch_instance* raw, const dprkwatch_article* article,
                                const dprkwatch_annotation* earlier, size_t earlier_count,
                                const dprkwatch_results* results) noexcept {
  Instance& instance = instance_of(raw);
  return guarded(instance.host,
                 [&] { instance.analyzer->analyze(*article, {earlier, earlier_count}, Results(results)); });
}

inline void destroy(dprkwatch_instance* raw) noexcept { delete &instance_of(raw); }

template <class T>
const dprkwatch_plugin* entry(const Descriptor& descriptor) noexcept {
  static const dprkwatch_plugin plugin{
      sizeof(dprkwatch_plugin),   DPRKWATCH_ABI_VERSION,     str(descriptor.id),    str(descriptor.version),
      str(descriptor.summary),    str(descriptor.provides),  str(descriptor.needs), str(descriptor.languages),
      &create<T>,                 &configure,                &analyze,              &destroy,
      /*get_extension=*/nullptr};
  return &plugin;
}

}  // namespace detail
}  // namespace dprkwatch::sdk

// Exports the plugin. `analyzer_type`: a class derived from Analyzer; `descriptor`: a constexpr Descriptor.
#define DPRKWATCH_PLUGIN(analyzer_type, descriptor)                                                      \
  extern "C" DPRKWATCH_EXPORT const dprkwatch_plugin* dprkwatch_plugin_entry(uint32_t host_abi_version) { \
    return host_abi_version < DPRKWATCH_ABI_VERSION                                                      \
               ? nullptr                                                                                 \
               : dprkwatch::sdk::detail::entry<analyzer_type>(descriptor);                               \
  }
