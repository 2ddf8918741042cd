// Microsoft Teams: an Adaptive Card 1.4 for a Workflows webhook (learn.microsoft.com: "Send Adaptive Cards using an
// incoming webhook"; 28 KB a message). TextRun shows its text as it is, where TextBlock reads Markdown; a mention needs
// `msteams.entities`, which this card never has.
#include <boost/json.hpp>

#include "deliver/receivers/receivers.hpp"

namespace dprkwatch::deliver {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxText = 1500;

json::object run(const std::string& text, const char* weight) {
  return {{"type", "TextRun"}, {"text", cut(text, kMaxText)}, {"weight", weight}};
}

json::object line(json::array runs) {
  return {{"type", "RichTextBlock"}, {"inlines", std::move(runs)}};
}

}  // namespace

http::Request teams_request(const config::Receiver& receiver, const Message& message) {
  const Shown shown = show(message);
  json::object headline = run(shown.headline, "Bolder");
  headline["size"] = "Large";
  json::array blocks;
  blocks.push_back(line({std::move(headline)}));
  if (!shown.quote.empty()) {
    json::array runs;
    if (!shown.speaker.empty()) runs.push_back(run(shown.speaker + ": ", "Default"));
    runs.push_back(run("“" + cut(shown.quote, kMaxText - 2) + "”", "Bolder"));
    blocks.push_back(line(std::move(runs)));
  }
  blocks.push_back(line({run(shown.title, "Default")}));
  blocks.push_back(line({run(shown.context, "Lighter")}));
  json::object card{{"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
                    {"type", "AdaptiveCard"},
                    {"version", "1.4"},
                    {"body", std::move(blocks)}};
  if (!shown.link.empty()) {
    card["actions"] =
        json::array{json::object{{"type", "Action.OpenUrl"}, {"title", "Open the article"}, {"url", shown.link}}};
  }
  json::object attachment{{"contentType", "application/vnd.microsoft.card.adaptive"},
                          {"contentUrl", nullptr},
                          {"content", std::move(card)}};
  json::object body{{"type", "message"}, {"attachments", json::array{std::move(attachment)}}};
  http::Request request;
  request.url = receiver.url;
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = json::serialize(body);
  return request;
}

}  // namespace dprkwatch::deliver
