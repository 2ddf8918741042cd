#pragma once
// The store from a coroutine on the loop.

#include <boost/asio/awaitable.hpp>

#include "store/store.hpp"

namespace dprkwatch::store {

// Runs the job on the store thread and resumes on the coroutine's own executor after the commit.
[[nodiscard]] boost::asio::awaitable<Result<void>> run_async(Store& store, Job job);

}  // namespace dprkwatch::store
