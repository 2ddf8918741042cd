#include "plugin/conversation.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "plugin/library.hpp"
#include "text/text.hpp"

namespace dprkwatch::plugin {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kHelloTime{10};
constexpr std::chrono::seconds kPingTime{1};
constexpr std::chrono::milliseconds kDyingTime{50};  // for a child that closed its output to say how it ended
constexpr int kLogLines = 20;                        // a second
constexpr std::size_t kMaxLogLine = 1000;
constexpr std::chrono::milliseconds kStopTime{1500};
constexpr std::chrono::milliseconds kStopLook{50};  // how soon a wait notices a stop
constexpr std::size_t kReadRoom = 256 * 1024;

}  // namespace

std::vector<std::string> child_arguments(const config::Plugin& settings, const Paths& paths) {
  std::vector<std::string> argv{
      paths.child_program, "--parent",     std::to_string(getpid()), "--memory", std::to_string(settings.memory_bytes),
      "--share",           paths.share_dir};
  if (settings.mode == config::PluginMode::kIsolated) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(settings.timeout).count();
    argv.insert(argv.end(), {"--cpu", std::to_string(seconds), "--plugin", library_path(settings, paths)});
  } else {
    if (!settings.sandbox) argv.emplace_back("--no-sandbox");
    argv.emplace_back("--");
    argv.insert(argv.end(), settings.command.begin(), settings.command.end());
  }
  return argv;
}

Result<wire::Descriptor> ask_descriptor(const config::Plugin& settings, const Paths& paths, Spawner& spawner,
                                        const StopFlag& stop) {
  auto conversation = Conversation::start(settings, {paths, spawner, stop});
  if (!conversation) return tl::unexpected(std::move(conversation.error()));
  return (*conversation)->descriptor();
}

Result<std::unique_ptr<Conversation>> Conversation::start(const config::Plugin& settings, Around around) {
  const std::string where = "plugin " + settings.id;
  if (settings.mode == config::PluginMode::kCommand && settings.command.empty()) {
    return fail(ErrorCode::kInvalidConfig, "mode command needs `command`: the program and its arguments", where);
  }
  const std::string file = settings.mode == config::PluginMode::kIsolated ? library_path(settings, around.paths) : "";
  if (!file.empty() && !std::filesystem::exists(file)) {
    return fail(ErrorCode::kPlugin, "no such plugin file; expected the shared object of plugin " + settings.id, file);
  }
  auto child = Child::start(around.spawner, child_arguments(settings, around.paths));
  if (!child) return tl::unexpected(std::move(child.error()));
  auto conversation = std::unique_ptr<Conversation>(new Conversation(settings, std::move(around)));
  conversation->child_ = std::move(*child);
  auto descriptor = conversation->greet(settings);
  if (!descriptor) {
    Error error = std::move(descriptor.error());
    error.where = where;
    if (error.code != ErrorCode::kInvalidConfig) error.message = conversation->end(error.message);
    return tl::unexpected(std::move(error));
  }
  conversation->descriptor_ = std::move(*descriptor);
  return conversation;
}

Result<wire::Descriptor> Conversation::greet(const config::Plugin& settings) {
  if (settings.mode == config::PluginMode::kIsolated) numbers_ = wire::Numbers::kExact;
  wire::put_hello(out_, settings.id, settings.config_json);
  auto message = next(Clock::now() + kHelloTime);
  if (!message) {
    const bool stopped = message.error().code == ErrorCode::kStopped;
    return fail(stopped ? ErrorCode::kStopped : ErrorCode::kPlugin, "it did not start: " + message.error().message);
  }
  if (message->type == wire::Message::Type::kError) {
    return fail(message->code, "it did not start: " + message->text);
  }
  if (message->type != wire::Message::Type::kHello) {
    return fail(ErrorCode::kPlugin, "it did not start: expected a hello first");
  }
  return std::move(message->descriptor);
}

std::uint64_t Conversation::ask(const Input& input, const std::vector<Annotation>& earlier) {
  wire::put_article(out_, ++last_seq_, input, earlier, numbers_);
  return last_seq_;
}

Result<wire::Message> Conversation::next(Deadline deadline) {
  for (;;) {
    const std::size_t end = in_.find('\n', std::max(read_, scanned_));
    if (end != std::string::npos) {
      auto message = wire::read_message(std::string_view(in_).substr(read_, end - read_));
      const std::string begin = message ? "" : text::printable(text::shorten(in_.substr(read_, end - read_), 80));
      read_ = end + 1;
      if (!message) {
        return fail(ErrorCode::kPlugin,
                    "it wrote a line that is no answer (" + message.error().message + "): " + begin);
      }
      if (message->type == wire::Message::Type::kLog) {
        log(message->level, message->text);
      } else if (message->type == wire::Message::Type::kMetric) {
        if (around_.metric) around_.metric(message->text, message->value);
      } else {
        return message;
      }
      continue;
    }
    in_.erase(0, std::exchange(read_, 0));
    scanned_ = in_.size();
    if (in_.size() > wire::kMaxLine) return fail(ErrorCode::kPlugin, "it wrote a line of over 64 MiB");
    if (closed_) return fail(ErrorCode::kPlugin, "it ended");
    if (auto waited = wait(deadline); !waited) return tl::unexpected(std::move(waited.error()));
  }
}

// Until something came. Looks for a stop now and then.
Result<void> Conversation::wait(Deadline deadline) {
  for (;;) {
    if (around_.stop.is_set()) tell_to_stop();
    const Deadline end = stop_by_ ? std::min(deadline, *stop_by_) : deadline;
    const auto turn = child_->turn(out_, in_, errors_, kReadRoom, std::min(end, Clock::now() + kStopLook));
    log_errors();
    closed_ = turn == Child::Turn::kClosed;
    if (closed_) return {};
    if (Clock::now() > deadline) return fail(ErrorCode::kTimeout, "it gave no answer in time");
    if (Clock::now() > end) return fail(ErrorCode::kStopped, "was stopped before it answered");
    if (turn == Child::Turn::kProgress) return {};
  }
}

void Conversation::tell_to_stop() {
  if (stop_by_) return;
  stop_by_ = Clock::now() + kStopTime;
  // Our own loader is told by a signal, since it does not read while the plugin computes.
  if (mode_ == config::PluginMode::kIsolated) {
    ::kill(child_->process(), SIGUSR1);
  } else {
    wire::put_stop(out_);
  }
}

bool Conversation::is_well(bool ping) {
  if (child_->has_ended()) return false;
  if (!ping) return true;
  wire::put_ping(out_, ++last_seq_);
  const auto message = next(Clock::now() + kPingTime);
  return message && message->type == wire::Message::Type::kPong && message->seq == last_seq_;
}

std::string Conversation::end(const std::string& why) {
  const std::string how = closed_ ? child_->bury(kDyingTime) : child_->kill();
  child_->read_errors(errors_);
  log_errors();
  std::string text = closed_ ? why + " with " + how : why;
  if (!last_words_.empty()) text += "; its last words: " + last_words_;
  return text;
}

void Conversation::log(LogLevel level, std::string_view message) {
  const auto now = Clock::now();
  if (now - log_since_ > std::chrono::seconds(1)) {
    log_since_ = now;
    log_budget_ = kLogLines;
    if (dropped_ > 0 && around_.log) {
      around_.log(LogLevel::kWarn, id_, "wrote too much; lines dropped: " + std::to_string(std::exchange(dropped_, 0)));
    }
  }
  if (log_budget_ == 0) {
    ++dropped_;
    return;
  }
  --log_budget_;
  if (around_.log) around_.log(level, id_, text::shorten(message, kMaxLogLine));
}

void Conversation::log_errors() {
  std::size_t from = 0;
  for (std::size_t end = errors_.find('\n'); end != std::string::npos; end = errors_.find('\n', from)) {
    const std::string_view line = std::string_view(errors_).substr(from, end - from);
    if (!line.empty()) {
      last_words_ = text::printable(text::shorten(line, 200));
      log(LogLevel::kInfo, line);
    }
    from = end + 1;
  }
  errors_.erase(0, from);
  if (errors_.size() > kReadRoom) errors_.clear();
}

}  // namespace dprkwatch::plugin
