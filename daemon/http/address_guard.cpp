#include "http/address_guard.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace dprkwatch::http {
namespace {

using Address = std::array<std::uint8_t, 16>;

constexpr Address v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d};
}

constexpr Address v6(std::uint16_t first, std::uint16_t second = 0, std::uint16_t third = 0) {
  return {static_cast<std::uint8_t>(first >> 8),  static_cast<std::uint8_t>(first & 0xff),
          static_cast<std::uint8_t>(second >> 8), static_cast<std::uint8_t>(second & 0xff),
          static_cast<std::uint8_t>(third >> 8),  static_cast<std::uint8_t>(third & 0xff)};
}

// What is not public: the IANA special-purpose registries (RFC 6890 and its successors).
constexpr std::array kSpecial{
    Network{v4(0, 0, 0, 0), 96 + 8, {}},         // this network
    Network{v4(10, 0, 0, 0), 96 + 8, {}},        // private, RFC 1918
    Network{v4(100, 64, 0, 0), 96 + 10, {}},     // carrier-grade NAT, RFC 6598
    Network{v4(127, 0, 0, 0), 96 + 8, {}},       // loopback
    Network{v4(169, 254, 0, 0), 96 + 16, {}},    // link-local, cloud metadata
    Network{v4(172, 16, 0, 0), 96 + 12, {}},     // private
    Network{v4(192, 0, 0, 0), 96 + 24, {}},      // protocol assignments
    Network{v4(192, 0, 2, 0), 96 + 24, {}},      // documentation
    Network{v4(192, 168, 0, 0), 96 + 16, {}},    // private
    Network{v4(198, 18, 0, 0), 96 + 15, {}},     // benchmarking
    Network{v4(198, 51, 100, 0), 96 + 24, {}},   // documentation
    Network{v4(203, 0, 113, 0), 96 + 24, {}},    // documentation
    Network{v4(224, 0, 0, 0), 96 + 4, {}},       // multicast
    Network{v4(240, 0, 0, 0), 96 + 4, {}},       // reserved, broadcast
    Network{Address{}, 96, {}},                  // unspecified, loopback, IPv4-compatible
    Network{v6(0x64, 0xff9b), 32, {}},           // NAT64: reaches IPv4 addresses unseen
    Network{v6(0x100), 64, {}},                  // discard
    Network{v6(0x2001, 0), 23, {}},              // protocol assignments, Teredo
    Network{v6(0x2001, 0xdb8), 32, {}},          // documentation
    Network{v6(0x2002), 16, {}},                 // 6to4: reaches IPv4 addresses unseen
    Network{v6(0xfc00), 7, {}},                  // unique local
    Network{v6(0xfe80), 10, {}},                 // link-local
    Network{v6(0xfec0), 10, {}},                 // site-local, deprecated
    Network{v6(0xff00), 8, {}},                  // multicast
};

struct Endpoint {
  Address address;
  std::uint16_t port;
};

std::optional<Endpoint> endpoint_of(const sockaddr& raw) noexcept {
  if (raw.sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &raw, sizeof in);
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &in.sin_addr, bytes.size());
    return Endpoint{v4(bytes[0], bytes[1], bytes[2], bytes[3]), ntohs(in.sin_port)};
  }
  if (raw.sa_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &raw, sizeof in);
    Endpoint endpoint{{}, ntohs(in.sin6_port)};
    std::memcpy(endpoint.address.data(), &in.sin6_addr, endpoint.address.size());
    return endpoint;
  }
  return std::nullopt;
}

template <class Number>
bool parse_number(std::string_view text, Number max, Number& number) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || value > max) return false;
  number = static_cast<Number>(value);
  return true;
}

// Divides "[address]:port", "v4:port" and "address" alone.
std::pair<std::string_view, std::optional<std::string_view>> split_port(std::string_view text) {
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return {text, std::nullopt};
    const auto rest = text.substr(close + 1);
    const auto address = text.substr(1, close - 1);
    if (rest.empty()) return {address, std::nullopt};
    return {address, rest.starts_with(':') ? rest.substr(1) : std::string_view()};
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos) {
    return {text, std::nullopt};
  }
  return {text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

bool Network::contains(const Address& other) const noexcept {
  const unsigned whole = prefix / 8;
  if (!std::equal(address.begin(), address.begin() + whole, other.begin())) return false;
  const unsigned bits = prefix % 8;
  if (bits == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - bits));
  return (address[whole] & mask) == (other[whole] & mask);
}

Result<Network> parse_network(std::string_view text) {
  const auto bad = [&](const char* why) {
    return fail(ErrorCode::kInvalidConfig, std::string(why) +
                                               "; expected an address or CIDR with an optional port, such as "
                                               "127.0.0.1:9000, 10.0.0.0/8 or [::1]:80",
                std::string(text));
  };
  Network network;
  auto [address, port] = split_port(text);
  if (port) {
    std::uint16_t number = 0;
    if (!parse_number<std::uint16_t>(*port, 65535, number) || number == 0) return bad("not a port");
    network.port = number;
  }
  const auto slash = address.find('/');
  const std::string host(address.substr(0, slash));
  in_addr four{};
  unsigned offset = 0;
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) {
    offset = 96;
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &four, bytes.size());
    network.address = v4(bytes[0], bytes[1], bytes[2], bytes[3]);
  } else if (inet_pton(AF_INET6, host.c_str(), network.address.data()) != 1) {
    return bad("not an IP address");
  }
  if (slash != std::string_view::npos) {
    unsigned prefix = 0;
    if (!parse_number<unsigned>(address.substr(slash + 1), 128 - offset, prefix)) return bad("not a prefix length");
    network.prefix = offset + prefix;
  }
  return network;
}

Result<AddressGuard> AddressGuard::from(const std::vector<std::string>& allowed) {
  std::vector<Network> networks;
  for (const std::string& text : allowed) {
    auto network = parse_network(text);
    if (!network) return tl::unexpected(std::move(network.error()));
    networks.push_back(*network);
  }
  return AddressGuard(std::move(networks));
}

bool AddressGuard::permits(const sockaddr& raw) const noexcept {
  const auto endpoint = endpoint_of(raw);
  if (!endpoint) return false;
  const auto allows = [&](const Network& network) {
    return network.contains(endpoint->address) && (!network.port || *network.port == endpoint->port);
  };
  if (std::any_of(allowed_.begin(), allowed_.end(), allows)) return true;
  // IPv4 lives inside ::ffff:0:0/96, which no special IPv6 range above covers.
  return std::none_of(kSpecial.begin(), kSpecial.end(),
                      [&](const Network& network) { return network.contains(endpoint->address); });
}

}  // namespace dprkwatch::http
