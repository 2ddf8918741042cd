// Telegram's bot method sendMessage in HTML style (core.telegram.org/bots/api#html-style): & < > " are escaped; 4,096
// characters after entities are read. A mention notifies members of a group: mentions are broken before they come here.
#include <boost/json.hpp>

#include "deliver/receivers/receivers.hpp"

namespace dprkwatch::deliver {

http::Request telegram_request(const config::Receiver& receiver, const Message& message) {
  namespace json = boost::json;
  constexpr std::size_t kMaxText = 900;  // four of them, and signs between, fit
  const auto safe = [](const std::string& text) { return escape_entities(cut(text, kMaxText), true); };
  const Shown shown = show(message);
  std::string text = safe(shown.headline) + "\n";
  if (!shown.quote.empty()) {
    if (!shown.speaker.empty()) text += escape_entities(cut(shown.speaker, 200), true) + ": ";
    text += "<b>“" + safe(shown.quote) + "”</b>\n";
  }
  const std::string title = shown.title.empty() ? "(no title)" : safe(shown.title);
  text += shown.link.empty() ? title : "<a href=\"" + escape_entities(shown.link, true) + "\">" + title + "</a>";
  text += "\n" + safe(shown.context);
  json::object body{{"chat_id", receiver.channel},
                    {"text", text},
                    {"parse_mode", "HTML"},
                    {"link_preview_options", json::object{{"is_disabled", true}}}};
  http::Request request;
  request.url =
      (receiver.url.empty() ? "https://api.telegram.org" : receiver.url) + "/bot" + receiver.secret + "/sendMessage";
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = json::serialize(body);
  return request;
}

}  // namespace dprkwatch::deliver
