#pragma once
// The daemon's log: one event, one line, a verb phrase and then fields. Values are escaped here, so that nothing a feed
// says can write a line of its own. Passed in, never global.

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace dprkwatch::log {

// error: a person must act; warn: will heal, or quality is lost; info: a handful an hour; debug: the rest.
enum class Level { kDebug, kInfo, kWarn, kError };

struct Field {
  Field(std::string_view key, std::string_view text) : name(key), value(text) {}
  Field(std::string_view key, const char* text) : name(key), value(text) {}
  Field(std::string_view key, const std::string& text) : name(key), value(text) {}
  template <std::integral Number>
  Field(std::string_view key, Number number) : name(key), value(std::to_string(number)), is_number(true) {}

  std::string_view name;
  std::string value;
  bool is_number = false;
};

// [any thread]
class Logger {
 public:
  virtual ~Logger() = default;
  [[nodiscard]] virtual bool enabled(Level level) const noexcept = 0;
  virtual void write(Level level, std::string_view event, std::initializer_list<Field> fields) = 0;

  void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
    if (enabled(Level::kDebug)) write(Level::kDebug, event, fields);
  }
  void info(std::string_view event, std::initializer_list<Field> fields = {}) {
    if (enabled(Level::kInfo)) write(Level::kInfo, event, fields);
  }
  void warn(std::string_view event, std::initializer_list<Field> fields = {}) {
    if (enabled(Level::kWarn)) write(Level::kWarn, event, fields);
  }
  void error(std::string_view event, std::initializer_list<Field> fields = {}) {
    if (enabled(Level::kError)) write(Level::kError, event, fields);
  }
};

enum class Format { kAuto, kText, kJson };  // kAuto: text, coloured on a terminal

// To standard error, which systemd hands to the journal.
[[nodiscard]] std::unique_ptr<Logger> to_stderr(Level level, Format format);

// Says nothing; for tests and one-shot verbs.
[[nodiscard]] std::unique_ptr<Logger> to_nowhere();

}  // namespace dprkwatch::log
