#pragma once
// An alert handed to a program.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <set>

#include "config/config.hpp"
#include "http/client.hpp"
#include "result/result.hpp"
#include "store/records.hpp"

namespace dprkwatch::deliver {

// Runs the receiver's command with the delivery's body as its input; no shell sees any of it. The program gets a
// process group, an environment of PATH, LANG and WEBHOOK_ID alone, 1 GiB of address space and the receiver's timeout,
// after which the whole group is killed. Exit status 0 is taken (200), 75 (EX_TEMPFAIL) and any other is tried again
// (503, 500); the answer is what it printed, 4 KiB of it. `running`: the groups under way; whoever takes one out and
// kills it ends the attempt with kStopped. [loop thread]
[[nodiscard]] boost::asio::awaitable<Result<http::Response>> run_program(boost::asio::io_context& loop,
                                                                         const config::Receiver& receiver,
                                                                         const store::Delivery& delivery,
                                                                         std::set<int>& running);

}  // namespace dprkwatch::deliver
