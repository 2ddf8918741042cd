#include "plugin/remote.hpp"

#include <algorithm>
#include <deque>
#include <iterator>
#include <optional>
#include <utility>

#include "plugin/conversation.hpp"
#include "plugin/convert.hpp"

namespace dprkwatch::plugin {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPingAfter{30'000};  // of silence; a child may have been lost since

class Remote final : public Analyzer {
 public:
  explicit Remote(Supervision supervision) : on_(std::move(supervision)), where_("plugin " + on_.library.info.id) {}

  [[nodiscard]] const Library& library() const noexcept override { return on_.library; }

  Result<void> start() {
    const MetricSink metric = [&vitals = on_.vitals](std::string_view name, double value) {
      vitals.set_gauge(name, value);
    };
    auto conversation = Conversation::start(on_.library.settings, {on_.paths, on_.spawner, on_.stop, on_.log, metric});
    if (!conversation) return tl::unexpected(std::move(conversation.error()));
    const std::string& version = (*conversation)->descriptor().info.version;
    if (version != on_.library.info.version) {
      return fail(ErrorCode::kUnavailable, "is version " + version + " now; reload the configuration to use it",
                  where_);
    }
    conversation_ = std::move(*conversation);
    last_heard_ = Clock::now();
    return {};
  }

  void analyze(std::span<Task> tasks) override {
    Round round{{}, {}, on_.library.settings.max_in_flight};
    for (Task& task : tasks) round.waiting.push_back(&task);
    if (conversation_ && !conversation_->is_well(last_heard_ + kPingAfter < Clock::now())) {
      note_death(conversation_->end("while it had nothing to do"), 0, During::kOther);
    }
    while (!round.waiting.empty()) {
      if (auto up = get_up(); !up) return give_up(round, up.error());
      const auto ended = exchange(round);
      if (!ended) continue;
      Task* suspect = round.asked.size() == 1 ? round.asked.front().task : nullptr;
      while (!round.asked.empty()) {
        round.waiting.push_front(round.asked.back().task);
        round.asked.pop_back();
      }
      if (ended->code == ErrorCode::kStopped) return give_up(round, *ended);
      note_death(ended->message, round.waiting.size(), suspect != nullptr ? During::kArticle : During::kOther);
      // With several under way nobody knows which one it was: from here on one at a time.
      round.window = 1;
      if (suspect != nullptr && blame(*suspect, ended->message)) round.waiting.pop_front();
    }
    doubt(tasks);
  }

 private:
  using During = Breaker::During;
  struct Asked {
    std::uint64_t seq;
    Task* task;
    Deadline deadline;
  };
  struct Round {
    std::deque<Task*> waiting;
    std::deque<Asked> asked;  // in the order of their sending
    std::size_t window;
    bool control = false;  // no article of anyone's
  };

  static void give_up(Round& round, const Error& why) {
    for (Task* task : round.waiting) task->done = tl::unexpected(why);
  }

  // A running child, after the pause that is due; kUnavailable while the breaker is open, kStopped on a stop.
  Result<void> get_up() {
    for (;;) {
      if (on_.stop.is_set()) return fail(ErrorCode::kStopped, "is stopping", where_);
      const auto admission = on_.breaker.ask(Clock::now());
      if (admission.leave == Breaker::Leave::kDown) {
        return fail(ErrorCode::kUnavailable, "is down: " + admission.why, where_);
      }
      const bool trial = admission.leave == Breaker::Leave::kTrial;
      if (trial) conversation_.reset();
      if (conversation_) return {};
      if (!trial) (void)on_.stop.wait_until(admission.not_before);
      if (on_.stop.is_set()) continue;
      auto started = start();
      if (started && trial) started = stand_trial();
      if (!started && started.error().code == ErrorCode::kStopped) {
        if (trial) on_.breaker.give_up_trial();
        return started;
      }
      if (!started) {
        note_death(started.error().message, 0, trial ? During::kTrial : During::kOther);
      } else if (trial) {
        on_.breaker.stood_trial();
        say(LogLevel::kInfo, "is up again");
      }
    }
  }

  // Has the running child analyse a text that proves it well. The error: why it is not. `witness`: whether it had
  // answered that text before.
  Result<void> try_out(bool& witness) {
    Breaker::Control control = on_.breaker.control();
    witness = control.witness;
    Task task{&control.input, &control.earlier, {}};
    Round round{{&task}, {}, 1, /*control=*/true};
    auto ended = exchange(round);
    if (ended) return tl::unexpected(std::move(*ended));
    return std::move(task.done);
  }

  // A trial after the breaker was open. An error about a text of our own is an answer: it may be meant for other texts.
  Result<void> stand_trial() {
    bool witness = false;
    auto stood = try_out(witness);
    if (stood || (conversation_ && !witness && stood.error().code == ErrorCode::kPlugin)) return {};
    return stood;
  }

  // Articles that it gave an error for are its fault when it gives one for the control, too.
  void doubt(std::span<Task> tasks) {
    const auto blamed = [](const Task& task) { return !task.done && task.done.error().code == ErrorCode::kPlugin; };
    if (!conversation_ || std::none_of(tasks.begin(), tasks.end(), blamed)) return;
    bool witness = false;
    const auto stood = try_out(witness);
    if (stood) return;
    if (stood.error().code != ErrorCode::kStopped) call_broken(stood.error().message);
    for (Task& task : tasks) {
      if (blamed(task)) task.done = fail(ErrorCode::kUnavailable, task.done.error().message, where_);
    }
  }

  void call_broken(const std::string& why) { tell(on_.breaker.broken(why, Clock::now()), why, 0); }

  // Sends what waits and takes answers until all are in, or the child is ended: then why. `round.asked` holds what it
  // had not answered.
  std::optional<Error> exchange(Round& round) {
    while (!round.waiting.empty() || !round.asked.empty()) {
      while (!round.waiting.empty() && round.asked.size() < round.window) ask(round);
      const auto deadline =
          std::min_element(round.asked.begin(), round.asked.end(), [](const Asked& a, const Asked& b) {
            return a.deadline < b.deadline;
          })->deadline;
      auto message = conversation_->next(deadline);
      if (!message) return end(std::move(message.error()));
      last_heard_ = Clock::now();
      if (auto taken = take(round, std::move(*message)); !taken) return end(std::move(taken.error()));
    }
    return std::nullopt;
  }

  Error end(Error error) {
    error.message = conversation_->end(error.message);
    error.where = where_;
    conversation_.reset();
    return error;
  }

  void ask(Round& round) {
    Task* task = round.waiting.front();
    round.waiting.pop_front();
    // Each may take the time limit; they may be answered one after the other.
    const auto limit = on_.library.settings.timeout * static_cast<int>(round.asked.size() + 1);
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
    auto findings = findings_of(message, *task.input);
    // Before they are added to what it was told.
    if (!round.control) on_.breaker.answered(*task.input, *task.annotations, findings.has_value());
    if (findings) {
      std::move(findings->begin(), findings->end(), std::back_inserter(*task.annotations));
      task.done = {};
    } else {
      task.done = tl::unexpected(std::move(findings.error()));
    }
    return {};
  }

  // The same checks as for a plugin in process.
  Result<std::vector<Annotation>> findings_of(const wire::Message& message, const Input& input) const {
    if (message.type == wire::Message::Type::kError && message.code == ErrorCode::kStopped && on_.stop.is_set()) {
      return fail(ErrorCode::kStopped, "gave up when asked to stop", where_);
    }
    if (message.type == wire::Message::Type::kError) {
      const std::string why = message.text.empty() ? " and gave no reason" : ": " + message.text;
      return fail(ErrorCode::kPlugin, "failed on this article" + why, where_);
    }
    std::vector<Annotation> taken;
    const AnnotationViews views(message.annotations);
    for (std::size_t i = 0; i < views.size(); ++i) {
      auto annotation = take_annotation(views.data()[i], on_.library.info, input);
      if (!annotation) return fail(ErrorCode::kPlugin, "gave " + annotation.error().message, where_);
      taken.push_back(std::move(*annotation));
    }
    return taken;
  }

  void say(LogLevel level, const std::string& line) const {
    if (on_.log) on_.log(level, on_.library.info.id, line);
  }

  void note_death(const std::string& why, std::size_t again, During during) {
    conversation_.reset();
    tell(on_.breaker.died(why, during, Clock::now()), why, again);
  }

  void tell(const Breaker::Death& death, const std::string& why, std::size_t again) {
    on_.vitals.count_death(why);
    std::string line = death.open ? "is down" : "died and is started again";
    line += ": " + why + "; deaths in a row: " + std::to_string(death.in_a_row);
    if (again > 0) line += ", articles asked again: " + std::to_string(again);
    if (death.open) line += ", next trial in " + std::to_string((death.pause.count() + 999) / 1000) + " s";
    say(death.open ? LogLevel::kError : LogLevel::kWarn, line);
  }

  // True when that was one time too many, or nobody can say yet whose fault it is; then the task is done.
  bool blame(Task& task, const std::string& why) {
    const int strikes = on_.breaker.strike(task.input->id);
    if (strikes < kMaxStrikes) return false;
    if (auto up = get_up(); !up) {
      task.done = tl::unexpected(std::move(up.error()));
      return true;
    }
    bool witness = false;
    if (auto stood = try_out(witness); !stood && !(conversation_ && !witness)) {
      if (stood.error().code != ErrorCode::kStopped) {
        call_broken(stood.error().message);
        stood.error() = {ErrorCode::kUnavailable, "is down: " + stood.error().message, where_};
      }
      task.done = tl::unexpected(std::move(stood.error()));
      return true;
    }
    const std::string count = std::to_string(strikes) + " times: " + why;
    switch (on_.breaker.judge(task.input->id, strikes, witness, Clock::now())) {
      case Breaker::Verdict::kGuilty:
        task.done = fail(ErrorCode::kPlugin, "died on this article " + count, where_);
        break;
      case Breaker::Verdict::kBroken:
        say(LogLevel::kError, "is down: it died on every article so far and has answered none; no article is blamed");
        task.done = fail(ErrorCode::kUnavailable, "is down: it dies on every article: " + why, where_);
        break;
      case Breaker::Verdict::kWait:
        task.done = fail(ErrorCode::kUnavailable, "died on its first article " + count, where_);
        break;
    }
    return true;
  }

  Supervision on_;
  std::string where_;
  std::unique_ptr<Conversation> conversation_;
  Deadline last_heard_;
};

}  // namespace

Result<std::unique_ptr<Analyzer>> make_remote(Supervision supervision) {
  auto remote = std::make_unique<Remote>(std::move(supervision));
  if (auto started = remote->start(); !started) return tl::unexpected(std::move(started.error()));
  return remote;
}

}  // namespace dprkwatch::plugin
