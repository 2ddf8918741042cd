#include "log/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/ansicolor_sink.h>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <cstdlib>
#include <utility>

#include "text/text.hpp"

namespace dprkwatch::log {
namespace {

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarn:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string quoted(std::string_view value) { return boost::json::serialize(boost::json::string(value)); }

std::string as_text(std::string_view event, std::initializer_list<Field> fields) {
  std::string line(event);
  for (const Field& field : fields) {
    const std::string value = text::printable(field.value);
    const bool plain = !value.empty() && value.find_first_of(" \"=") == std::string::npos;
    line.append(" ").append(field.name).append("=").append(plain ? value : quoted(value));
  }
  return line;
}

// The fields after time and level, which the pattern writes.
std::string as_json(std::string_view event, std::initializer_list<Field> fields) {
  std::string line = "\"event\":" + quoted(event);
  for (const Field& field : fields) {
    line.append(",").append(quoted(field.name)).append(":");
    line.append(field.is_number ? field.value : quoted(text::printable(field.value)));
  }
  return line;
}

class SpdlogLogger final : public Logger {
 public:
  SpdlogLogger(Level level, bool json, std::shared_ptr<spdlog::sinks::sink> sink)
      : json_(json), logger_("dprkwatch", std::move(sink)) {
    logger_.set_level(to_spdlog(level));
    logger_.flush_on(spdlog::level::debug);
    if (json) {
      logger_.set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc);
    } else {
      logger_.set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v", spdlog::pattern_time_type::utc);
    }
  }

  [[nodiscard]] bool enabled(Level level) const noexcept override { return logger_.should_log(to_spdlog(level)); }

  void write(Level level, std::string_view event, std::initializer_list<Field> fields) override {
    const std::string line = json_ ? as_json(event, fields) : as_text(event, fields);
    logger_.log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
  }

 private:
  bool json_;
  spdlog::logger logger_;
};

class Nowhere final : public Logger {
 public:
  [[nodiscard]] bool enabled(Level /*level*/) const noexcept override { return false; }
  void write(Level /*level*/, std::string_view /*event*/, std::initializer_list<Field> /*fields*/) override {}
};

}  // namespace

std::unique_ptr<Logger> to_stderr(Level level, Format format) {
  // https://no-color.org
  const char* no_color = std::getenv("NO_COLOR");
  const bool never = format == Format::kJson || (no_color != nullptr && *no_color != '\0');
  auto sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>(never ? spdlog::color_mode::never
                                                                              : spdlog::color_mode::automatic);
  return std::make_unique<SpdlogLogger>(level, format == Format::kJson, std::move(sink));
}

std::unique_ptr<Logger> to_nowhere() { return std::make_unique<Nowhere>(); }

}  // namespace dprkwatch::log
