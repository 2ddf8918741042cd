#pragma once
// A delivery as the request that its receiver understands.

#include <string>
#include <vector>

#include "config/config.hpp"
#include "http/client.hpp"
#include "result/result.hpp"
#include "store/records.hpp"

namespace dprkwatch::deliver {

// The POST for one attempt. URL, headers and body depend on receiver and delivery alone; only a webhook's timestamp and
// signature, made with each of `keys`, are fresh. `timestamp`: Unix seconds. Fails with kInvalidInput when the
// delivery's body is not one of ours. Not for receivers of type log, email and exec.
[[nodiscard]] Result<http::Request> form(const config::Receiver& receiver, const store::Delivery& delivery,
                                         const std::vector<std::string>& keys, std::int64_t timestamp);

}  // namespace dprkwatch::deliver
