#pragma once
// What `dprkwatch plugin new` writes.

#include <string>
#include <vector>

#include "plugin/plugin.hpp"
#include "result/result.hpp"

namespace dprkwatch::plugin {

enum class Language { kCpp, kC, kPython };

// Writes a new analyzer with its build file or test into `folder`/`id`, which must not exist; gives the files' paths.
[[nodiscard]] Result<std::vector<std::string>> write_skeleton(const std::string& id, Language language,
                                                              const std::string& folder, const Paths& paths);

}  // namespace dprkwatch::plugin
