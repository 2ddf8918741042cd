#pragma once
// The protocol between the daemon and a plugin in a process of its own: one JSON object a line, each way
// (docs/plugin-guide.md has a transcript). Both sides: the daemon's (put_* requests, read_message) and that of
// dprkwatch-plugin-host (read_request, put_* messages). Private to plugin.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/analysis.hpp"
#include "plugin/plugin.hpp"
#include "result/result.hpp"

namespace dprkwatch::plugin::wire {

inline constexpr int kProtocol = 1;
// The longest line that is read. An article's text is at most 16 MiB, and JSON may double it.
inline constexpr std::size_t kMaxLine = std::size_t{64} << 20;

// What a plugin says of itself.
struct Descriptor {
  PluginInfo info;
  std::vector<std::string> optional_needs;
};

// From the daemon.
struct Request {
  enum class Type { kHello, kArticle, kPing, kStop };
  Type type = Type::kPing;
  std::uint64_t seq = 0;
  std::string id;           // hello: the plugin's, as configured
  std::string config_json;  // hello
  Input input;              // article
  std::vector<Annotation> earlier;
};

// From the plugin. `annotations` are as they were sent: not checked against the article or the descriptor.
struct Message {
  enum class Type { kHello, kResult, kError, kPong, kLog, kMetric };
  Type type = Type::kPong;
  std::uint64_t seq = 0;  // 0 in an error: it concerns the whole plugin
  Descriptor descriptor;
  std::vector<Annotation> annotations;
  std::string text;  // of an error or a log line; a metric's name
  double value = 0;  // of a metric
  LogLevel level = LogLevel::kInfo;
  // Of an error. kInvalidConfig: the configuration was refused; kStopped: it gave up because it was asked to.
  ErrorCode code = ErrorCode::kPlugin;
};

// How numbers are written. kExact: those whose decimal form Boost.JSON 1.81 would not read back bit for bit (over 15
// digits) go as strings, which read_* take too; between two programs of ours, so that modes give the same results.
enum class Numbers { kPlain, kExact };

// Each appends one line.
void put_hello(std::string& out, std::string_view id, const std::string& config_json);
void put_article(std::string& out, std::uint64_t seq, const Input& input, const std::vector<Annotation>& earlier,
                 Numbers numbers = Numbers::kPlain);
void put_ping(std::string& out, std::uint64_t seq);
void put_stop(std::string& out);
void put_descriptor(std::string& out, const Descriptor& descriptor);
void put_result(std::string& out, std::uint64_t seq, const std::vector<Annotation>& annotations,
                Numbers numbers = Numbers::kPlain);
void put_error(std::string& out, std::uint64_t seq, std::string_view message, ErrorCode code = ErrorCode::kPlugin);
void put_pong(std::string& out, std::uint64_t seq);
void put_log(std::string& out, LogLevel level, std::string_view message);
void put_metric(std::string& out, std::string_view name, double value);

// `line` without its end. The error says what was expected.
[[nodiscard]] Result<Request> read_request(std::string_view line);
[[nodiscard]] Result<Message> read_message(std::string_view line);

}  // namespace dprkwatch::plugin::wire
