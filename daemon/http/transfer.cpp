#include "http/transfer.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace dprkwatch::http {
namespace {

// Where in messages: without user, password and query, which may hold secrets.
std::string shown(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) return "(bad URL)";
  curl_url_set(parsed.get(), CURLUPART_USER, nullptr, 0);
  curl_url_set(parsed.get(), CURLUPART_PASSWORD, nullptr, 0);
  curl_url_set(parsed.get(), CURLUPART_QUERY, nullptr, 0);
  char* text = nullptr;
  if (curl_url_get(parsed.get(), CURLUPART_URL, &text, 0) != CURLUE_OK) return "(bad URL)";
  std::string result(text);
  curl_free(text);
  return result;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

ErrorCode code_of(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return ErrorCode::kTimeout;
    case CURLE_FILESIZE_EXCEEDED:
      return ErrorCode::kTooLarge;
    case CURLE_TOO_MANY_REDIRECTS:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return ErrorCode::kRefused;
    case CURLE_PARTIAL_FILE:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_WEIRD_SERVER_REPLY:
      return ErrorCode::kInvalidInput;
    default:  // CURLcode is libcurl's to extend
      return ErrorCode::kUnavailable;
  }
}

}  // namespace

Transfer::Transfer(Request request, const ClientOptions& options)
    : request_(std::move(request)),
      options_(options),
      easy_(curl_easy_init()),
      started_(std::chrono::steady_clock::now()) {
  set_request_options();
  set_limits();
  if (request_.mail) set_mail_options(*request_.mail);
}

void Transfer::set_mail_options(const Mail& mail) {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, nullptr);
  curl_easy_setopt(easy, CURLOPT_USE_SSL, static_cast<long>(mail.encrypted ? CURLUSESSL_ALL : CURLUSESSL_TRY));
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
  curl_slist* list = nullptr;
  for (const std::string& address : mail.to) list = curl_slist_append(list, ("<" + address + ">").c_str());
  recipients_.reset(list);
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, list);
  if (!mail.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, mail.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, mail.password.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, &Transfer::on_upload);
  curl_easy_setopt(easy, CURLOPT_READDATA, this);
}

std::size_t Transfer::on_upload(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t length = std::min(size * count, transfer.request_.body.size() - transfer.uploaded_);
  transfer.request_.body.copy(bytes, length, transfer.uploaded_);
  transfer.uploaded_ += length;
  return length;
}

void Transfer::set_request_options() {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail_.data());
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl can decode
  if (request_.method == "POST") {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.c_str());
  } else if (request_.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
  curl_slist* list = nullptr;
  for (const auto& [name, value] : request_.headers) list = curl_slist_append(list, (name + ": " + value).c_str());
  if (request_.method == "POST") list = curl_slist_append(list, "Expect:");  // no wait for 100-continue
  header_list_.reset(list);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
}

void Transfer::set_limits() {
  CURL* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 100L);  // bytes a second, over 10 s
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 10L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, request_.max_redirects > 0 ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, static_cast<long>(request_.max_redirects));
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request_.max_bytes));
  // A proxy from the environment would connect on our behalf, past the address guard.
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
}

std::size_t Transfer::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.take_header({bytes, size * count});
  return transfer.problem_.message.empty() ? size * count : 0;
}

void Transfer::take_header(std::string_view line) {
  // Each answer on the way (100, a redirect) begins anew: the last one's headers and body count.
  if (line.starts_with("HTTP/")) {
    note_status(line);
    response_.headers.clear();
    response_.body.clear();
    return;
  }
  constexpr std::size_t kMaxHeaders = 256;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || response_.headers.size() >= kMaxHeaders) return;
  const auto name = line.substr(0, colon);
  const auto value = trim(line.substr(colon + 1));
  response_.headers.emplace_back(std::string(name), std::string(value));
  // Several codings over each other multiply what a few bytes can unpack to.
  const auto& last = response_.headers;
  if (header({last.back()}, "content-encoding").find(',') != std::string_view::npos) {
    problem_ = {ErrorCode::kInvalidInput, "the server sent more than one content encoding; one is accepted", {}};
  }
}

// The answers before the last one are redirects, or 1xx.
void Transfer::note_status(std::string_view line) {
  const auto blank = line.find(' ');
  const std::string_view status = blank == std::string_view::npos ? std::string_view() : line.substr(blank + 1, 3);
  if (status.size() != 3 || status.front() != '3' || status == "304") return;
  const bool for_good = status == "301" || status == "308";
  response_.moved_for_good = for_good && (redirects_ == 0 || response_.moved_for_good);
  ++redirects_;
}

std::size_t Transfer::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t length = size * count;
  if (transfer.response_.body.size() + length > transfer.request_.max_bytes) {
    transfer.problem_ = {ErrorCode::kTooLarge,
                         "the answer is larger than " + std::to_string(transfer.request_.max_bytes) +
                             " bytes after decoding; it was not read further",
                         {}};
    return 0;
  }
  transfer.response_.body.append(bytes, length);
  return length;
}

curl_socket_t Transfer::on_open_socket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (!transfer.options_.guard.permits(address->addr)) {
    transfer.problem_ = {ErrorCode::kRefused,
                         "the host has a private or loopback address; add it to network.allow if that is meant",
                         {}};
    return CURL_SOCKET_BAD;
  }
  // Another of the host's addresses may have been refused before this one.
  transfer.problem_ = {ErrorCode::kInternal, {}, {}};
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void Transfer::finish(CURLcode code) {
  if (finished_) return;
  finished_ = true;
  code_ = code;
  response_.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started_);
}

Error Transfer::error_of(CURLcode code) const {
  std::string message = detail_[0] != '\0' ? detail_.data() : curl_easy_strerror(code);
  if (code == CURLE_FILESIZE_EXCEEDED) {
    message = "the answer is larger than " + std::to_string(request_.max_bytes) + " bytes; it was not read";
  }
  if (code == CURLE_PARTIAL_FILE) message = "the answer is shorter than announced; it will be fetched again";
  return {code_of(code), std::move(message), {}};
}

Result<Response> Transfer::result() {
  long said = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &said);
  if (request_.mail && code_ != CURLE_OK && said >= 400 && problem_.message.empty()) {
    response_.status = static_cast<int>(said);
    response_.body = error_of(code_).message;
    return std::move(response_);
  }
  if (code_ != CURLE_OK || !problem_.message.empty()) {
    Error error = problem_.message.empty() ? error_of(code_) : problem_;
    error.where = shown(request_.url);
    return tl::unexpected(std::move(error));
  }
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  const char* url = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_EFFECTIVE_URL, &url);
  response_.url = url == nullptr ? request_.url : url;
  return std::move(response_);
}

}  // namespace dprkwatch::http
