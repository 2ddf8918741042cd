// Any bytes, as a date. What is read must be printed so that it reads the same.

#include <cstdint>
#include <cstdlib>

#include "feed/feed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto time = dprkwatch::feed::parse_date({reinterpret_cast<const char*>(data), size});
  if (time) {
    const auto again = dprkwatch::feed::parse_date(dprkwatch::to_rfc3339(*time));
    // A zone can move the first and last instants out of the years that are read at all.
    if (again && *again != *time) {
      std::abort();
    }
  }
  return 0;
}
