#pragma once
// One analyzer of a chain, wherever it runs. Private to plugin.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "plugin/analysis.hpp"
#include "plugin/library.hpp"
#include "plugin/plugin.hpp"
#include "plugin/services.hpp"
#include "result/result.hpp"

namespace dprkwatch::plugin {

// One article for one analyzer. `annotations`: what earlier analyzers found; its own findings are appended.
struct Task {
  const Input* input = nullptr;
  std::vector<Annotation>* annotations = nullptr;
  Result<void> done;
};

// Not thread-safe: one worker uses it at a time.
class Analyzer {
 public:
  virtual ~Analyzer() = default;
  [[nodiscard]] virtual const Library& library() const noexcept = 0;
  // Sets `done` of every task: kPlugin when it failed on this article, kUnavailable when the analyzer is down for now,
  // kStopped when it gave up because the host is asked to stop.
  virtual void analyze(std::span<Task> tasks) = 0;
};

// An instance of a shared object in this process. `library` and what `surroundings` refers to outlive it. [main thread]
[[nodiscard]] Result<std::unique_ptr<Analyzer>> make_in_process(const Library& library,
                                                                const Surroundings& surroundings);

}  // namespace dprkwatch::plugin
