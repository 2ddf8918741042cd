#pragma once
// "Come to an end soon", told once to all who work for a host. [any thread]

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace dprkwatch::plugin {

class StopFlag {
 public:
  void set() {
    {
      const std::lock_guard lock(mutex_);
      set_ = true;
    }
    changed_.notify_all();
  }
  [[nodiscard]] bool is_set() const noexcept { return set_; }
  // For whoever only looks.
  [[nodiscard]] const std::atomic<bool>& flag() const noexcept { return set_; }
  // Sleeps until then, or until it is set: then true.
  bool wait_until(std::chrono::steady_clock::time_point when) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, when, [this] { return set_.load(); });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> set_{false};
};

}  // namespace dprkwatch::plugin
