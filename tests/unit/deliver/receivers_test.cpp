#include <gtest/gtest.h>

#include <array>
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "deliver/deliver.hpp"
#include "deliver/form.hpp"
#include "deliver/message.hpp"

namespace dprkwatch::deliver {
namespace {

namespace json = boost::json;
using config::ReceiverType;

struct Service {
  const char* name;  // and of its golden file
  ReceiverType type;
};

constexpr std::array kServices{
    Service{"cloudevents", ReceiverType::kCloudEvents},  Service{"slack", ReceiverType::kSlack},
    Service{"discord", ReceiverType::kDiscord},          Service{"teams", ReceiverType::kTeams},
    Service{"mattermost", ReceiverType::kMattermost},    Service{"ntfy", ReceiverType::kNtfy},
    Service{"telegram", ReceiverType::kTelegram},        Service{"pagerduty", ReceiverType::kPagerDuty},
    Service{"alertmanager", ReceiverType::kAlertmanager}};

std::string read(const std::string& name) {
  std::ifstream file(std::string(DPRKWATCH_TEST_DIR) + "/cases/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

config::Receiver receiver_of(ReceiverType type) {
  config::Receiver receiver;
  receiver.name = "desk";
  receiver.type = type;
  receiver.url = "https://hooks.example/x";
  receiver.channel = "dprk";
  receiver.secret = "token123";
  return receiver;
}

http::Request request_of(ReceiverType type, std::string body) {
  store::Delivery delivery;
  delivery.webhook_id = "msg_1";
  delivery.body = std::move(body);
  return form(receiver_of(type), delivery, {}, 1700000000).value();
}

// URL, headers and body as text, one a line.
std::string printed(const http::Request& request) {
  std::string text = request.method + " " + request.url + "\n";
  for (const auto& [name, value] : request.headers) text += name + ": " + value + "\n";
  return text + "\n" + request.body + "\n";
}

json::value alert_with(const std::string& text) {
  json::value alert = json::parse(read("alert.json"));
  json::object& data = alert.at("data").as_object();
  data["article"].as_object()["title"] = text;
  data["article"].as_object()["feed"] = text;
  data["evidence"].as_array()[0].as_object()["text"] = text;
  data["evidence"].as_array()[0].as_object()["speaker"] = text;
  data["summary"] = text;
  return alert;
}

// Every string of a document, as the service reads it after JSON.
void collect(const json::value& value, std::vector<std::string>& strings) {
  if (value.is_string()) strings.emplace_back(value.as_string());
  if (value.is_array()) {
    for (const json::value& item : value.as_array()) collect(item, strings);
  }
  if (value.is_object()) {
    for (const auto& item : value.as_object()) collect(item.value(), strings);
  }
}

std::vector<std::string> strings_of(const http::Request& request) {
  std::vector<std::string> strings;
  collect(json::parse(request.body), strings);
  return strings;
}

std::string string_at(const http::Request& request, const char* pointer) {
  return std::string(json::parse(request.body).at_pointer(pointer).as_string());
}

std::size_t units(const std::string& text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0U) != 0x80U) count += byte >= 0xf0U ? 2 : 1;
  }
  return count;
}

bool is_chat(ReceiverType type) {
  return type != ReceiverType::kCloudEvents && type != ReceiverType::kPagerDuty && type != ReceiverType::kAlertmanager;
}

TEST(Receivers, SendWhatTheirServicesDocument) {
  for (const Service& service : kServices) {
    EXPECT_EQ(printed(request_of(service.type, read("alert.json"))), read(std::string(service.name) + ".txt"))
        << service.name;
  }
}

TEST(Receivers, MakeTheSameOfTheSameAlert) {
  for (const Service& service : kServices) {
    EXPECT_EQ(printed(request_of(service.type, read("alert.json"))),
              printed(request_of(service.type, read("alert.json"))))
        << service.name;
  }
}

TEST(Receivers, BreakMentionsAndLinksOfTitlesInChats) {
  for (const char* hostile :
       {"@everyone", "<@U123> @here @channel", "see http://evil.example/ now", "HTTPS://evil.example",
        "[click](https://evil.example)", "<https://evil.example|bank>", "<!channel>"}) {
    for (const Service& service : kServices) {
      if (!is_chat(service.type)) continue;
      for (const std::string& text : strings_of(request_of(service.type, json::serialize(alert_with(hostile))))) {
        for (const char* mention : {"@everyone", "@here", "@channel", "@U123"}) {
          EXPECT_EQ(text.find(mention), std::string::npos) << service.name << ": " << text;
        }
        EXPECT_EQ(text.find("://evil"), std::string::npos) << service.name << ": " << text;
      }
    }
  }
}

TEST(Receivers, ShowControlCharactersInsteadOfObeyingThem) {
  for (const Service& service : kServices) {
    if (service.type == ReceiverType::kCloudEvents) continue;  // the data itself, for programs
    const auto request =
        request_of(service.type, json::serialize(alert_with("a\x1b[31mb\u202ec\x07\r\nd\u2028e\u0085")));
    for (const std::string& text : strings_of(request)) {
      for (const char* bad : {"\x1b", "\u202e", "\x07", "\r", "\u2028", "\u0085", "\nd"}) {
        EXPECT_EQ(text.find(bad), std::string::npos) << service.name << ": " << text;
      }
    }
  }
}

TEST(Receivers, EscapeTheMarkupOfTheirService) {
  const std::string body = json::serialize(alert_with("<b>&\"x</b> **bold** `code` [t](u) _i_ ~s~ ||p||"));
  const std::string escaped = R"(\<b\>&"x\</b\> \*\*bold\*\* \`code\` \[t\]\(u\) \_i\_ \~s\~ \|\|p\|\|)";
  EXPECT_NE(string_at(request_of(ReceiverType::kDiscord, body), "/embeds/0/description").find(escaped),
            std::string::npos);
  EXPECT_NE(string_at(request_of(ReceiverType::kMattermost, body), "/attachments/0/text").find(escaped),
            std::string::npos);
  const std::string html = string_at(request_of(ReceiverType::kTelegram, body), "/text");
  EXPECT_NE(html.find("&lt;b&gt;&amp;&quot;x&lt;/b&gt;"), std::string::npos) << html;
  EXPECT_EQ(html.find("<b>&"), std::string::npos) << html;
  const std::string fallback = string_at(request_of(ReceiverType::kSlack, body), "/text");
  EXPECT_NE(fallback.find("&lt;b&gt;&amp;"), std::string::npos) << fallback;
}

TEST(Receivers, NotifyNobodyInDiscord) {
  const json::value body = json::parse(request_of(ReceiverType::kDiscord, read("alert.json")).body);
  EXPECT_TRUE(body.at_pointer("/allowed_mentions/parse").as_array().empty());
}

TEST(Receivers, KeepTheirServicesLimits) {
  for (const char* piece : {"x", "_", "&", "한", "\xf0\x9f\x92\xa5"}) {
    std::string text;
    while (text.size() < 6000) text += piece;
    const std::string body = json::serialize(alert_with(text));
    const auto discord = request_of(ReceiverType::kDiscord, body);
    EXPECT_LE(units(string_at(discord, "/embeds/0/title")), 256U) << piece;
    EXPECT_LE(units(string_at(discord, "/embeds/0/description")), 4096U) << piece;
    std::size_t whole = 0;
    for (const char* part : {"/embeds/0/title", "/embeds/0/description", "/embeds/0/footer/text"}) {
      whole += units(string_at(discord, part));
    }
    EXPECT_LE(whole, 6000U) << piece;
    EXPECT_LE(units(string_at(request_of(ReceiverType::kSlack, body), "/blocks/0/text/text")), 150U) << piece;
    EXPECT_LE(string_at(request_of(ReceiverType::kNtfy, body), "/message").size(), 4096U) << piece;
    EXPECT_LE(units(string_at(request_of(ReceiverType::kPagerDuty, body), "/payload/summary")), 1024U) << piece;
    EXPECT_LE(request_of(ReceiverType::kTeams, body).body.size(), 28U * 1024U) << piece;
    EXPECT_LE(units(string_at(request_of(ReceiverType::kMattermost, body), "/attachments/0/text")), 16383U) << piece;
    if (std::string_view(piece) != "&") {  // counted after entities are read
      EXPECT_LE(units(string_at(request_of(ReceiverType::kTelegram, body), "/text")), 4096U) << piece;
    }
  }
}

TEST(Receivers, LinkOnlyToTheWeb) {
  EXPECT_EQ(safe_link("javascript:alert(1)"), "");
  EXPECT_EQ(safe_link("file:///etc/passwd"), "");
  EXPECT_EQ(safe_link("https://a.example/x?y=1&z=%20#f"), "https://a.example/x?y=1&z=%20#f");
  EXPECT_EQ(safe_link("https://a.example/\"><b>(x)|*\n"), "https://a.example/%22%3E%3Cb%3E%28x%29%7C%2A%0A");
}

TEST(Receivers, ResolveAPagerDutyIncidentByItsKey) {
  json::value alert = json::parse(read("alert.json"));
  alert.as_object()["type"] = "alert.resolved";
  const auto request = request_of(ReceiverType::kPagerDuty, json::serialize(alert));
  EXPECT_EQ(request.body,
            R"({"routing_key":"token123","event_action":"resolve","dedup_key":"al_0123456789abcdef01234567"})");
}

TEST(Receivers, RefuseABodyThatIsNoAlert) {
  for (const Service& service : kServices) {
    for (const char* body : {"", "[]", "{", "{\"type\":\"test\"}", "{\"data\":1}"}) {
      store::Delivery delivery;
      delivery.body = body;
      EXPECT_FALSE(form(receiver_of(service.type), delivery, {}, 0)) << service.name << ": " << body;
    }
  }
}

TEST(Cut, CountsAsChatServicesDo) {
  EXPECT_EQ(cut("abc", 3), "abc");
  EXPECT_EQ(cut("abcd", 3), "ab…");
  EXPECT_EQ(cut("한국어", 2), "한…");
  EXPECT_EQ(cut("\xf0\x9f\x92\xa5x", 3), "\xf0\x9f\x92\xa5x");
  EXPECT_EQ(cut("\xf0\x9f\x92\xa5\xf0\x9f\x92\xa5", 3), "\xf0\x9f\x92\xa5…");
}

TEST(RetryAfter, IsSecondsOrADate) {
  const Time now = Time(std::chrono::seconds(784111777 - 60));  // a minute before the date below
  EXPECT_EQ(retry_after("120", now), std::chrono::seconds(120));
  EXPECT_EQ(retry_after("0", now), std::chrono::seconds(0));
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now), std::chrono::seconds(60));
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:40:00 GMT", now), std::chrono::seconds(0));
  for (const char* wrong : {"", "-1", "soon", "12x", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37 GMT x"}) {
    EXPECT_EQ(retry_after(wrong, now), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace dprkwatch::deliver
