#include "fetch/fetch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace dprkwatch::fetch {
namespace {

void ask_if_changed(http::Request& request, const Validators& validators) {
  request.headers.emplace_back(
      "Accept",
      "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
      "application/json;q=0.9, text/xml;q=0.8, */*;q=0.1");
  if (!validators.etag.empty()) request.headers.emplace_back("If-None-Match", validators.etag);
  if (!validators.last_modified.empty()) request.headers.emplace_back("If-Modified-Since", validators.last_modified);
}

Error status_error(const http::Response& response) {
  const std::string status = std::to_string(response.status);
  const auto code = response.status >= 500 || response.status == 429   ? ErrorCode::kUnavailable
                    : response.status == 404 || response.status == 410 ? ErrorCode::kNotFound
                                                                       : ErrorCode::kRefused;
  return {code, "the server answered HTTP " + status + " instead of the feed", response.url};
}

boost::asio::awaitable<Outcome> fetch_url(http::Client& client, Source source, Validators validators,
                                          config::Fetch limits) {
  http::Request request = make_request(source, limits);
  ask_if_changed(request, validators);
  Result<http::Response> response = co_await client.send(std::move(request));
  Outcome outcome;
  if (!response) {
    outcome.document = tl::unexpected(std::move(response.error()));
    co_return outcome;
  }
  outcome.status = response->status;
  if (response->moved_for_good) outcome.moved_to = response->url;
  const bool conditional = !validators.etag.empty() || !validators.last_modified.empty();
  if (response->status == 304 && conditional) {
    outcome.document->not_modified = true;
    outcome.document->url = response->url;
    outcome.document->validators = std::move(validators);
  } else if (response->status == 200) {
    outcome.document->url = response->url;
    outcome.document->content_type = http::header(response->headers, "content-type");
    outcome.document->validators.etag = http::header(response->headers, "etag");
    outcome.document->validators.last_modified = http::header(response->headers, "last-modified");
    outcome.document->body = std::move(response->body);
  } else {
    outcome.document = tl::unexpected(status_error(*response));
  }
  outcome.headers = std::move(response->headers);
  outcome.address = std::move(response->address);
  co_return outcome;
}

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// On the loop thread: a regular file's read does not wait for anybody, and its size is bounded.
Result<Document> read_document(const std::string& path, const Validators& validators, std::size_t max_bytes) {
  const auto refuse = [&](ErrorCode code, std::string message) { return fail(code, std::move(message), path); };
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) return refuse(ErrorCode::kUnavailable, std::string("cannot read it: ") + std::strerror(errno));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return refuse(ErrorCode::kRefused, "not a regular file");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > max_bytes) return refuse(ErrorCode::kTooLarge, "larger than " + std::to_string(max_bytes) + " bytes");
  Document document;
  document.url = "file://" + path;
  document.validators.etag =
      std::to_string(status.st_mtim.tv_sec) + "." + std::to_string(status.st_mtim.tv_nsec) + "-" + std::to_string(size);
  document.not_modified = document.validators.etag == validators.etag;
  if (document.not_modified) return document;
  document.body.resize(size);
  std::size_t read = 0;
  while (read < size) {
    const ssize_t got = ::read(file.get(), document.body.data() + read, size - read);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    read += static_cast<std::size_t>(got);
  }
  document.body.resize(read);  // it may have been cut meanwhile: the next poll sees another time or size
  return document;
}

process::Command make_command(std::vector<std::string> arguments, std::string input, const config::Fetch& limits) {
  process::Command command;
  command.arguments = std::move(arguments);
  command.input = std::move(input);
  command.max_bytes = limits.max_bytes;
  command.timeout = limits.timeout;
  return command;
}

}  // namespace

http::Request make_request(const Source& source, const config::Fetch& limits) {
  http::Request request;
  request.url = source.url;
  request.max_bytes = limits.max_bytes;
  request.connect_timeout = limits.connect_timeout;
  request.timeout = limits.timeout;
  request.max_redirects = limits.max_redirects;
  request.proxy = limits.proxy;
  if (source.details) {
    request.headers = source.details->headers;
    request.user = source.details->user;
    request.password = source.details->password;
    request.token = source.details->token;
  }
  return request;
}

boost::asio::awaitable<Outcome> fetch(http::Client& client, process::Commands& commands, Source source,
                                      Validators validators, config::Fetch limits) {
  const auto details = source.details;
  if (!details) co_return co_await fetch_url(client, std::move(source), std::move(validators), std::move(limits));
  Outcome outcome;
  if (!details->exec.empty()) {
    process::Command command = make_command(details->exec, {}, limits);
    Result<std::string> printed = co_await commands.run(std::move(command));
    if (printed) {
      outcome.document->url = source.url;
      outcome.document->body = std::move(*printed);
    } else {
      outcome.document = tl::unexpected(std::move(printed.error()));
    }
  } else if (!details->file.empty()) {
    outcome.document = read_document(details->file, validators, limits.max_bytes);
  } else {
    config::Fetch same = limits;
    outcome = co_await fetch_url(client, std::move(source), std::move(validators), std::move(same));
  }
  if (details->filter.empty() || !outcome.document || outcome.document->not_modified) co_return outcome;
  process::Command filter = make_command(details->filter, std::move(outcome.document->body), limits);
  Result<std::string> filtered = co_await commands.run(std::move(filter));
  if (filtered) {
    outcome.document->body = std::move(*filtered);
    outcome.document->content_type.clear();  // what it prints is another document
  } else {
    Error error = std::move(filtered.error());
    error.message = "the filter " + error.message;
    outcome.document = tl::unexpected(std::move(error));
  }
  co_return outcome;
}

}  // namespace dprkwatch::fetch
