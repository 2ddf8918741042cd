// ntfy, published as JSON (docs.ntfy.sh/publish/#publish-as-json). Without `markdown` the text is shown as it is. A
// message over 4,096 bytes would become an attachment.
#include <boost/json.hpp>

#include "deliver/receivers/receivers.hpp"
#include "text/text.hpp"

namespace dprkwatch::deliver {

http::Request ntfy_request(const config::Receiver& receiver, const Message& message) {
  namespace json = boost::json;
  constexpr std::size_t kMaxTextBytes = 1200;  // three of them, and signs between, fit
  const Shown shown = show(message);
  std::string text;
  if (!shown.quote.empty()) {
    if (!shown.speaker.empty()) text += text::shorten(shown.speaker, 200) + ": ";
    text += "“" + text::shorten(shown.quote, kMaxTextBytes) + "”\n";
  }
  text += text::shorten(shown.title, kMaxTextBytes) + "\n" + text::shorten(shown.context, kMaxTextBytes);
  json::object body;
  body["topic"] = receiver.channel;
  body["title"] = text::shorten(shown.headline, 250);
  body["message"] = text;
  body["priority"] = message.severity == "critical" ? 5 : message.severity == "warning" ? 4 : 3;
  body["tags"] = json::array{json::value(message.severity)};
  if (!shown.link.empty()) body["click"] = shown.link;
  http::Request request;
  request.url = receiver.url.empty() ? "https://ntfy.sh" : receiver.url;
  request.headers.emplace_back("Content-Type", "application/json");
  if (!receiver.secret.empty()) request.headers.emplace_back("Authorization", "Bearer " + receiver.secret);
  request.body = json::serialize(body);
  return request;
}

}  // namespace dprkwatch::deliver
