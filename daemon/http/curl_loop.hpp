#pragma once
// libcurl's multi handle on the Asio loop. Private to http. [loop thread]

#include <curl/curl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <unordered_map>

namespace dprkwatch::http {

class CurlLoop {
 public:
  // Who waits for a transfer.
  struct Listener {
    std::function<void(CURLcode)> done;
    curl_socket_t* socket;  // told which one it uses; libcurl says it to no callback of the transfer's own
  };

  CurlLoop(boost::asio::io_context& loop, long max_per_host, long max_total);
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;
  ~CurlLoop();

  // Starts a transfer. `done` is called once from the loop, never from inside add; the listener stays until remove.
  void add(CURL* easy, Listener* listener);
  // Takes it out, finished or not.
  void remove(CURL* easy);

  void close_idle_connections();

 private:
  struct Socket;
  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* socket_data);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);
  static int on_close(void* self, curl_socket_t socket);
  void watch(const std::shared_ptr<Socket>& socket, int events);
  void keep_idle_connections();
  void act(curl_socket_t socket, int events);
  void collect();

  struct Cleanup {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };
  boost::asio::io_context& loop_;
  long max_total_;
  boost::asio::steady_timer timer_;
  bool act_posted_ = false;
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // what is posted may run after the end
  std::unordered_map<curl_socket_t, std::shared_ptr<Socket>> sockets_;
  std::unique_ptr<CURLM, Cleanup> multi_;
};

}  // namespace dprkwatch::http
