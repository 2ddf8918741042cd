// Mattermost incoming webhooks with a message attachment
// (developers.mattermost.com/integrate/reference/message-attachments). A webhook's "@channel" notifies a whole team:
// mentions are broken before they come here.
#include <array>
#include <boost/json.hpp>
#include <cstdio>

#include "deliver/receivers/receivers.hpp"

namespace dprkwatch::deliver {

http::Request mattermost_request(const config::Receiver& receiver, const Message& message) {
  namespace json = boost::json;
  constexpr std::size_t kMaxText = 2000;
  const Shown shown = show(message);
  std::string text;
  if (!shown.quote.empty()) {
    if (!shown.speaker.empty()) text += escape_markdown(cut(shown.speaker, kMaxText)) + ": ";
    text += "**“" + escape_markdown(cut(shown.quote, kMaxText)) + "”**\n";
  }
  text += escape_markdown(cut(shown.title, kMaxText));
  std::array<char, 8> colour{};
  std::snprintf(colour.data(), colour.size(), "#%06x", static_cast<unsigned>(colour_of(message.severity)) & 0xffffffU);
  json::object attachment;
  attachment["fallback"] = escape_markdown(cut(shown.headline, kMaxText));
  attachment["color"] = colour.data();
  attachment["title"] = escape_markdown(cut(shown.headline, kMaxText));
  if (!shown.link.empty()) attachment["title_link"] = shown.link;
  attachment["text"] = text;
  attachment["footer"] = cut(shown.context, 300);
  json::object body{{"attachments", json::array{std::move(attachment)}}};
  http::Request request;
  request.url = receiver.url;
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = json::serialize(body);
  return request;
}

}  // namespace dprkwatch::deliver
