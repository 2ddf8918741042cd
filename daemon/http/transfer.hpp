#pragma once
// One request inside libcurl: its options, limits and what came of it. Private to http. [loop thread]

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include "http/client.hpp"

namespace dprkwatch::http {

class Transfer {
 public:
  // `options` outlives this.
  Transfer(Request request, const ClientOptions& options);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  [[nodiscard]] CURL* handle() const { return easy_.get(); }
  [[nodiscard]] bool finished() const { return finished_; }
  void finish(CURLcode code);
  void stop() { problem_ = {ErrorCode::kStopped, "stopped before the answer came", {}}; }
  // After finish.
  [[nodiscard]] Result<Response> result();

 private:
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  void set_request_options();
  void set_mail_options(const Mail& mail);
  static std::size_t on_upload(char* bytes, std::size_t size, std::size_t count, void* self);
  void set_limits();
  void take_header(std::string_view line);
  void note_status(std::string_view line);
  [[nodiscard]] Error error_of(CURLcode code) const;

  struct CleanupEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  Request request_;
  const ClientOptions& options_;
  std::unique_ptr<CURL, CleanupEasy> easy_;
  std::unique_ptr<curl_slist, FreeList> header_list_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  std::chrono::steady_clock::time_point started_;
  Response response_;
  std::unique_ptr<curl_slist, FreeList> recipients_;
  std::size_t uploaded_ = 0;
  int redirects_ = 0;
  Error problem_{ErrorCode::kInternal, {}, {}};  // set where we ended the transfer ourselves
  CURLcode code_ = CURLE_OK;
  bool finished_ = false;
};

}  // namespace dprkwatch::http
