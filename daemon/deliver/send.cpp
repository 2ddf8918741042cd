#include "deliver/send.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "deliver/exec.hpp"
#include "deliver/form.hpp"
#include "deliver/mail.hpp"
#include "deliver/receivers/receivers.hpp"
#include "signature/signature.hpp"

namespace dprkwatch::deliver {
namespace {

constexpr std::size_t kMaxAnswerBytes = 64 * 1024;  // read of an answer

}  // namespace

Sender::Sender(http::Client& client, config::Receiver receiver) : client_(client), receiver_(std::move(receiver)) {
  // The secret was checked when the configuration was read.
  if (receiver_.type != config::ReceiverType::kWebhook) return;
  if (auto keys = signature::decode_secrets(receiver_.secret)) keys_ = std::move(*keys);
}

boost::asio::awaitable<Result<http::Response>> Sender::send(const store::Delivery& delivery, Time now) {
  if (receiver_.type == config::ReceiverType::kLog) co_return append(delivery);
  if (receiver_.type == config::ReceiverType::kExec) co_return co_await run_program(commands_, receiver_, delivery);
  if (receiver_.type == config::ReceiverType::kEmail) co_return co_await send_mail(client_, receiver_, delivery, now);
  co_return co_await post(delivery, now);
}

void Sender::cut() {
  commands_.cancel_all();
}

boost::asio::awaitable<Result<http::Response>> Sender::post(const store::Delivery& delivery, Time now) const {
  const std::int64_t timestamp = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  auto request = form(receiver_, delivery, keys_, timestamp);
  if (!request) co_return tl::unexpected(std::move(request.error()));
  request->max_bytes = kMaxAnswerBytes;
  auto sent = client_.send(std::move(*request));
  Result<http::Response> response = co_await std::move(sent);
  // The address of such a service holds its token: it goes into no log and no history.
  if (!response && receiver_.type != config::ReceiverType::kWebhook) response.error().where.clear();
  const bool slack_bot = receiver_.type == config::ReceiverType::kSlack && receiver_.url.empty();
  if (response && slack_bot) response->status = slack_status(*response);
  co_return response;
}

Result<http::Response> Sender::append(const store::Delivery& delivery) const {
  const std::string line = delivery.body + "\n";
  const bool to_stdout = receiver_.path == "-";
  const int file =
      to_stdout ? STDOUT_FILENO : ::open(receiver_.path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (file < 0) {
    return fail(ErrorCode::kUnavailable, std::string("cannot open the alert log: ") + std::strerror(errno),
                receiver_.path);
  }
  // One write: lines of several processes never mix.
  const ssize_t written = ::write(file, line.data(), line.size());
  const int problem = errno;
  if (!to_stdout) ::close(file);
  if (written != static_cast<ssize_t>(line.size())) {
    return fail(ErrorCode::kUnavailable, std::string("cannot write the alert log: ") + std::strerror(problem),
                receiver_.path);
  }
  http::Response done;
  done.status = 200;
  return done;
}

}  // namespace dprkwatch::deliver
