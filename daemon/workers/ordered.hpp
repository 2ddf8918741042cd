#pragma once
// The lines of a stream through a function on several threads, in batches, and out again in their order.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <istream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace dprkwatch {

// Lines that follow each other.
struct LineBatch {
  std::uint64_t first = 1;  // number of the first, from 1
  std::uint64_t bytes = 0;  // of the stream, read with its last line
  std::vector<std::string> lines;
};

template <class Output>
class Ordered {
 public:
  // [a worker's thread]
  using Work = std::function<Output(const LineBatch& batch)>;
  // [calling thread] In the order of the lines.
  using Sink = std::function<void(Output output, const LineBatch& batch)>;

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
  static constexpr std::size_t kBatch = 64;       // lines a worker takes at a time
  static constexpr std::size_t kMaxBatches = 64;  // read and not yet handed out

  struct Slot {
    LineBatch batch;
    Output output{};
    bool done = false;
  };

  void pump(std::istream& input, const Sink& sink) {
    bool more = true;
    while (more || !slots_.empty()) {
      if (more && slots_.size() < kMaxBatches) {
        more = read(input);
        continue;
      }
      std::unique_lock lock(mutex_);
      done_.wait(lock, [this] { return slots_.front()->done; });
      const auto slot = std::move(slots_.front());
      slots_.pop_front();
      lock.unlock();
      sink(std::move(slot->output), slot->batch);
    }
    const std::lock_guard lock(mutex_);
    finished_ = true;
    ready_.notify_all();
  }

  // False at the end of the input.
  bool read(std::istream& input) {
    auto slot = std::make_unique<Slot>();
    LineBatch& batch = slot->batch;
    batch.first = next_;
    std::string line;
    while (batch.lines.size() < kBatch && std::getline(input, line)) {
      ++next_;
      bytes_ += line.size() + 1;
      batch.lines.push_back(std::move(line));
    }
    batch.bytes = bytes_;
    const bool more = !input.eof() && !input.fail();
    if (batch.lines.empty()) return more;
    const std::lock_guard lock(mutex_);
    waiting_.push_back(slot.get());
    slots_.push_back(std::move(slot));
    ready_.notify_one();
    return more;
  }

  void serve(const Work& work) {
    for (;;) {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return finished_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      Slot& slot = *waiting_.front();
      waiting_.pop_front();
      lock.unlock();
      slot.output = work(slot.batch);
      lock.lock();
      slot.done = true;
      done_.notify_one();
    }
  }

  std::uint64_t next_ = 1;
  std::uint64_t bytes_ = 0;
  std::mutex mutex_;  // guards the rest, and Slot::done
  std::condition_variable ready_;
  std::condition_variable done_;
  std::deque<std::unique_ptr<Slot>> slots_;
  std::deque<Slot*> waiting_;
  bool finished_ = false;
};

}  // namespace dprkwatch
