#pragma once
// Which addresses may be called (DESIGN §3): public ones, and those the configuration allows. Checked on the address
// connected to, after name resolution and every redirect, so that no feed can make the daemon call its neighbours.

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "result/result.hpp"

namespace dprkwatch::http {

// An address in the IPv6 form (IPv4 as ::ffff:a.b.c.d), with a prefix length over those 128 bits.
struct Network {
  std::array<std::uint8_t, 16> address{};
  unsigned prefix = 128;
  std::optional<std::uint16_t> port;  // nothing: any

  [[nodiscard]] bool contains(const std::array<std::uint8_t, 16>& other) const noexcept;
};

// "127.0.0.1", "127.0.0.1:9000", "10.0.0.0/8", "10.0.0.0/8:443", "::1", "[::1]:80", "[fd00::/8]:443", "fd00::/8".
[[nodiscard]] Result<Network> parse_network(std::string_view text);

class AddressGuard {
 public:
  AddressGuard() = default;
  explicit AddressGuard(std::vector<Network> allowed) : allowed_(std::move(allowed)) {}

  // Fails with kInvalidConfig on the first text that is no network.
  [[nodiscard]] static Result<AddressGuard> from(const std::vector<std::string>& allowed);

  // Whether a connection to this address may be opened. Anything but IPv4 and IPv6 is refused.
  [[nodiscard]] bool permits(const sockaddr& address) const noexcept;

 private:
  std::vector<Network> allowed_;
};

}  // namespace dprkwatch::http
