#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <optional>

#include "cli/feed_verbs.hpp"
#include "http/client.hpp"
#include "text/text.hpp"

namespace dprkwatch::cli {
namespace {

namespace json = boost::json;

struct Arguments {
  std::string config_file;
  std::string name;
  std::string api;
  bool json = false;
};

// Where a listener on that address is called: one on all of the machine's addresses, on loopback.
std::string address_to_call(std::string listen) {
  if (listen.starts_with("0.0.0.0:")) return "127.0.0.1" + listen.substr(listen.find(':'));
  if (listen.starts_with("[::]:")) return "[::1]" + listen.substr(listen.rfind(':'));
  return listen;
}

// A name as one segment of a path (RFC 3986 §3.3).
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-_~";
  std::string result;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain || kPlain.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += {'%', kHex[byte >> 4U], kHex[byte & 0xFU]};
    }
  }
  return result;
}

boost::asio::awaitable<void> send(http::Client& client, http::Request request,
                                  std::optional<Result<http::Response>>& response) {
  response = co_await client.send(std::move(request));
}

Result<http::Response> post(const std::string& address, const std::string& path, const std::string& token) {
  auto guard = http::AddressGuard::from({address});
  if (!guard) return tl::unexpected(std::move(guard.error()));
  http::Request request;
  request.method = "POST";
  request.url = "http://" + address + path;
  request.headers.emplace_back("Content-Type", "application/json");
  if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
  request.body = "{}";
  request.max_bytes = std::size_t{1024} * 1024;
  boost::asio::io_context loop{1};
  http::Client client(loop, {std::move(*guard), std::string("dprkwatch/") + DPRKWATCH_VERSION, 1, 1});
  std::optional<Result<http::Response>> response;
  boost::asio::co_spawn(loop, send(client, std::move(request), response), boost::asio::detached);
  loop.run();
  return std::move(*response);
}

// What the daemon said that is not 202.
std::string reason_of(const http::Response& response) {
  json::error_code error;
  const json::value body = json::parse(response.body, error);
  const json::value* reason = !error && body.is_object() ? body.as_object().if_contains("error") : nullptr;
  const std::string status = "HTTP status " + std::to_string(response.status);
  return reason != nullptr && reason->is_string() ? std::string(reason->as_string()) : status;
}

int refresh(const Arguments& arguments) {
  const auto config = config::load_file(arguments.config_file, environment_variable);
  if (!config) {
    print_errors(config.error());
    return kUsage;
  }
  const std::string address = address_to_call(arguments.api.empty() ? config->api.listen : arguments.api);
  if (address.empty()) {
    print_errors(
        {{ErrorCode::kInvalidConfig, "`api.listen` is off, so that the daemon can not be asked", config->file}});
    return kUsage;
  }
  const std::string name = arguments.name.empty() ? "" : "/" + percent_encoded(arguments.name);
  const auto response = post(address, "/api/v1/feeds" + name + "/refresh", config->api.token);
  if (!response) {
    print_errors({response.error()});
    std::cerr << "is the daemon of " << config->file << " running?\n";
    return kFailed;
  }
  constexpr int kAccepted = 202;
  if (response->status != kAccepted) {
    print_errors({{ErrorCode::kRefused, reason_of(*response), address}});
    return kFailed;
  }
  if (arguments.json) {
    std::cout << response->body;
    return kDone;
  }
  const std::string what = arguments.name.empty() ? "all feeds" : text::printable(arguments.name);
  std::cout << "the daemon polls " << what << " now; see `dprkwatch feed list` for how it went\n";
  return kDone;
}

}  // namespace

void add_feed_refresh(CLI::App& feed, Action& action) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* verb = feed.add_subcommand("refresh", "Make a running daemon poll now");
  verb->add_option("NAME", arguments->name, "The feed's name; default: all feeds");
  verb->add_option("--config", arguments->config_file, "Configuration of the daemon, which names its API")
      ->required()
      ->type_name("FILE");
  verb->add_option("--api", arguments->api, "Where its API listens, in place of api.listen")->type_name("ADDR:PORT");
  verb->add_flag("--json", arguments->json, "The daemon's answer");
  verb->footer(
      "A wait that a server has asked for (Retry-After) is still kept, and a feed that is gone is not polled.\n"
      "Examples:\n"
      "  dprkwatch feed refresh --config dprkwatch.yaml 38north\n"
      "  dprkwatch feed refresh --config dprkwatch.yaml");
  verb->callback([arguments, &action] { action = [arguments] { return refresh(*arguments); }; });
}

}  // namespace dprkwatch::cli
