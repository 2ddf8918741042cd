#pragma once
// A server on loopback that answers each connection with given bytes, right or wrong, and closes it.

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dprkwatch::support {

class CannedServer {
 public:
  // `answer`: from the number of the connection, from 0, to the bytes to send. Called on the server's thread.
  explicit CannedServer(std::function<std::string(std::size_t)> answer)
      : answer_(std::move(answer)),
        acceptor_(loop_, {boost::asio::ip::address_v4::loopback(), 0}),
        thread_([this] { serve(); }) {}
  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;

  ~CannedServer() {
    stopping_ = true;
    // Wakes the accept.
    boost::system::error_code ignored;
    boost::asio::io_context loop;
    boost::asio::ip::tcp::socket(loop).connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }
  [[nodiscard]] std::string url() const { return "http://" + address() + "/"; }

  // The heads of the requests so far.
  [[nodiscard]] std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void serve() {
    for (std::size_t number = 0;; ++number) {
      boost::asio::ip::tcp::socket peer(loop_);
      boost::system::error_code error;
      acceptor_.accept(peer, error);
      if (stopping_ || error) return;
      boost::asio::streambuf buffer;
      const std::size_t size = boost::asio::read_until(peer, buffer, "\r\n\r\n", error);
      {
        const std::lock_guard lock(mutex_);
        requests_.emplace_back(boost::asio::buffers_begin(buffer.data()),
                               boost::asio::buffers_begin(buffer.data()) + static_cast<std::ptrdiff_t>(size));
      }
      boost::asio::write(peer, boost::asio::buffer(answer_(number)), error);
      peer.shutdown(boost::asio::ip::tcp::socket::shutdown_both, error);
    }
  }

  std::function<std::string(std::size_t)> answer_;
  boost::asio::io_context loop_;
  boost::asio::ip::tcp::acceptor acceptor_;
  mutable std::mutex mutex_;  // guards requests_
  std::vector<std::string> requests_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace dprkwatch::support
