#include "plugin/remote.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <iterator>
#include <optional>
#include <thread>
#include <utility>

#include "plugin/conversation.hpp"
#include "plugin/convert.hpp"

namespace dprkwatch::plugin {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{50};    // before the second restart in a row; doubles
constexpr milliseconds kFirstTrial{1000};  // how long the breaker stays open at first; doubles
constexpr milliseconds kLongestPause{60'000};
constexpr milliseconds kPingAfter{30'000};  // of silence; a child may have been lost since

// A text of our own for the trial of a plugin that died again and again.
Input trial_text() {
  Input input;
  input.id = "dprkwatch-trial";
  input.title = "A short text to see whether the analyzer runs";
  input.text = "The ministry said on Monday that talks would go on.\n";
  input.language = "en";
  return input;
}

milliseconds doubled(milliseconds first, int times) {
  return std::min(kLongestPause, first * (1 << std::clamp(times, 0, 16)));
}

class Remote final : public Analyzer {
 public:
  Remote(const Library& library, const Paths& paths, Nursery& nursery, LogSink log)
      : library_(library), paths_(paths), nursery_(nursery), log_(std::move(log)) {}

  [[nodiscard]] const Library& library() const noexcept override { return library_; }

  Result<void> start() {
    auto conversation = Conversation::start(library_.settings, paths_, nursery_.spawner, log_);
    if (!conversation) return tl::unexpected(std::move(conversation.error()));
    if ((*conversation)->descriptor().info.version != library_.info.version) {
      return fail(
          ErrorCode::kUnavailable,
          "is version " + (*conversation)->descriptor().info.version + " now; reload the configuration to use it",
          "plugin " + library_.info.id);
    }
    conversation_ = std::move(*conversation);
    last_heard_ = Clock::now();
    return {};
  }

  void analyze(std::span<Task> tasks) override {
    Round round{tasks, {}, {}, library_.settings.max_in_flight};
    for (Task& task : tasks) round.waiting.push_back(&task);
    if (conversation_ && !conversation_->is_well(last_heard_ + kPingAfter < Clock::now())) {
      note_death(conversation_->end("while it had nothing to do"), 0);
    }
    while (!round.waiting.empty()) {
      if (auto up = get_up(); !up) {
        for (Task* task : round.waiting) task->done = tl::unexpected(up.error());
        return;
      }
      auto death = exchange(round);
      if (!death) continue;
      const bool alone = round.asked.size() == 1;
      Task* suspect = alone ? round.asked.front().task : nullptr;
      while (!round.asked.empty()) {
        round.waiting.push_front(round.asked.back().task);
        round.asked.pop_back();
      }
      note_death(*death, round.waiting.size());
      // With several under way nobody knows which one it was: from here on one at a time.
      round.window = 1;
      if (suspect != nullptr && blame(*suspect, *death)) round.waiting.pop_front();
    }
  }

 private:
  struct Asked {
    std::uint64_t seq;
    Task* task;
    Deadline deadline;
  };
  struct Round {
    std::span<Task> tasks;
    std::deque<Task*> waiting;
    std::deque<Asked> asked;  // in the order of their sending
    std::size_t window;
  };

  // A running child, after the pause that is due; kUnavailable while the breaker is open.
  Result<void> get_up() {
    while (!conversation_) {
      const auto now = Clock::now();
      const bool open = deaths_ >= kBreakerDeaths;
      if (now < not_before_) {
        if (open) return fail(ErrorCode::kUnavailable, "is down: " + last_death_, "plugin " + library_.info.id);
        std::this_thread::sleep_for(not_before_ - now);
      }
      if (auto started = start(); !started) {
        note_death(started.error().message, 0);
        continue;
      }
      if (open) try_out();
    }
    return {};
  }

  // After the breaker was open: a text of our own goes first.
  void try_out() {
    const Input input = trial_text();
    std::vector<Annotation> none;
    Task trial{&input, &none, {}};
    Round round{{&trial, 1}, {&trial}, {}, 1};
    if (const auto death = exchange(round)) {
      note_death(*death, 0);
    } else if (log_) {
      log_(LogLevel::kInfo, library_.info.id, "is up again");
    }
  }

  // Sends what waits and takes answers until all are in, or the child is dead: then why. `round.asked` holds what it
  // had not answered.
  std::optional<std::string> exchange(Round& round) {
    while (!round.waiting.empty() || !round.asked.empty()) {
      while (!round.waiting.empty() && round.asked.size() < round.window) ask(round);
      const auto deadline =
          std::min_element(round.asked.begin(), round.asked.end(), [](const Asked& a, const Asked& b) {
            return a.deadline < b.deadline;
          })->deadline;
      auto message = conversation_->next(deadline);
      if (!message) return conversation_->end(message.error().message);
      last_heard_ = Clock::now();
      if (auto taken = take(round, std::move(*message)); !taken) return conversation_->end(taken.error().message);
    }
    return std::nullopt;
  }

  void ask(Round& round) {
    Task* task = round.waiting.front();
    round.waiting.pop_front();
    // Each may take the time limit; they may be answered one after the other.
    const auto limit = library_.settings.timeout * static_cast<int>(round.asked.size() + 1);
    round.asked.push_back({conversation_->ask(*task->input, *task->annotations), task, Clock::now() + limit});
  }

  Result<void> take(Round& round, wire::Message message) {
    if (message.type == wire::Message::Type::kPong) return {};
    if (message.type == wire::Message::Type::kHello) return fail(ErrorCode::kPlugin, "it said hello twice");
    const auto asked =
        std::find_if(round.asked.begin(), round.asked.end(), [&](const Asked& one) { return one.seq == message.seq; });
    if (asked == round.asked.end()) {
      const std::string why =
          message.type == wire::Message::Type::kError && message.seq == 0
              ? "it gave up: " + message.text
              : "it answered for article " + std::to_string(message.seq) + ", which it was not asked";
      return fail(ErrorCode::kPlugin, why);
    }
    Task& task = *asked->task;
    round.asked.erase(asked);
    if (message.type == wire::Message::Type::kError) {
      task.done = fail(ErrorCode::kPlugin,
                       "failed on this article" + (message.text.empty() ? " and gave no reason" : ": " + message.text),
                       "plugin " + library_.info.id);
    } else {
      task.done = accept(message.annotations, task);
    }
    deaths_ = 0;
    if (struck_) nursery_.strikes.forget(library_.info.id, task.input->id);
    return {};
  }

  // The same checks as for a plugin in process.
  Result<void> accept(const std::vector<Annotation>& given, const Task& task) const {
    std::vector<Annotation> taken;
    const AnnotationViews views(given);
    for (std::size_t i = 0; i < views.size(); ++i) {
      auto annotation = take_annotation(views.data()[i], library_.info, *task.input);
      if (!annotation) {
        return fail(ErrorCode::kPlugin, "gave " + annotation.error().message, "plugin " + library_.info.id);
      }
      taken.push_back(std::move(*annotation));
    }
    std::move(taken.begin(), taken.end(), std::back_inserter(*task.annotations));
    return {};
  }

  void note_death(const std::string& why, std::size_t again) {
    conversation_.reset();
    ++deaths_;
    last_death_ = why;
    const bool open = deaths_ >= kBreakerDeaths;
    const auto pause = open ? doubled(kFirstTrial, deaths_ - kBreakerDeaths)
                            : (deaths_ == 1 ? milliseconds(0) : doubled(kFirstPause, deaths_ - 2));
    not_before_ = Clock::now() + pause;
    if (!log_) return;
    std::string line = open ? "is down" : "died and is started again";
    line += ": " + why + "; deaths in a row: " + std::to_string(deaths_);
    if (again > 0) line += ", articles asked again: " + std::to_string(again);
    if (open) line += ", next trial in " + std::to_string(pause.count() / 1000) + " s";
    log_(open ? LogLevel::kError : LogLevel::kWarn, library_.info.id, line);
  }

  // True when that was one time too many; then the task is done.
  bool blame(Task& task, const std::string& why) {
    struck_ = true;
    if (nursery_.strikes.add(library_.info.id, task.input->id) < kMaxStrikes) return false;
    nursery_.strikes.forget(library_.info.id, task.input->id);
    task.done = fail(ErrorCode::kPlugin, "died on this article " + std::to_string(kMaxStrikes) + " times: " + why,
                     "plugin " + library_.info.id);
    return true;
  }

  const Library& library_;
  const Paths& paths_;
  Nursery& nursery_;
  LogSink log_;
  std::unique_ptr<Conversation> conversation_;
  Deadline last_heard_;
  int deaths_ = 0;  // without an answer in between
  Deadline not_before_;
  std::string last_death_;
  bool struck_ = false;  // whether it was ever blamed on an article
};

}  // namespace

int Strikes::add(const std::string& plugin, const std::string& article) {
  const std::lock_guard lock(mutex_);
  return ++counts_[{plugin, article}];
}

void Strikes::forget(const std::string& plugin, const std::string& article) {
  const std::lock_guard lock(mutex_);
  counts_.erase({plugin, article});
}

Result<std::unique_ptr<Analyzer>> make_remote(const Library& library, const Paths& paths, Nursery& nursery,
                                              const LogSink& log) {
  auto remote = std::make_unique<Remote>(library, paths, nursery, log);
  if (auto started = remote->start(); !started) return tl::unexpected(std::move(started.error()));
  return remote;
}

}  // namespace dprkwatch::plugin
