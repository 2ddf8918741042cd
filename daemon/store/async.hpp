#pragma once
// The store from a coroutine on the loop.

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "store/store.hpp"

namespace dprkwatch::store {

// Runs the job on the store thread and resumes on the coroutine's own executor after the commit.
[[nodiscard]] boost::asio::awaitable<Result<void>> run_async(Store& store, Job job);

// The same for several, in their order, as a rule in one commit; each is kept or not by itself.
[[nodiscard]] boost::asio::awaitable<std::vector<Result<void>>> run_all_async(Store& store, std::vector<Job> jobs);

}  // namespace dprkwatch::store
