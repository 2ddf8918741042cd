#pragma once
// An alert handed to a program.

#include <boost/asio/awaitable.hpp>

#include "config/config.hpp"
#include "http/client.hpp"
#include "process/process.hpp"
#include "result/result.hpp"
#include "store/records.hpp"

namespace dprkwatch::deliver {

// Runs the receiver's command with the delivery's body as its input; no shell sees any of it. Beside what
// process::Commands gives every command the program has WEBHOOK_ID in its environment, 1 GiB of address space and the
// receiver's timeout. Exit status 0 is taken (200), 75 (EX_TEMPFAIL) and any other is tried again (503, 500); the answer
// is what it printed, 4 KiB of it. [loop thread]
[[nodiscard]] boost::asio::awaitable<Result<http::Response>> run_program(process::Commands& commands,
                                                                         const config::Receiver& receiver,
                                                                         const store::Delivery& delivery);

}  // namespace dprkwatch::deliver
