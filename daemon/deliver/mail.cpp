#include "deliver/mail.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "signature/signature.hpp"

namespace dprkwatch::deliver {
namespace {

// In lines of 76 characters (RFC 2045 §6.8).
std::string base64_lines(std::string_view bytes) {
  const std::string text = signature::encode_base64(bytes);
  std::string lines;
  for (std::size_t at = 0; at < text.size(); at += 76) lines += text.substr(at, 76) + "\r\n";
  return lines;
}

// Encoded words of at most 75 characters, whole UTF-8 characters in each (RFC 2047 §2).
std::string encoded_words(std::string_view text) {
  constexpr std::size_t kBytes = 39;  // with "Subject: " a line stays under 76
  std::string header;
  while (!text.empty()) {
    std::size_t size = std::min(kBytes, text.size());
    while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U) --size;
    header += (header.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + signature::encode_base64(text.substr(0, size)) + "?=");
    text.remove_prefix(size);
  }
  return header;
}

// "2023-11-14T22:13:20Z" as "Tue, 14 Nov 2023 22:13:20 +0000" (RFC 5322 §3.3).
std::string mail_date(const std::string& rfc3339) {
  int year = 1970;
  unsigned month = 1;
  unsigned day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  std::sscanf(rfc3339.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second);
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_days date{std::chrono::year(year) / static_cast<int>(std::clamp(month, 1U, 12U)) /
                                   static_cast<int>(day)};
  const std::chrono::weekday weekday(date);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000", kDays.at(weekday.c_encoding()), day,
                kMonths.at(std::clamp(month, 1U, 12U) - 1), year, hour, minute, second);
  return text.data();
}

std::string plain_part(const Shown& shown) {
  std::string text = shown.headline + "\r\n\r\n";
  if (!shown.quote.empty()) {
    if (!shown.speaker.empty()) text += shown.speaker + ": ";
    text += "“" + shown.quote + "”\r\n\r\n";
  }
  text += shown.title + "\r\n";
  if (!shown.link.empty()) text += shown.link + "\r\n";
  return text + "\r\n" + shown.context + "\r\n";
}

std::string html_part(const Shown& shown) {
  const auto safe = [](const std::string& text) { return escape_entities(text, true); };
  std::string html = "<!DOCTYPE html>\r\n<html><body>\r\n<h3>" + safe(shown.headline) + "</h3>\r\n";
  if (!shown.quote.empty()) {
    html += "<blockquote>";
    if (!shown.speaker.empty()) html += safe(shown.speaker) + ": ";
    html += "<b>“" + safe(shown.quote) + "”</b></blockquote>\r\n";
  }
  const std::string title = safe(shown.title);
  html += "<p>" +
          (shown.link.empty() ? title : "<a href=\"" + escape_entities(shown.link, true) + "\">" + title + "</a>") +
          "</p>\r\n<p><small>" + safe(shown.context) + "</small></p>\r\n</body></html>\r\n";
  return html;
}

bool is_loopback(const std::string& url) {
  const auto host = url.find("://") + 3;
  const std::string_view rest = std::string_view(url).substr(host);
  return rest.starts_with("127.") || rest.starts_with("[::1]") || rest.starts_with("localhost");
}

// A login that is refused is the configuration's fault, not the message's: it may heal.
int http_status_of(int smtp) {
  if (smtp < 300) return 200;
  const bool login = smtp == 530 || smtp == 534 || smtp == 535 || smtp == 538;
  return smtp >= 500 && !login ? 422 : 503;
}

}  // namespace

std::string mail_text(const config::Receiver& receiver, const std::string& webhook_id, const Message& message) {
  const Shown shown = show(message);
  const std::string boundary = "=_" + webhook_id;
  const auto part = [&](const char* type, const std::string& text) {
    return "--" + boundary + "\r\nContent-Type: " + type +
           "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64_lines(text);
  };
  std::string to;
  for (const std::string& address : receiver.to) to += (to.empty() ? "" : ",\r\n ") + address;
  std::string text = "From: dprkwatch <" + receiver.from + ">\r\nTo: " + to;
  text += "\r\nSubject: " + encoded_words(cut(shown.headline + " | " + shown.title, 180));
  text += "\r\nDate: " + mail_date(message.timestamp);
  text += "\r\nMessage-ID: <" + webhook_id + "@dprkwatch.invalid>";
  text += "\r\nReferences: <" + one_line(message.alert_id) + "@dprkwatch.invalid>";
  text +=
      "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"" +
      boundary + "\"\r\n\r\n";
  return text + part("text/plain", plain_part(shown)) + part("text/html", html_part(shown)) + "--" + boundary +
         "--\r\n";
}

boost::asio::awaitable<Result<http::Response>> send_mail(http::Client& client, const config::Receiver& receiver,
                                                         const store::Delivery& delivery, Time /*now*/) {
  const auto message = read_message(delivery.body);
  if (!message) co_return tl::unexpected(message.error());
  http::Request request;
  request.url = receiver.url;
  request.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(receiver.timeout);
  request.body = mail_text(receiver, delivery.webhook_id, *message);
  http::Mail mail;
  mail.from = receiver.from;
  mail.to = receiver.to;
  mail.user = receiver.user;
  mail.password = receiver.secret;
  mail.encrypted = !is_loopback(receiver.url);
  request.mail = std::move(mail);
  auto sent = client.send(std::move(request));
  Result<http::Response> response = co_await std::move(sent);
  if (response) response->status = http_status_of(response->status);
  co_return response;
}

}  // namespace dprkwatch::deliver
