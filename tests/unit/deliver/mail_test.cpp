// Mails and a Slack bot's messages, with hostile texts.
#include "deliver/mail.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "deliver/form.hpp"
#include "deliver/receivers/receivers.hpp"

namespace dprkwatch::deliver {
namespace {

namespace json = boost::json;

config::Receiver mail_receiver() {
  config::Receiver receiver;
  receiver.name = "mail";
  receiver.type = config::ReceiverType::kEmail;
  receiver.from = "watch@example.org";
  receiver.to = {"a@example.org", "b@example.org"};
  return receiver;
}

Message message(const std::string& text) {
  Message made;
  made.type = "alert.created";
  made.timestamp = "2023-11-14T22:13:20Z";
  made.alert_id = "al_1";
  made.rule = "threat";
  made.severity = "critical";
  made.dyad = "DPRK->USA";
  made.escalation = 82;
  made.baseline = 40;
  made.title = text;
  made.quote = text;
  made.speaker = text;
  made.feed = text;
  made.url = "https://wire.example/\"><script>" + text;
  return made;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find("\r\n", at);
    lines.push_back(text.substr(at, end - at));
    at = end == std::string::npos ? text.size() : end + 2;
  }
  return lines;
}

TEST(Mail, IsOneMessageWithTwoParts) {
  const auto lines = lines_of(mail_text(mail_receiver(), "msg_1", message("A threat")));
  EXPECT_EQ(lines[0], "From: dprkwatch <watch@example.org>");
  EXPECT_EQ(lines[1], "To: a@example.org,");
  EXPECT_EQ(lines[2], " b@example.org");
  const auto has = [&](const std::string& line) { return std::find(lines.begin(), lines.end(), line) != lines.end(); };
  EXPECT_TRUE(has("Date: Tue, 14 Nov 2023 22:13:20 +0000"));
  EXPECT_TRUE(has("Message-ID: <msg_1@dprkwatch.invalid>"));
  EXPECT_TRUE(has("References: <al_1@dprkwatch.invalid>"));
  EXPECT_TRUE(has("Content-Type: text/plain; charset=utf-8"));
  EXPECT_TRUE(has("Content-Type: text/html; charset=utf-8"));
  EXPECT_EQ(lines.back(), "--=_msg_1--");
}

TEST(Mail, NothingAFeedSaysCanWriteALineOfItsOwn) {
  for (const char* hostile : {"\r\nBcc: everyone@example.org\r\n\r\nbody", "\r\n.\r\nMAIL FROM:<x@y>",
                              "--=_msg_1--\r\n", "=?utf-8?q?=0ABcc:_x?=", "\x1b[2J", "북한의 위협 北朝鮮 КНДР"}) {
    for (const std::string& line : lines_of(mail_text(mail_receiver(), "msg_1", message(hostile)))) {
      EXPECT_LE(line.size(), 78U) << line;
      EXPECT_EQ(line.find("everyone"), std::string::npos) << line;
      EXPECT_EQ(line.find("MAIL FROM"), std::string::npos) << line;
      for (const char c : line) EXPECT_TRUE(c >= ' ' && c < 0x7f) << line;
      if (line.starts_with("--")) {
        EXPECT_TRUE(line == "--=_msg_1" || line == "--=_msg_1--") << line;
      }
    }
  }
}

TEST(Mail, IsTheSameForTheSameAlert) {
  EXPECT_EQ(mail_text(mail_receiver(), "msg_1", message("x")), mail_text(mail_receiver(), "msg_1", message("x")));
}

config::Receiver bot() {
  config::Receiver receiver;
  receiver.type = config::ReceiverType::kSlack;
  receiver.secret = "xoxb-1";
  receiver.channel = "C1";
  return receiver;
}

TEST(SlackBot, AnswersInTheThreadOfItsFirstMessage) {
  const auto body = [](const http::Request& request) { return json::parse(request.body).as_object(); };
  Message first = message("x");
  const auto created = slack_bot_request(bot(), first, "");
  EXPECT_EQ(created.url, "https://slack.com/api/chat.postMessage");
  EXPECT_EQ(http::header(created.headers, "authorization"), "Bearer xoxb-1");
  EXPECT_EQ(body(created).at("channel"), "C1");
  EXPECT_FALSE(body(created).contains("thread_ts"));
  first.type = "alert.updated";
  first.severity = "warning";
  const auto updated = body(slack_bot_request(bot(), first, "1503435956.000247"));
  EXPECT_EQ(updated.at("thread_ts"), "1503435956.000247");
  EXPECT_EQ(updated.at("reply_broadcast"), false);
  first.type = "alert.resolved";
  EXPECT_EQ(body(slack_bot_request(bot(), first, "1503435956.000247")).at("reply_broadcast"), true);
  // A new incident of the same group begins a thread of its own.
  first.type = "alert.created";
  EXPECT_FALSE(body(slack_bot_request(bot(), first, "1503435956.000247")).contains("thread_ts"));
}

TEST(SlackBot, FindsTheThreadInTheBeginOfAnAnswer) {
  EXPECT_EQ(slack_thread(R"({"ok":true,"channel":"C1","ts":"1503435956.000247","message":{"te)"), "1503435956.000247");
  EXPECT_EQ(slack_thread(R"({"ok":true})"), "");
  EXPECT_EQ(slack_thread(R"({"ts":"1\"},{"})"), "");
}

TEST(SlackBot, TakesTheApisWordForWhatWentWrong) {
  const auto status = [](int code, const char* body) {
    http::Response response;
    response.status = code;
    response.body = body;
    return slack_status(response);
  };
  EXPECT_EQ(status(200, R"({"ok":true,"ts":"1.2"})"), 200);
  EXPECT_EQ(status(200, R"({"ok":false,"error":"channel_not_found"})"), 422);
  EXPECT_EQ(status(200, R"({"ok":false,"error":"ratelimited"})"), 503);
  EXPECT_EQ(status(200, "gateway"), 503);
  EXPECT_EQ(status(429, "{}"), 429);
}

}  // namespace
}  // namespace dprkwatch::deliver
