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

}  // namespace

http::Request slack_request(const config::Receiver& receiver, const Message& message) {
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
  http::Request request;
  request.url = receiver.url;
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = json::serialize(body);
  return request;
}

}  // namespace dprkwatch::deliver
