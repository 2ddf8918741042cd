#pragma once
// Test messages, for the verbs `receiver test` and `alert test`. Private to cli.

#include <string>
#include <vector>

#include "cli/alerting.hpp"
#include "store/alerting.hpp"

namespace dprkwatch::cli {

// Sends the test alert to each receiver at once, past the outbox, and prints the answers. kFailed when one did not take
// it.
[[nodiscard]] int send_test(const config::Config& config, const store::AlertRecord& record,
                            const std::vector<std::string>& receivers, const Common& common);

}  // namespace dprkwatch::cli
