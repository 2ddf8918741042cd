#pragma once
// Stays beside a command plugin, so that nothing of it outlives the daemon. Private to plugin.

#include <functional>

namespace dprkwatch::plugin {

// Forks. In the child: runs `begin`, which is to execute the program, and ends with what it returns. In the parent, the
// keeper: waits for the child, then ends every process that the child left behind, and ends as the child did (the same
// exit status or signal). When the keeper's own parent is gone, even by SIGKILL, it ends them all at once. Processes
// that left the group or were orphaned are the keeper's all the same (PR_SET_CHILD_SUBREAPER). Never returns.
[[noreturn]] void keep(int parent, const std::function<int()>& begin);

}  // namespace dprkwatch::plugin
