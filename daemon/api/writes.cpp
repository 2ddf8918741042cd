#include "api/writes.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <string>
#include <string_view>

#include "api/request.hpp"

namespace dprkwatch::api {
namespace {

bool is_loopback(const std::string& address) {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(address, error);
  if (error) return false;
  if (parsed.is_v6() && parsed.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, parsed.to_v6()).is_loopback();
  }
  return parsed.is_loopback();
}

// "127.0.0.1:8380", "[::1]:8380", "localhost".
bool is_loopback_host(std::string_view host) {
  if (host.starts_with('[')) {
    const auto end = std::min(host.find(']'), host.size());
    const std::string_view rest = host.substr(std::min(end + 1, host.size()));
    return (rest.empty() || rest.front() == ':') && is_loopback(std::string(host.substr(1, end - 1)));
  }
  host = host.substr(0, host.find(':'));
  return host == "localhost" || is_loopback(std::string(host));
}

bool is_json(std::string_view type) {
  constexpr std::string_view kJson = "application/json";
  if (!type.starts_with(kJson)) return false;
  type.remove_prefix(kJson.size());
  return type.empty() || type.front() == ';' || type.front() == ' ';
}

bool is_of_another_site(const http::ServerRequest& request) {
  const std::string_view site = http::header(request.headers, "sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return true;
  const std::string_view origin = http::header(request.headers, "origin");
  const std::string host(http::header(request.headers, "host"));
  return !origin.empty() && origin != "http://" + host && origin != "https://" + host;
}

}  // namespace

std::optional<http::ServerResponse> refuse_write(const http::ServerRequest& request, bool needs_token,
                                                 bool shows_token) {
  if (needs_token && !shows_token) {
    http::ServerResponse refused = error_answer(401, "expected the header Authorization: Bearer TOKEN");
    refused.headers.emplace_back("WWW-Authenticate", "Bearer");
    return refused;
  }
  const bool is_local = is_loopback(request.remote_address) && is_loopback_host(http::header(request.headers, "host"));
  if (!needs_token && !is_local) return error_answer(403, "without a token only loopback may change something");
  if (is_of_another_site(request)) return error_answer(403, "a page of another site may not change something");
  // No form and no script of another site can send DELETE without asking first.
  if (request.method != "DELETE" && !is_json(http::header(request.headers, "content-type"))) {
    return error_answer(415, "expected the header Content-Type: application/json");
  }
  return std::nullopt;
}

}  // namespace dprkwatch::api
