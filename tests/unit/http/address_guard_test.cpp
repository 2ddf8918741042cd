#include "http/address_guard.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace dprkwatch::http {
namespace {

bool permits(const AddressGuard& guard, const char* address, std::uint16_t port = 80) {
  sockaddr_in four{};
  if (inet_pton(AF_INET, address, &four.sin_addr) == 1) {
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    return guard.permits(reinterpret_cast<const sockaddr&>(four));
  }
  sockaddr_in6 six{};
  EXPECT_EQ(inet_pton(AF_INET6, address, &six.sin6_addr), 1) << address;
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(port);
  return guard.permits(reinterpret_cast<const sockaddr&>(six));
}

TEST(AddressGuard, PermitsPublicAddresses) {
  const AddressGuard guard;
  for (const char* address : {"8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "2606:4700::1",
                              "2a00:1450:4001::200e", "::ffff:8.8.8.8"}) {
    EXPECT_TRUE(permits(guard, address)) << address;
  }
}

TEST(AddressGuard, RefusesWhatIsNotPublic) {
  const AddressGuard guard;
  for (const char* address :
       {"0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1",
        "172.31.255.255", "192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1", "fc00::1", "fd12::1",
        "fe80::1", "ff02::1"}) {
    EXPECT_FALSE(permits(guard, address)) << address;
  }
}

TEST(AddressGuard, RefusesOtherFamilies) {
  sockaddr unix_domain{};
  unix_domain.sa_family = AF_UNIX;
  EXPECT_FALSE(AddressGuard().permits(unix_domain));
}

TEST(AddressGuard, PermitsWhatIsAllowedAndNoOtherPort) {
  const auto guard = AddressGuard::from({"127.0.0.1:9000", "10.0.0.0/9", "[::1]:80"});
  ASSERT_TRUE(guard);
  EXPECT_TRUE(permits(*guard, "127.0.0.1", 9000));
  EXPECT_TRUE(permits(*guard, "::ffff:127.0.0.1", 9000));
  EXPECT_FALSE(permits(*guard, "127.0.0.1", 9001));
  EXPECT_FALSE(permits(*guard, "127.0.0.2", 9000));
  EXPECT_TRUE(permits(*guard, "10.127.255.255", 1));
  EXPECT_FALSE(permits(*guard, "10.128.0.0", 1));
  EXPECT_TRUE(permits(*guard, "::1", 80));
  EXPECT_FALSE(permits(*guard, "::1", 81));
}

TEST(AddressGuard, NamesWhatItCannotRead) {
  for (const char* text : {"", "localhost", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1/33", "::/129", "[::1", "[::1]x",
                           "10.0.0.0/", "10.0.0/8", "1.2.3.4:80:80"}) {
    const auto network = parse_network(text);
    ASSERT_FALSE(network) << text;
    EXPECT_EQ(network.error().where, text);
  }
}

}  // namespace
}  // namespace dprkwatch::http
