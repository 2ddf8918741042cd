#include "http/client.hpp"

#include <curl/curl.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unordered_set>
#include <utility>
#include <vector>

#include "http/curl_loop.hpp"
#include "http/transfer.hpp"

namespace dprkwatch::http {

class Client::Impl {
 public:
  Impl(boost::asio::io_context& loop, ClientOptions options)
      : loop_(loop), options_(std::move(options)), curl_(loop, options_.max_per_host, options_.max_total) {}

  boost::asio::awaitable<Result<Response>> send(Request request) {
    // The transfer lives in this frame: whoever destroys the frame takes it out of libcurl.
    Transfer transfer(std::move(request), options_, take_handle());
    boost::asio::steady_timer finished(loop_, boost::asio::steady_timer::time_point::max());
    const auto on_done = [&](CURLcode code) {
      transfer.finish(code);
      finished.cancel();
    };
    const Registration registration(*this, transfer, on_done);
    if (!transfer.finished()) {
      boost::system::error_code cancelled;
      auto wait = boost::asio::redirect_error(boost::asio::use_awaitable, cancelled);
      co_await finished.async_wait(wait);
    }
    co_return transfer.result();
  }

  void set_guard(AddressGuard guard) {
    options_.guard = std::move(guard);
    curl_.close_idle_connections();
  }

  void cancel_all() {
    const auto all = in_flight_;
    for (Registration* registration : all) registration->cancel();
  }

 private:
  Transfer::Easy take_handle() {
    if (spare_.empty()) return Transfer::Easy(curl_easy_init());
    Transfer::Easy easy = std::move(spare_.back());
    spare_.pop_back();
    return easy;
  }

  // The next request need not make one.
  void keep_handle(Transfer::Easy easy) {
    constexpr std::size_t kMaxSpare = 64;
    if (spare_.size() < kMaxSpare) spare_.push_back(std::move(easy));
  }

  // A transfer's time inside libcurl.
  class Registration {
   public:
    Registration(Impl& client, Transfer& transfer, std::function<void(CURLcode)> done)
        : client_(client), transfer_(transfer), listener_{std::move(done), transfer.socket()} {
      client_.in_flight_.insert(this);
      client_.curl_.add(transfer_.handle(), &listener_);
    }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;
    ~Registration() {
      client_.curl_.remove(transfer_.handle());
      client_.in_flight_.erase(this);
      client_.keep_handle(transfer_.give_back());
    }
    void cancel() {
      transfer_.stop();
      listener_.done(CURLE_ABORTED_BY_CALLBACK);
    }

   private:
    Impl& client_;
    Transfer& transfer_;
    CurlLoop::Listener listener_;
  };

  boost::asio::io_context& loop_;
  ClientOptions options_;
  CurlLoop curl_;
  std::unordered_set<Registration*> in_flight_;
  std::vector<Transfer::Easy> spare_;
};

Client::Client(boost::asio::io_context& loop, ClientOptions options)
    : impl_(std::make_unique<Impl>(loop, std::move(options))) {}

Client::~Client() = default;

boost::asio::awaitable<Result<Response>> Client::send(Request request) {
  return impl_->send(std::move(request));
}

void Client::set_guard(AddressGuard guard) {
  impl_->set_guard(std::move(guard));
}

void Client::cancel_all() {
  impl_->cancel_all();
}

}  // namespace dprkwatch::http
