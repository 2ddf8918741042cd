#include "scale/server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string_view>
#include <unordered_map>

namespace dprkwatch::bench {
namespace {

struct Connection {
  int socket = -1;
  std::string in;
  std::string own;       // an answer made for this request
  std::string_view out;  // what is still to be sent
  bool blocked = false;  // until the socket takes more
};

class Server {
 public:
  explicit Server(const std::string& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string body((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
      pages_["/" + entry.path().filename().string()] = answer("200 OK", body);
    }
  }

  bool listen(unsigned short port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    socklen_t size = sizeof(address);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 4096) != 0)
      return false;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    std::cout << "http://127.0.0.1:" << ntohs(address.sin_port) << std::endl;
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    watch(listener_, EPOLL_CTL_ADD, EPOLLIN);
    return true;
  }

  void run() {
    std::array<epoll_event, 256> events{};
    for (;;) {
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int socket = events.at(static_cast<std::size_t>(i)).data.fd;
        if (socket == listener_) {
          accept();
        } else if (!serve(*connections_.at(socket))) {
          connections_.erase(socket);
          ::close(socket);
        }
      }
    }
  }

 private:
  static std::string answer(const std::string& status, const std::string& body) {
    return "HTTP/1.1 " + status +
           "\r\nContent-Type: application/xml\r\nETag: \"1\"\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
  }

  void watch(int socket, int what, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.fd = socket;
    ::epoll_ctl(epoll_, what, socket, &event);
  }

  void accept() {
    for (int peer = 0; (peer = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
      const int on = 1;
      ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      connections_[peer] = std::make_unique<Connection>();
      connections_[peer]->socket = peer;
      watch(peer, EPOLL_CTL_ADD, EPOLLIN);
    }
  }

  // False when the connection ended.
  bool serve(Connection& peer) {
    if (!peer.out.empty()) return send(peer);
    std::array<char, 16384> buffer{};
    const ssize_t size = ::recv(peer.socket, buffer.data(), buffer.size(), 0);
    if (size <= 0) return false;
    peer.in.append(buffer.data(), static_cast<std::size_t>(size));
    const auto end = peer.in.find("\r\n\r\n");
    if (end == std::string::npos) return true;
    choose(peer, std::string_view(peer.in).substr(0, end));
    peer.in.clear();
    return send(peer);
  }

  void choose(Connection& peer, std::string_view request) {
    ++answers_;
    const auto begin = request.find(' ') + 1;
    const std::string path(request.substr(begin, request.find_first_of(" ?", begin) - begin));
    const auto found = pages_.find(path);
    if (path == "/count") {
      peer.own = answer("200 OK", std::to_string(answers_));
    } else if (found == pages_.end()) {
      peer.own = answer("404 Not Found", "");
    } else if (request.find("If-None-Match:") != std::string_view::npos) {
      peer.out = "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n";
      return;
    } else {
      peer.out = found->second;
      return;
    }
    peer.out = peer.own;
  }

  bool send(Connection& peer) const {
    const ssize_t size = ::send(peer.socket, peer.out.data(), peer.out.size(), MSG_NOSIGNAL);
    if (size < 0 && errno != EAGAIN) return false;
    peer.out.remove_prefix(size < 0 ? 0 : static_cast<std::size_t>(size));
    const bool blocked = !peer.out.empty();
    if (blocked != peer.blocked) watch(peer.socket, EPOLL_CTL_MOD, blocked ? EPOLLOUT : EPOLLIN);
    peer.blocked = blocked;
    return true;
  }

  std::unordered_map<std::string, std::string> pages_;
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
  int listener_ = -1;
  int epoll_ = -1;
  std::uint64_t answers_ = 0;
};

}  // namespace

bool serve(const std::string& folder, unsigned short port) {
  Server server(folder);
  if (!server.listen(port)) return false;
  server.run();
  return true;
}

}  // namespace dprkwatch::bench
