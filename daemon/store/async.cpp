#include "store/async.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

namespace dprkwatch::store {

boost::asio::awaitable<Result<void>> run_async(Store& store, Job job) {
  const auto initiate = [&store](auto handler, Job work) {
    const auto executor = boost::asio::get_associated_executor(handler);
    // Shared, because a std::function must be copyable and the handler is not; it is called once.
    auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
    store.submit(std::move(work), [waiting, executor](Result<void> outcome) {
      boost::asio::post(
          executor, [waiting, outcome = std::move(outcome)]() mutable { std::move (*waiting)(std::move(outcome)); });
    });
  };
  auto operation = boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Result<void>)>(
      initiate, boost::asio::use_awaitable, std::move(job));
  co_return co_await std::move(operation);
}

boost::asio::awaitable<std::vector<Result<void>>> run_all_async(Store& store, std::vector<Job> jobs) {
  using Outcomes = std::vector<Result<void>>;
  if (jobs.empty()) co_return Outcomes();
  const auto initiate = [&store](auto handler, std::vector<Job> work) {
    const auto executor = boost::asio::get_associated_executor(handler);
    auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
    // Completions come one after the other, on the store thread.
    auto outcomes = std::make_shared<Outcomes>();
    const std::size_t count = work.size();
    for (Job& job : work) {
      store.submit(std::move(job), [waiting, executor, outcomes, count](Result<void> outcome) {
        outcomes->push_back(std::move(outcome));
        if (outcomes->size() < count) return;
        boost::asio::post(executor, [waiting, outcomes]() mutable { std::move (*waiting)(std::move(*outcomes)); });
      });
    }
  };
  auto operation = boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Outcomes)>(
      initiate, boost::asio::use_awaitable, std::move(jobs));
  co_return co_await std::move(operation);
}

}  // namespace dprkwatch::store
