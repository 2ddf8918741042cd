#pragma once
// Lines of a stream through a function on several threads, and out again in their order. Private to backtest.

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <istream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dprkwatch::backtest {

template <class Output>
class Ordered {
 public:
  // [a worker's thread] From a line and its number (from 1).
  using Work = std::function<Output(const std::string& line, std::uint64_t number)>;
  // [calling thread] In the order of the lines; `bytes`: read so far.
  using Sink = std::function<void(Output output, std::uint64_t number, std::uint64_t bytes)>;

  // One thread for each of `works`; memory is bounded. Returns after the last line, its threads joined.
  static void run(std::istream& input, const std::vector<Work>& works, const Sink& sink) {
    Ordered pipeline;
    std::vector<std::thread> threads;
    threads.reserve(works.size());
    for (const Work& work : works) threads.emplace_back([&] { pipeline.serve(work); });
    pipeline.pump(input, sink);
    for (std::thread& thread : threads) thread.join();
  }

 private:
  static constexpr std::size_t kBatch = 32;       // lines a worker takes at a time
  static constexpr std::size_t kMaxBatches = 64;  // read and not yet handed out

  struct Batch {
    std::uint64_t first = 0;
    std::uint64_t bytes = 0;
    std::vector<std::string> lines;
    std::vector<Output> outputs;
    bool done = false;
  };

  void pump(std::istream& input, const Sink& sink) {
    bool more = true;
    while (more || !batches_.empty()) {
      if (more && batches_.size() < kMaxBatches) {
        more = read(input);
        continue;
      }
      std::unique_lock lock(mutex_);
      done_.wait(lock, [this] { return batches_.front()->done; });
      const auto batch = std::move(batches_.front());
      batches_.pop_front();
      lock.unlock();
      for (std::size_t i = 0; i < batch->outputs.size(); ++i) {
        sink(std::move(batch->outputs[i]), batch->first + i, batch->bytes);
      }
    }
    const std::lock_guard lock(mutex_);
    finished_ = true;
    ready_.notify_all();
  }

  bool read(std::istream& input) {
    auto batch = std::make_unique<Batch>();
    batch->first = next_;
    std::string line;
    while (batch->lines.size() < kBatch && std::getline(input, line)) {
      ++next_;
      bytes_ += line.size() + 1;
      batch->lines.push_back(std::move(line));
    }
    batch->bytes = bytes_;
    const bool more = !input.eof() && !input.fail();
    if (batch->lines.empty()) return more;
    const std::lock_guard lock(mutex_);
    waiting_.push_back(batch.get());
    batches_.push_back(std::move(batch));
    ready_.notify_one();
    return more;
  }

  void serve(const Work& work) {
    for (;;) {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return finished_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      Batch& batch = *waiting_.front();
      waiting_.pop_front();
      lock.unlock();
      batch.outputs.reserve(batch.lines.size());
      for (std::size_t i = 0; i < batch.lines.size(); ++i)
        batch.outputs.push_back(work(batch.lines[i], batch.first + i));
      lock.lock();
      batch.done = true;
      done_.notify_one();
    }
  }

  std::uint64_t next_ = 1;
  std::uint64_t bytes_ = 0;
  std::mutex mutex_;  // guards the rest, and Batch::done
  std::condition_variable ready_;
  std::condition_variable done_;
  std::deque<std::unique_ptr<Batch>> batches_;
  std::deque<Batch*> waiting_;
  bool finished_ = false;
};

}  // namespace dprkwatch::backtest
