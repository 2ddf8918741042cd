#pragma once
// An alert as a mail: SMTP by libcurl, one message with a text and an HTML part.

#include <boost/asio/awaitable.hpp>
#include <string>

#include "config/config.hpp"
#include "deliver/message.hpp"
#include "http/client.hpp"
#include "result/result.hpp"
#include "store/records.hpp"

namespace dprkwatch::deliver {

// The whole message (RFC 5322, RFC 2045 to 2047), lines ended by CRLF. Header texts are encoded words and the parts are
// base64, so that nothing a feed says can end a header or a part. Messages on one alert refer to each other, so that
// mail programs show them as a thread. The same alert and settings give the same bytes.
[[nodiscard]] std::string mail_text(const config::Receiver& receiver, const std::string& webhook_id,
                                    const Message& message);

// The SMTP server's last answer as of an HTTP service: 200 taken, 422 refused for good, 503 not now. [loop thread]
[[nodiscard]] boost::asio::awaitable<Result<http::Response>> send_mail(http::Client& client,
                                                                       const config::Receiver& receiver,
                                                                       const store::Delivery& delivery, Time now);

}  // namespace dprkwatch::deliver
