// Slack incoming webhooks with Block Kit (docs.slack.dev: reference/block-kit/blocks). Limits: header 150 characters.
// rich_text shows its text elements as they are: markup, mentions and links in them mean nothing.
#include <boost/json.hpp>

#include "deliver/receivers/receivers.hpp"

namespace dprkwatch::deliver {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxHeader = 150;
constexpr std::size_t kMaxText = 2000;
constexpr std::size_t kMaxUrl = 3000;

json::object text_element(const std::string& text, bool bold) {
  json::object element{{"type", "text"}, {"text", text}};
  if (bold) element["style"] = json::object{{"bold", true}};
  return element;
}

json::object body_of(const Message& message) {
  const Shown shown = show(message);
  json::array line;
  if (!shown.quote.empty()) {
    if (!shown.speaker.empty()) line.push_back(text_element(cut(shown.speaker, kMaxText) + ": ", false));
    line.push_back(text_element("“" + cut(shown.quote, kMaxText) + "”", true));
    line.push_back(text_element("\n", false));
  }
  const std::string title = shown.title.empty() ? "(no title)" : cut(shown.title, kMaxText);
  if (shown.link.empty() || shown.link.size() > kMaxUrl) {
    line.push_back(text_element(title, false));
  } else {
    line.push_back(json::object{{"type", "link"}, {"url", shown.link}, {"text", title}});
  }
  line.push_back(text_element("\n" + cut(shown.context, kMaxText), false));
  json::object section{{"type", "rich_text_section"}, {"elements", std::move(line)}};
  json::object header{
      {"type", "header"},
      {"text", json::object{{"type", "plain_text"}, {"text", cut(shown.headline, kMaxHeader)}, {"emoji", false}}}};
  json::object rich{{"type", "rich_text"}, {"elements", json::array{std::move(section)}}};
  json::object body;
  // What notifications show; Slack reads & < > of it as markup.
  body["text"] = escape_entities(cut(shown.headline + " | " + shown.title, kMaxText), false);
  body["blocks"] = json::array{std::move(header), std::move(rich)};
  body["unfurl_links"] = false;
  body["unfurl_media"] = false;
  return body;
}

}  // namespace

http::Request slack_request(const config::Receiver& receiver, const Message& message) {
  http::Request request;
  request.url = receiver.url;
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = json::serialize(body_of(message));
  return request;
}

http::Request slack_bot_request(const config::Receiver& receiver, const Message& message, const std::string& thread) {
  json::object body = body_of(message);
  body["channel"] = receiver.channel;
  if (!thread.empty() && message.type != "alert.created") {
    body["thread_ts"] = thread;
    // Who reads the channel alone should see that it rose or is over.
    body["reply_broadcast"] = message.type == "alert.resolved" || message.severity == "critical";
  }
  http::Request request;
  request.url = "https://slack.com/api/chat.postMessage";
  request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  request.headers.emplace_back("Authorization", "Bearer " + receiver.secret);
  request.body = json::serialize(body);
  return request;
}

std::string slack_thread(std::string_view answer) {
  constexpr std::string_view kKey = "\"ts\":\"";
  const auto at = answer.find(kKey);
  if (at == std::string_view::npos) return {};
  const auto begin = at + kKey.size();
  const std::string_view ts = answer.substr(begin, answer.find('"', begin) - begin);
  return ts.find_first_not_of("0123456789.") == std::string_view::npos ? std::string(ts) : std::string();
}

int slack_status(const http::Response& response) {
  if (response.status != 200) return response.status;
  boost::system::error_code error;
  const json::value value = json::parse(response.body, error);
  const json::object* object = error ? nullptr : value.if_object();
  const json::value* ok = object == nullptr ? nullptr : object->if_contains("ok");
  if (ok != nullptr && ok->is_bool() && ok->as_bool()) return 200;
  const json::value* problem = object == nullptr ? nullptr : object->if_contains("error");
  if (problem == nullptr || !problem->is_string()) return 503;
  const std::string_view name(problem->as_string().data(), problem->as_string().size());
  const bool heals = name == "ratelimited" || name == "internal_error" || name == "fatal_error" ||
                     name == "service_unavailable" || name == "request_timeout" || name == "team_added_to_org";
  return heals ? 503 : 422;
}

}  // namespace dprkwatch::deliver
