// Discord webhooks (discord.com/developers/docs/resources/webhook#execute-webhook). Limits of an embed: title 256,
// description 4096, footer 2048, all together 6000 characters. `allowed_mentions` with nothing in `parse` notifies
// nobody.
#include <boost/json.hpp>

#include "deliver/receivers/receivers.hpp"

namespace dprkwatch::deliver {

http::Request discord_request(const config::Receiver& receiver, const Message& message) {
  namespace json = boost::json;
  // Escaping at most doubles a text: cut to half of the limit before it, so that no cut falls behind a backslash.
  constexpr std::size_t kHalfTitle = 128;
  constexpr std::size_t kHalfQuote = 1000;
  constexpr std::size_t kHalfArticle = 400;
  const Shown shown = show(message);
  std::string description;
  if (!shown.quote.empty()) {
    if (!shown.speaker.empty()) description += escape_markdown(cut(shown.speaker, kHalfTitle)) + ": ";
    description += "**“" + escape_markdown(cut(shown.quote, kHalfQuote)) + "”**\n";
  }
  description += escape_markdown(cut(shown.title, kHalfArticle));
  json::object embed;
  embed["title"] = escape_markdown(cut(shown.headline, kHalfTitle));
  if (!shown.link.empty() && shown.link.size() <= 2048) embed["url"] = shown.link;
  embed["description"] = description;
  embed["color"] = colour_of(message.severity);
  embed["timestamp"] = message.timestamp;
  embed["footer"] = json::object{{"text", cut(shown.context, 500)}};
  json::object body{{"allowed_mentions", json::object{{"parse", json::array{}}}},
                    {"embeds", json::array{std::move(embed)}}};
  http::Request request;
  request.url = receiver.url;
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = json::serialize(body);
  return request;
}

}  // namespace dprkwatch::deliver
