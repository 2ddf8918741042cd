#pragma once
// One request inside libcurl: its options, limits and what came of it. Private to http. [loop thread]

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "http/client.hpp"

namespace dprkwatch::http {

class Transfer {
 public:
  struct CleanupEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  using Easy = std::unique_ptr<CURL, CleanupEasy>;

  // `options` outlives this. `easy`: a fresh handle, or one that was reset.
  Transfer(Request request, const ClientOptions& options, Easy easy);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  [[nodiscard]] CURL* handle() const { return easy_.get(); }
  [[nodiscard]] bool finished() const { return finished_; }
  // For the next transfer, when this one is out of libcurl. Afterwards this can only be destroyed.
  [[nodiscard]] Easy give_back();
  // Where the loop writes which socket is used.
  [[nodiscard]] curl_socket_t* socket() { return &socket_; }
  void finish(CURLcode code);
  void stop() { problem_ = {ErrorCode::kStopped, "stopped before the answer came", {}}; }
  // After finish.
  [[nodiscard]] Result<Response> result();

 private:
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static int on_progress(void* self, curl_off_t expected, curl_off_t received, curl_off_t to_send, curl_off_t sent);
  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  void set_request_options();
  void set_mail_options(const Mail& mail);
  static std::size_t on_upload(char* bytes, std::size_t size, std::size_t count, void* self);
  void set_limits();
  void take_header(std::string_view line);
  void note_status(std::string_view line);
  void count_codings(std::string_view name, std::string_view value);
  void watch_socket();
  void refuse_as_too_large(const std::string& what, std::size_t limit);
  [[nodiscard]] std::string timeout_message() const;
  [[nodiscard]] Error error_of(CURLcode code) const;

  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  Request request_;
  const ClientOptions& options_;
  Easy easy_;
  std::unique_ptr<curl_slist, FreeList> header_list_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  std::chrono::steady_clock::time_point started_;
  Response response_;
  std::unique_ptr<curl_slist, FreeList> recipients_;
  std::size_t uploaded_ = 0;
  int redirects_ = 0;
  bool headers_ended_ = false;  // of the last answer
  std::size_t header_bytes_ = 0;  // of all answers and trailers
  int codings_ = 0;               // of the answer being read
  curl_socket_t socket_ = CURL_SOCKET_BAD;
  unsigned progress_calls_ = 0;
  std::optional<std::uint64_t> socket_baseline_;  // bytes its connection had received before
  Error problem_{ErrorCode::kInternal, {}, {}};   // set where we ended the transfer ourselves
  CURLcode code_ = CURLE_OK;
  bool finished_ = false;
};

}  // namespace dprkwatch::http
