#include "http/curl_loop.hpp"

#include <unistd.h>

#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

namespace dprkwatch::http {

// What libcurl wants to hear of one of its sockets. We watch a duplicate: libcurl may close its own descriptor at any
// time, and Asio must not find a stranger's socket under the same number. The duplicate lives as long as the
// connection: libcurl loses interest in a socket after each answer, and wants it again with the next request.
struct CurlLoop::Socket {
  Socket(boost::asio::io_context& loop, curl_socket_t original) : number(original), descriptor(loop, ::dup(original)) {}
  curl_socket_t number;
  boost::asio::posix::stream_descriptor descriptor;
  int wanted = 0;        // CURL_POLL_*
  bool reading = false;  // a wait for readability is under way
  bool writing = false;
};

CurlLoop::CurlLoop(boost::asio::io_context& loop, long max_per_host, long max_total)
    : loop_(loop), max_total_(max_total), timer_(loop), multi_(curl_multi_init()) {
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, max_per_host);
  curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, max_total);
  curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  keep_idle_connections();
}

CurlLoop::~CurlLoop() {
  // Cleaning up closes connections, and says so through on_socket: that must not find a half-destroyed map.
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, nullptr);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, nullptr);
}

void CurlLoop::add(CURL* easy, Listener* listener) {
  curl_easy_setopt(easy, CURLOPT_PRIVATE, listener);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &CurlLoop::on_close);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
  curl_multi_add_handle(multi_.get(), easy);
}

void CurlLoop::remove(CURL* easy) {
  curl_multi_remove_handle(multi_.get(), easy);
}

// Without a number libcurl keeps four a transfer under way, and in a quiet moment drops those that the next polls need.
void CurlLoop::keep_idle_connections() {
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, 2 * max_total_);
}

void CurlLoop::close_idle_connections() {
  // libcurl has no call for it: a cache of one connection drops the others.
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, 1L);
  keep_idle_connections();
}

int CurlLoop::on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* /*socket_data*/) {
  auto& loop = *static_cast<CurlLoop*>(self);
  const auto found = loop.sockets_.find(socket);
  if (what == CURL_POLL_REMOVE) {
    if (found != loop.sockets_.end()) found->second->wanted = 0;
    return 0;
  }
  Listener* listener = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &listener);
  if (listener != nullptr) *listener->socket = socket;
  auto entry = found != loop.sockets_.end() ? found->second : std::make_shared<Socket>(loop.loop_, socket);
  if (found == loop.sockets_.end()) loop.sockets_.emplace(socket, entry);
  entry->wanted = what;
  loop.watch(entry, what);
  return 0;
}

int CurlLoop::on_close(void* self, curl_socket_t socket) {
  auto& loop = *static_cast<CurlLoop*>(self);
  if (const auto found = loop.sockets_.find(socket); found != loop.sockets_.end()) {
    boost::system::error_code ignored;
    found->second->wanted = 0;
    found->second->descriptor.close(ignored);
    loop.sockets_.erase(found);
  }
  return ::close(socket);
}

void CurlLoop::watch(const std::shared_ptr<Socket>& socket, int events) {
  using boost::asio::posix::descriptor_base;
  // Each wait is one-shot; libcurl's wish at the time it fires decides whether it is told and waited for again.
  if ((events & CURL_POLL_IN) != 0 && !socket->reading) {
    socket->reading = true;
    socket->descriptor.async_wait(descriptor_base::wait_read, [this, socket](const boost::system::error_code& error) {
      socket->reading = false;
      if (error || (socket->wanted & CURL_POLL_IN) == 0) return;
      act(socket->number, CURL_CSELECT_IN);
      if (socket->descriptor.is_open()) watch(socket, socket->wanted);
    });
  }
  if ((events & CURL_POLL_OUT) != 0 && !socket->writing) {
    socket->writing = true;
    socket->descriptor.async_wait(descriptor_base::wait_write, [this, socket](const boost::system::error_code& error) {
      socket->writing = false;
      if (error || (socket->wanted & CURL_POLL_OUT) == 0) return;
      act(socket->number, CURL_CSELECT_OUT);
      if (socket->descriptor.is_open()) watch(socket, socket->wanted);
    });
  }
}

int CurlLoop::on_timer(CURLM* /*multi*/, long timeout_ms, void* self) {
  auto& loop = *static_cast<CurlLoop*>(self);
  if (timeout_ms < 0) {
    loop.timer_.cancel();
    return 0;
  }
  // Never act from inside this callback: libcurl forbids the recursion.
  if (timeout_ms == 0) {
    loop.timer_.cancel();
    if (!std::exchange(loop.act_posted_, true)) {
      boost::asio::post(loop.loop_, [&loop, alive = std::weak_ptr(loop.alive_)] {
        if (alive.expired()) return;
        loop.act_posted_ = false;
        loop.act(CURL_SOCKET_TIMEOUT, 0);
      });
    }
    return 0;
  }
  loop.timer_.expires_after(std::chrono::milliseconds(timeout_ms));
  loop.timer_.async_wait([&loop](const boost::system::error_code& error) {
    if (!error) loop.act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

void CurlLoop::act(curl_socket_t socket, int events) {
  int running = 0;
  curl_multi_socket_action(multi_.get(), socket, events, &running);
  collect();
}

void CurlLoop::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    Listener* listener = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &listener);
    listener->done(message->data.result);
  }
}

}  // namespace dprkwatch::http
