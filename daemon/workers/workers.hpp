#pragma once
// A pool of threads, and the way there and back from a coroutine on the loop. The service parses and analyses on one,
// the API reads the store on another.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

namespace dprkwatch {

class Workers {
 public:
  explicit Workers(std::size_t threads) : pool_(threads) {}
  ~Workers() { pool_.join(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Runs `work` on the pool some time. `work` must not throw.
  template <class Work>
  void post(Work work) {
    boost::asio::post(pool_, std::move(work));
  }

  // Runs `work` on the pool; the coroutine goes on where it was, with the result. `work` must not throw.
  template <class Work>
  [[nodiscard]] auto run(Work work) -> boost::asio::awaitable<decltype(work())> {
    using Value = decltype(work());
    const auto initiate = [this](auto handler, Work job) {
      const auto executor = boost::asio::get_associated_executor(handler);
      boost::asio::post(pool_, [executor, job = std::move(job), handler = std::move(handler)]() mutable {
        Value value = job();
        boost::asio::post(executor, [value = std::move(value), handler = std::move(handler)]() mutable {
          std::move(handler)(std::move(value));
        });
      });
    };
    auto operation = boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Value)>(
        initiate, boost::asio::use_awaitable, std::move(work));
    co_return co_await std::move(operation);
  }

 private:
  boost::asio::thread_pool pool_;
};

}  // namespace dprkwatch
