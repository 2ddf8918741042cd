#include "plugin/wire.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>

namespace dprkwatch::plugin::wire {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 4> kVoices{"", "own", "quote", "reported"};

// A JSON string. Whole runs are copied: texts hold few characters that JSON escapes.
void put_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, start, i - start);
    start = i + 1;
    constexpr std::string_view kHex = "0123456789abcdef";
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  out.append(text, start, text.size() - start);
  out += '"';
}

void put_number(std::string& out, double value, Numbers numbers) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  constexpr std::size_t kPlainChars = 16;  // 15 digits and a point
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  const std::string_view written(digits.data(), static_cast<std::size_t>(end - digits.data()));
  const bool quoted = numbers == Numbers::kExact && written.size() > kPlainChars;
  if (quoted) out += '"';
  out += written;
  if (quoted) out += '"';
}

void put_integer(std::string& out, std::uint64_t value) {
  std::array<char, 24> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

// `,"name":"text"`, or nothing for an empty text.
void put_field(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  ((out += ",\"") += name) += "\":";
  put_string(out, text);
}

void put_span(std::string& out, const Span& span, Numbers numbers) {
  out += "{\"begin\":";
  put_integer(out, span.begin);
  out += ",\"end\":";
  put_integer(out, span.end);
  if (span.contribution != 0) {
    out += ",\"contribution\":";
    put_number(out, span.contribution, numbers);
  }
  if (span.field == Field::kTitle) out += R"(,"field":"title")";
  out += '}';
}

void put_annotation(std::string& out, const Annotation& annotation, Numbers numbers) {
  out += "{\"kind\":";
  put_string(out, annotation.kind);
  out += ",\"score\":";
  put_number(out, annotation.score, numbers);
  if (annotation.probability) {
    out += ",\"probability\":";
    put_number(out, *annotation.probability, numbers);
  }
  put_field(out, "label", annotation.label);
  put_field(out, "actor", annotation.actor);
  put_field(out, "target", annotation.target);
  put_field(out, "speaker", annotation.speaker);
  put_field(out, "voice", name_of(annotation.voice));
  put_field(out, "analyzer", annotation.analyzer);
  if (annotation.conditional) out += R"(,"conditional":true)";
  if (!annotation.spans.empty()) {
    out += ",\"spans\":[";
    for (const Span& span : annotation.spans) {
      if (&span != annotation.spans.data()) out += ',';
      put_span(out, span, numbers);
    }
    out += ']';
  }
  if (!annotation.details_json.empty()) {
    out += ",\"details\":";
    const std::size_t at = out.size();
    out += annotation.details_json;
    // A line end in valid JSON is white space between tokens, and this protocol has one object a line.
    std::replace(out.begin() + static_cast<std::ptrdiff_t>(at), out.end(), '\n', ' ');
  }
  out += '}';
}

void put_annotations(std::string& out, const std::vector<Annotation>& annotations, Numbers numbers) {
  out += '[';
  for (const Annotation& annotation : annotations) {
    if (&annotation != annotations.data()) out += ',';
    put_annotation(out, annotation, numbers);
  }
  out += ']';
}

void put_head(std::string& out, std::string_view type, std::uint64_t seq) {
  ((out += "{\"type\":\"") += type) += "\",\"seq\":";
  put_integer(out, seq);
}

void put_words(std::string& out, std::string_view name, const std::vector<std::string>& words,
               const std::vector<std::string>& optional = {}) {
  ((out += ",\"") += name) += "\":[";
  bool first = true;
  const auto put = [&](const std::string& word) {
    if (!std::exchange(first, false)) out += ',';
    put_string(out, word);
  };
  for (const std::string& word : words) put(word);
  for (const std::string& word : optional) put(word + "?");
  out += ']';
}

// Thrown inside this file by what does not fit, with what was expected; caught by parsed().
struct Unfit {
  std::string what;
};

std::string_view string_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return {};
  if (!value->is_string()) throw Unfit{"`" + std::string(name) + "`: expected a string"};
  return {value->get_string().data(), value->get_string().size()};
}

double number_at(const json::object& object, std::string_view name, double missing) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return missing;
  if (const auto* exact = value->if_string()) {
    double number = 0;
    const auto [end, error] = std::from_chars(exact->data(), exact->data() + exact->size(), number);
    if (error == std::errc() && end == exact->data() + exact->size()) return number;
  }
  if (!value->is_number()) throw Unfit{"`" + std::string(name) + "`: expected a number"};
  return value->to_number<double>();
}

std::uint64_t count_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  json::error_code error;
  const auto count = value == nullptr ? 0 : value->to_number<std::uint64_t>(error);
  if (value == nullptr || error) throw Unfit{"`" + std::string(name) + "`: expected a whole number from 0"};
  return count;
}

const json::object& object_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_object()) throw Unfit{"`" + std::string(name) + "`: expected an object"};
  return value->get_object();
}

// Empty when there is none.
const json::array& array_at(const json::object& object, std::string_view name) {
  static const json::array kNone;
  const auto* value = object.if_contains(name);
  if (value == nullptr) return kNone;
  if (!value->is_array()) throw Unfit{"`" + std::string(name) + "`: expected a list"};
  return value->get_array();
}

const json::object& element(const json::value& value, const char* list) {
  if (!value.is_object()) throw Unfit{"`" + std::string(list) + "`: expected a list of objects"};
  return value.get_object();
}

std::vector<std::string> words_at(const json::object& object, std::string_view name) {
  std::vector<std::string> words;
  for (const json::value& word : array_at(object, name)) {
    if (!word.is_string()) throw Unfit{"`" + std::string(name) + "`: expected a list of strings"};
    words.emplace_back(word.get_string());
  }
  return words;
}

Span span_of(const json::object& object) {
  Span span;
  span.begin = count_at(object, "begin");
  span.end = count_at(object, "end");
  span.contribution = number_at(object, "contribution", 0);
  const auto field = string_at(object, "field");
  if (field == "title") {
    span.field = Field::kTitle;
  } else if (!field.empty() && field != "text") {
    throw Unfit{"`field`: expected \"text\" or \"title\""};
  }
  return span;
}

Annotation annotation_of(const json::object& object) {
  Annotation annotation;
  annotation.analyzer = string_at(object, "analyzer");
  annotation.kind = string_at(object, "kind");
  annotation.label = string_at(object, "label");
  annotation.score = number_at(object, "score", 0);
  if (object.contains("probability")) annotation.probability = number_at(object, "probability", 0);
  annotation.actor = string_at(object, "actor");
  annotation.target = string_at(object, "target");
  annotation.speaker = string_at(object, "speaker");
  const auto* voice = std::find(kVoices.begin(), kVoices.end(), string_at(object, "voice"));
  if (voice == kVoices.end()) throw Unfit{"`voice`: expected own, quote or reported"};
  constexpr std::array kValues{Voice::kUnknown, Voice::kOwn, Voice::kQuote, Voice::kReported};
  annotation.voice = kValues.at(static_cast<std::size_t>(voice - kVoices.begin()));
  const auto* conditional = object.if_contains("conditional");
  if (conditional != nullptr && !conditional->is_bool()) throw Unfit{"`conditional`: expected true or false"};
  annotation.conditional = conditional != nullptr && conditional->get_bool();
  for (const json::value& span : array_at(object, "spans")) {
    annotation.spans.push_back(span_of(element(span, "spans")));
  }
  if (object.contains("details")) annotation.details_json = json::serialize(object_at(object, "details"));
  return annotation;
}

std::vector<Annotation> annotations_at(const json::object& object, const char* name) {
  std::vector<Annotation> annotations;
  for (const json::value& value : array_at(object, name)) annotations.push_back(annotation_of(element(value, name)));
  return annotations;
}

Input input_of(const json::object& object) {
  Input input;
  input.id = string_at(object, "id");
  input.title = string_at(object, "title");
  input.text = string_at(object, "text");
  input.language = string_at(object, "language");
  input.url = string_at(object, "url");
  input.source = string_at(object, "source");
  if (object.contains("published_ms")) {
    input.published = Time(std::chrono::milliseconds(static_cast<std::int64_t>(number_at(object, "published_ms", 0))));
  }
  if (string_at(object, "unit") == "sentence") input.unit = Unit::kSentence;
  return input;
}

Descriptor descriptor_of(const json::object& object) {
  if (count_at(object, "protocol") != kProtocol) {
    throw Unfit{"`protocol`: expected " + std::to_string(kProtocol) + ", the version that this program speaks"};
  }
  Descriptor descriptor;
  descriptor.info.id = string_at(object, "id");
  descriptor.info.version = string_at(object, "version");
  descriptor.info.summary = string_at(object, "summary");
  descriptor.info.provides = words_at(object, "provides");
  for (std::string& need : words_at(object, "needs")) {
    const bool optional = need.ends_with('?');
    if (optional) need.pop_back();
    (optional ? descriptor.optional_needs : descriptor.info.needs).push_back(std::move(need));
  }
  return descriptor;
}

// Parses a line and gives its object to `read`; what does not fit becomes the error.
template <class Read>
auto parsed(std::string_view line, Read read) -> Result<decltype(read(json::object()))> {
  // Most lines fit into this block, so parsing them allocates nothing.
  std::array<unsigned char, 32 * 1024> block;  // NOLINT: left uninitialised on purpose
  json::monotonic_resource memory(block.data(), block.size());
  json::error_code error;
  json::parse_options options;
  options.max_depth = 16;
  const json::value value = json::parse(line, error, &memory, options);
  if (error || !value.is_object()) {
    return fail(ErrorCode::kInvalidInput, "expected one JSON object a line" + (error ? ": " + error.message() : ""));
  }
  try {
    return read(value.get_object());
  } catch (const Unfit& unfit) {
    return fail(ErrorCode::kInvalidInput, unfit.what);
  }
}

Message message_of(const json::object& object) {
  Message message;
  const auto type = string_at(object, "type");
  if (type == "result") {
    message.type = Message::Type::kResult;
    message.seq = count_at(object, "seq");
    message.annotations = annotations_at(object, "annotations");
  } else if (type == "error") {
    message.type = Message::Type::kError;
    if (object.contains("seq")) message.seq = count_at(object, "seq");
    message.text = string_at(object, "message");
    const auto code = string_at(object, "code");
    if (code == "invalid_config") message.code = ErrorCode::kInvalidConfig;
    if (code == "stopped") message.code = ErrorCode::kStopped;
  } else if (type == "pong") {
    message.seq = count_at(object, "seq");
  } else if (type == "hello") {
    message.type = Message::Type::kHello;
    message.descriptor = descriptor_of(object);
  } else if (type == "log") {
    message.type = Message::Type::kLog;
    message.text = string_at(object, "message");
    const auto* level = std::find(kLevels.begin(), kLevels.end(), string_at(object, "level"));
    constexpr std::array kValues{LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarn, LogLevel::kError};
    if (level != kLevels.end()) message.level = kValues.at(static_cast<std::size_t>(level - kLevels.begin()));
  } else if (type == "metric") {
    message.type = Message::Type::kMetric;
    message.text = string_at(object, "name");
    message.value = number_at(object, "value", 0);
  } else {
    throw Unfit{"`type`: expected hello, result, error, pong, log or metric"};
  }
  return message;
}

Request request_of(const json::object& object) {
  Request request;
  const auto type = string_at(object, "type");
  if (type == "article") {
    request.type = Request::Type::kArticle;
    request.input = input_of(object_at(object, "article"));
    request.earlier = annotations_at(object, "earlier");
  } else if (type == "hello") {
    request.type = Request::Type::kHello;
    if (count_at(object, "protocol") != kProtocol) throw Unfit{"`protocol`: expected " + std::to_string(kProtocol)};
    request.id = string_at(object, "id");
    request.config_json = json::serialize(object_at(object, "config"));
  } else if (type == "stop") {
    request.type = Request::Type::kStop;
    return request;
  } else if (type != "ping") {
    throw Unfit{"`type`: expected hello, article, ping or stop"};
  }
  if (request.type != Request::Type::kHello) request.seq = count_at(object, "seq");
  return request;
}

}  // namespace

void put_hello(std::string& out, std::string_view id, const std::string& config_json) {
  out += R"({"type":"hello","protocol":)" + std::to_string(kProtocol);
  put_field(out, "host", "dprkwatch " DPRKWATCH_VERSION);
  put_field(out, "id", id);
  out += ",\"config\":" + config_json + "}\n";
}

void put_article(std::string& out, std::uint64_t seq, const Input& input, const std::vector<Annotation>& earlier,
                 Numbers numbers) {
  put_head(out, "article", seq);
  out += ",\"article\":{\"id\":";
  put_string(out, input.id);
  put_field(out, "title", input.title);
  put_field(out, "text", input.text);
  put_field(out, "language", input.language);
  put_field(out, "url", input.url);
  put_field(out, "source", input.source);
  if (input.published) {
    out += ",\"published_ms\":" + std::to_string(input.published->time_since_epoch().count());
  }
  if (input.unit == Unit::kSentence) put_field(out, "unit", "sentence");
  out += '}';
  if (!earlier.empty()) {
    out += ",\"earlier\":";
    put_annotations(out, earlier, numbers);
  }
  out += "}\n";
}

void put_ping(std::string& out, std::uint64_t seq) {
  put_head(out, "ping", seq);
  out += "}\n";
}

void put_stop(std::string& out) {
  out += "{\"type\":\"stop\"}\n";
}

void put_descriptor(std::string& out, const Descriptor& descriptor) {
  out += R"({"type":"hello","protocol":)" + std::to_string(kProtocol);
  put_field(out, "id", descriptor.info.id);
  put_field(out, "version", descriptor.info.version);
  put_field(out, "summary", descriptor.info.summary);
  put_words(out, "provides", descriptor.info.provides);
  put_words(out, "needs", descriptor.info.needs, descriptor.optional_needs);
  out += "}\n";
}

void put_result(std::string& out, std::uint64_t seq, const std::vector<Annotation>& annotations, Numbers numbers) {
  put_head(out, "result", seq);
  out += ",\"annotations\":";
  put_annotations(out, annotations, numbers);
  out += "}\n";
}

void put_error(std::string& out, std::uint64_t seq, std::string_view message, ErrorCode code) {
  put_head(out, "error", seq);
  if (code == ErrorCode::kInvalidConfig) put_field(out, "code", "invalid_config");
  if (code == ErrorCode::kStopped) put_field(out, "code", "stopped");
  put_field(out, "message", message);
  out += "}\n";
}

void put_pong(std::string& out, std::uint64_t seq) {
  put_head(out, "pong", seq);
  out += "}\n";
}

void put_log(std::string& out, LogLevel level, std::string_view message) {
  out += R"({"type":"log")";
  put_field(out, "level", kLevels.at(static_cast<std::size_t>(level)));
  put_field(out, "message", message);
  out += "}\n";
}

void put_metric(std::string& out, std::string_view name, double value) {
  out += R"({"type":"metric")";
  put_field(out, "name", name);
  out += ",\"value\":";
  put_number(out, value, Numbers::kExact);
  out += "}\n";
}

Result<Request> read_request(std::string_view line) {
  return parsed(line, request_of);
}

Result<Message> read_message(std::string_view line) {
  return parsed(line, message_of);
}

}  // namespace dprkwatch::plugin::wire
