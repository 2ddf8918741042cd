#pragma once
// One change to a store that a daemon may be using at the same time: how the command line speaks to a daemon that runs.

#include <string>

#include "store/store.hpp"

namespace dprkwatch::store {

// Runs the job in one transaction on a connection of its own, and waits for the daemon's commit when it must, at most
// 10 s. Fails with kStorage when there is no such store, or when it has another version's schema: it is never migrated
// here.
[[nodiscard]] Result<void> run_beside(const std::string& url, const Job& job);

// Whether a daemon has the store open now.
[[nodiscard]] bool is_in_use(const std::string& url);

}  // namespace dprkwatch::store
