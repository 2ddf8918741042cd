#pragma once
// What a plugin's process may do. Called in that process, before any of the plugin's code runs. Private to plugin.

#include <cstddef>
#include <string>
#include <vector>

#include "result/result.hpp"

namespace dprkwatch::plugin {

// Killed when the thread that started this process ends (a keeper sets that anew for itself); no privileges by
// set-user-id programs; no core dumps; bounds on address space and open files. Fails when `parent` is gone already.
[[nodiscard]] Result<void> set_limits(int parent, std::size_t memory_bytes);

// CPU time from now on, then SIGXCPU.
void set_cpu_limit(std::size_t seconds);

// Landlock: only `readable` (files and folders, those that exist) can be opened, for reading and running, and nothing
// for writing but /dev/null; with kernels from 6.12 on no signal leaves the sandbox. False: the kernel has no Landlock.
[[nodiscard]] Result<bool> restrict_files(const std::vector<std::string>& readable);

// Where the system keeps libraries and what they read: the list for restrict_files that every program needs.
[[nodiscard]] std::vector<std::string> system_libraries();

// seccomp for our own loader of shared objects: an allowlist without sockets, processes, signals to others, or anything
// that changes a file. What is not on it fails with EPERM.
[[nodiscard]] Result<void> allow_analysis_calls();
// Opening files fails from now on: for kernels without Landlock, after the plugin has read its data.
[[nodiscard]] Result<void> forbid_opening();

// seccomp for any program: no sockets, no way out of the process group, no tracing, mounting, namespaces or modules.
[[nodiscard]] Result<void> forbid_escapes();

}  // namespace dprkwatch::plugin
