#include "deliver/exec.hpp"

#include <sysexits.h>

#include <string>
#include <utility>

namespace dprkwatch::deliver {
namespace {

constexpr std::size_t kKeptBytes = 4096;  // of what it prints
constexpr std::size_t kMaxMemory = std::size_t{1} << 30;

http::Response answer_of(process::Ended ended) {
  http::Response response;
  response.status = ended.status == 0 ? 200 : ended.status == EX_TEMPFAIL ? 503 : 500;
  if (ended.status != 0) response.body = "exit status " + std::to_string(ended.status) + ": ";
  response.body += ended.printed + ended.said.substr(0, kKeptBytes);
  return response;
}

}  // namespace

boost::asio::awaitable<Result<http::Response>> run_program(process::Commands& commands,
                                                           const config::Receiver& receiver,
                                                           const store::Delivery& delivery) {
  process::Command command;
  command.arguments = receiver.command;
  command.input = delivery.body;
  command.max_bytes = kKeptBytes;
  command.cut_output = true;
  command.timeout = receiver.timeout;
  command.max_memory = kMaxMemory;
  command.environment.push_back("WEBHOOK_ID=" + delivery.webhook_id);
  Result<process::Ended> ended = co_await commands.finish(std::move(command));
  if (!ended) co_return tl::unexpected(std::move(ended.error()));
  co_return answer_of(std::move(*ended));
}

}  // namespace dprkwatch::deliver
