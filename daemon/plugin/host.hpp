#pragma once
// Private to plugin.

#include "plugin/analysis.hpp"

namespace dprkwatch::plugin {

// Fills what the later steps read from the annotations (docs/annotations.md).
void summarize(Analysis& analysis);

}  // namespace dprkwatch::plugin
