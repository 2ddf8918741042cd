#include "deliver/message.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>

#include "text/text.hpp"

namespace dprkwatch::deliver {
namespace {

namespace json = boost::json;

constexpr std::string_view kZeroWidthSpace = "\u200b";

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(*text);
}

double number_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_number()) return 0;
  return value->to_number<double>();
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

void read_article(const json::object& data, Message& message) {
  const json::object* article = object_at(data, "article");
  if (article == nullptr) return;
  message.title = text_at(*article, "title");
  message.url = text_at(*article, "url");
  message.feed = text_at(*article, "feed");
  message.published = text_at(*article, "published");
}

void read_quote(const json::object& data, Message& message) {
  const json::value* evidence = data.if_contains("evidence");
  const json::array* list = evidence == nullptr ? nullptr : evidence->if_array();
  if (list == nullptr || list->empty()) return;
  const json::object* first = list->front().if_object();
  if (first == nullptr) return;
  message.quote = text_at(*first, "text");
  message.speaker = text_at(*first, "speaker");
}

std::string defused(std::string_view text) {
  const std::string line = one_line(text);
  std::string result;
  for (std::size_t at = 0; at < line.size(); ++at) {
    result += line[at];
    const bool link = line[at] == ':' && line.compare(at + 1, 2, "//") == 0;
    if (link || line[at] == '@') result += kZeroWidthSpace;
  }
  return result;
}

std::string headline_of(const Message& message) {
  std::string line;
  if (message.type == "test") line = "TEST ";
  if (message.type == "alert.updated") line = "UPDATE ";
  if (message.type == "alert.resolved") line = "RESOLVED ";
  for (const char c : message.severity) line += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  const std::string more = message.group > 1 ? " (and " + std::to_string(message.group - 1) + " more)" : "";
  if (!message.message.empty()) return line + ": " + message.message + more;
  if (!message.dyad.empty()) line += " " + message.dyad;
  line += ": escalation " + std::to_string(std::lround(message.escalation)) + ", usual " +
          std::to_string(std::lround(message.baseline));
  if (!message.state.empty()) line += " (" + message.state + ")";
  return line + more;
}

}  // namespace

Result<Message> read_message(std::string_view body) {
  boost::system::error_code error;
  const json::value value = json::parse(json::string_view(body.data(), body.size()), error);
  const json::object* object = error ? nullptr : value.if_object();
  const json::object* data = object == nullptr ? nullptr : object_at(*object, "data");
  if (data == nullptr) return fail(ErrorCode::kInvalidInput, "the delivery's body is no JSON object with `data`");
  Message message;
  message.type = text_at(*object, "type");
  message.timestamp = text_at(*object, "timestamp");
  message.alert_id = text_at(*data, "alert_id");
  message.rule = text_at(*data, "rule");
  message.severity = text_at(*data, "severity");
  message.summary = text_at(*data, "summary");
  message.dyad = text_at(*data, "dyad");
  message.state = text_at(*data, "state");
  message.message = text_at(*data, "message");
  if (const json::object* group = object_at(*data, "group")) {
    message.group = static_cast<std::size_t>(std::max(1.0, number_at(*group, "size")));
  }
  message.escalation = number_at(*data, "escalation");
  message.baseline = number_at(*data, "baseline");
  read_article(*data, message);
  read_quote(*data, message);
  if (const json::object* story = object_at(*data, "story")) message.story = text_at(*story, "id");
  return message;
}

Shown show(const Message& message) {
  Shown shown;
  shown.headline = defused(headline_of(message));
  shown.title = defused(message.title);
  shown.link = safe_link(message.url);
  shown.quote = defused(message.quote);
  shown.speaker = defused(message.speaker);
  shown.context = defused("rule " + message.rule + " | " + message.feed +
                          (message.published.empty() ? std::string() : " | " + message.published));
  return shown;
}

std::string safe_link(std::string_view url) {
  if (!url.starts_with("http://") && !url.starts_with("https://")) return {};
  constexpr std::string_view kPlain = "-._~:/?#[]@!$&+,;=%";
  std::string link;
  for (const char c : url) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter || kPlain.find(c) != std::string_view::npos) {
      link += c;
    } else {
      std::array<char, 4> code{};
      std::snprintf(code.data(), code.size(), "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
      link += code.data();
    }
  }
  return link;
}

std::string cut(std::string_view text, std::size_t units) {
  std::size_t used = 0;
  std::size_t fits = 0;  // bytes that leave room for the ellipsis
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xc0U) == 0x80U) continue;
    if (used + 1 <= units) fits = at;
    used += byte >= 0xf0U ? 2 : 1;
  }
  return used <= units ? std::string(text) : std::string(text.substr(0, fits)) + "…";
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return text::printable(line);
}

std::string escape_markdown(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_~|[]()<>#!-+=";
  std::string result;
  for (const char c : text) {
    if (kSpecial.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string escape_entities(std::string_view text, bool quotes) {
  std::string result;
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else if (c == '"' && quotes) {
      result += "&quot;";
    } else {
      result += c;
    }
  }
  return result;
}

std::int32_t colour_of(std::string_view severity) {
  if (severity == "critical") return 0xd32f2f;
  if (severity == "warning") return 0xf57c00;
  return 0x1976d2;
}

}  // namespace dprkwatch::deliver
