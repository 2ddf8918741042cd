#include "http/transfer.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>

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

// Of all answers to one request with their trailers; libcurl's own limit of 300 kB leaves trailers out.
constexpr std::size_t kMaxHeaderBytes = 256 * 1024;
constexpr std::size_t kMaxHeaders = 256;  // kept

bool same_name(std::string_view left, std::string_view right) {
  return left.size() == right.size() && strncasecmp(left.data(), right.data(), left.size()) == 0;
}

// libcurl says after how many milliseconds, which would make each report of one trouble a new one.
std::string without_duration(std::string text) {
  const auto begin = text.find(" after ");
  const auto end = text.find(" ms", begin == std::string::npos ? text.size() : begin);
  if (begin != std::string::npos && end != std::string::npos) text.erase(begin, end + 3 - begin);
  return text;
}

std::string address_of(CURL* easy) {
  const char* ip = nullptr;
  long port = 0;
  curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &ip);
  curl_easy_getinfo(easy, CURLINFO_PRIMARY_PORT, &port);
  if (ip == nullptr || *ip == '\0') return {};
  const std::string host(ip);
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
}

ErrorCode code_of(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return ErrorCode::kTimeout;
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_OUT_OF_MEMORY:
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

Transfer::Transfer(Request request, const ClientOptions& options, Easy easy)
    : request_(std::move(request)),
      options_(options),
      easy_(std::move(easy)),
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

Transfer::Easy Transfer::give_back() {
  curl_easy_reset(easy_.get());
  return std::move(easy_);
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
    // Where redirects are followed at all, a POST stays one.
    curl_easy_setopt(easy, CURLOPT_POSTREDIR, static_cast<long>(CURL_REDIR_POST_301 | CURL_REDIR_POST_302));
  } else if (request_.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
  curl_slist* list = nullptr;
  for (const auto& [name, value] : request_.headers) list = curl_slist_append(list, (name + ": " + value).c_str());
  if (request_.method == "POST") list = curl_slist_append(list, "Expect:");  // no wait for 100-continue
  header_list_.reset(list);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
  if (!request_.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_USERNAME, request_.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, request_.password.c_str());
  } else if (!request_.token.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, request_.token.c_str());
  }
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, this);
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
  constexpr long kDnsCacheSeconds = 300;
  curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, kDnsCacheSeconds);
  // Requests of one host share a connection of HTTP/2 once its handshake shows that the server speaks it.
  if (request_.url.starts_with("https:")) curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
  // A proxy from the environment would connect on our behalf, past the address guard.
  curl_easy_setopt(easy, CURLOPT_PROXY, request_.proxy.c_str());
}

std::size_t Transfer::on_header(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.take_header({bytes, size * count});
  return transfer.problem_.message.empty() ? size * count : 0;
}

void Transfer::refuse_as_too_large(const std::string& what, std::size_t limit) {
  problem_ = {ErrorCode::kTooLarge, what + std::to_string(limit) + " bytes; nothing more was read", {}};
}

void Transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeaderBytes) refuse_as_too_large("the headers are larger than ", kMaxHeaderBytes);
  // Each answer on the way (100, a redirect) begins anew: the last one's headers and body count.
  if (line.starts_with("HTTP/")) {
    note_status(line);
    response_.headers.clear();
    response_.body.clear();
    codings_ = 0;
    headers_ended_ = false;
    return;
  }
  if (line == "\r\n" || line == "\n") headers_ended_ = true;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const auto name = line.substr(0, colon);
  const auto value = trim(line.substr(colon + 1));
  count_codings(name, value);
  if (response_.headers.empty()) response_.headers.reserve(16);
  if (response_.headers.size() < kMaxHeaders) response_.headers.emplace_back(std::string(name), std::string(value));
}

// Several codings over each other multiply what a few bytes can unpack to. libcurl stacks those of both fields, on one
// line or several.
void Transfer::count_codings(std::string_view name, std::string_view value) {
  if (!same_name(name, "content-encoding") && !same_name(name, "transfer-encoding")) return;
  while (!value.empty()) {
    const auto comma = value.find(',');
    const std::string_view coding = trim(value.substr(0, comma));
    value = comma == std::string_view::npos ? std::string_view() : value.substr(comma + 1);
    if (!coding.empty() && !same_name(coding, "identity") && !same_name(coding, "chunked")) ++codings_;
  }
  if (codings_ > 1) {
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
  const std::size_t limit = transfer.request_.max_bytes;
  if (transfer.response_.body.size() + length > limit) {
    transfer.problem_ = {
        ErrorCode::kTooLarge,
        "the answer is larger than " + std::to_string(limit) + " bytes after decoding; it was not read further",
        {}};
    return 0;
  }
  transfer.response_.body.append(bytes, length);
  return length;
}

// What never reaches on_body is limited here: bodies of redirects, and codings that unpack to nothing.
int Transfer::on_progress(void* self, curl_off_t /*expected*/, curl_off_t received, curl_off_t /*to_send*/,
                          curl_off_t /*sent*/) {
  // An answer of usual size ends before the first look at the socket.
  constexpr unsigned kCallsBeforeLooks = 16;
  constexpr unsigned kCallsALook = 4;
  auto& transfer = *static_cast<Transfer*>(self);
  if (!transfer.problem_.message.empty()) return 1;
  if (received > static_cast<curl_off_t>(transfer.request_.max_bytes)) {
    transfer.refuse_as_too_large("the server sent more than ", transfer.request_.max_bytes);
  } else if (++transfer.progress_calls_ > kCallsBeforeLooks && transfer.progress_calls_ % kCallsALook == 0) {
    transfer.watch_socket();
  }
  return transfer.problem_.message.empty() ? 0 : 1;
}

// libcurl counts what belongs to a body; an endless extension of a chunk does not. The kernel counts all.
void Transfer::watch_socket() {
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (socket_ == CURL_SOCKET_BAD || ::getsockopt(socket_, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return;
  if (!socket_baseline_ || *socket_baseline_ > info.tcpi_bytes_received) socket_baseline_ = info.tcpi_bytes_received;
  // Headers, chunk sizes and TLS need some; other transfers may share a connection of HTTP/2.
  const std::size_t limit = 4 * request_.max_bytes + kMaxHeaderBytes;
  if (info.tcpi_bytes_received - *socket_baseline_ > limit) refuse_as_too_large("the server sent more than ", limit);
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

std::string Transfer::timeout_message() const {
  const std::string_view detail(detail_.data());
  if (detail.starts_with("Operation too slow")) return "the answer came slower than 100 bytes a second for 10 s";
  curl_off_t connected = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &connected);
  const auto limit = connected == 0 ? std::min(request_.connect_timeout, request_.timeout) : request_.timeout;
  return std::string(connected == 0 ? "no connection" : "no whole answer") + " within " +
         std::to_string(limit.count()) + " ms: timed out";
}

Error Transfer::error_of(CURLcode code) const {
  std::string message = without_duration(detail_[0] != '\0' ? detail_.data() : curl_easy_strerror(code));
  if (code == CURLE_FILESIZE_EXCEEDED) {
    message = "the answer is larger than " + std::to_string(request_.max_bytes) + " bytes; it was not read";
  }
  if (code == CURLE_PARTIAL_FILE) message = "the answer is shorter than announced; it will be fetched again";
  if (code == CURLE_OPERATION_TIMEDOUT) message = timeout_message();
  if (code == CURLE_OUT_OF_MEMORY) message = "a line of the headers is longer than 100 kB, or memory is short";
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
  // For libcurl an answer that ends within its headers is one: a webhook would count as taken.
  if (code_ == CURLE_OK && !request_.mail && !headers_ended_ && problem_.message.empty()) {
    problem_ = {ErrorCode::kUnavailable, "the answer was cut short within its headers", {}};
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
  response_.address = address_of(easy_.get());
  return std::move(response_);
}

}  // namespace dprkwatch::http
