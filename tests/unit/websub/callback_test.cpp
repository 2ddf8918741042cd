#include <gtest/gtest.h>

#include "websub/websub.hpp"

namespace dprkwatch::websub {
namespace {

constexpr const char* kToken = "0123456789abcdef0123456789abcdef";

TEST(Callback, LiesBelowTheBase) {
  const std::string token = kToken;
  EXPECT_EQ(callback_url("https://watch.example", token), "https://watch.example/websub/" + token);
  EXPECT_EQ(callback_url("https://watch.example/a/", token), "https://watch.example/a/websub/" + token);
  EXPECT_EQ(token_of("/websub/" + token), token);
  EXPECT_EQ(token_of("/a/websub/" + token + "?hub.mode=subscribe"), token);
}

TEST(Callback, OtherPathsHaveNoToken) {
  const std::string token = kToken;
  for (const std::string& target :
       {std::string("/"), std::string("/websub/"), "/websub/" + token + "0", "/websub/x" + token,
        "/websub/" + token.substr(1), "/websub/" + token + "/", "/?/websub/" + token,
        "/websub/0123456789ABCDEF0123456789ABCDEF" + std::string(), "/websubs/" + token}) {
    EXPECT_EQ(token_of(target), "") << target;
  }
}

TEST(Callback, ReadsACall) {
  const auto call = parse_call(
      "/websub/x?a=b&hub.mode=subscribe&hub.topic=https%3A%2F%2Fwire%2Ffeed%3Fa%3D1%26b%3D2&hub.challenge=a+b%2Bc&"
      "hub.lease_seconds=864000");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->mode, "subscribe");
  EXPECT_EQ(call->topic, "https://wire/feed?a=1&b=2");
  EXPECT_EQ(call->challenge, "a b+c");
  EXPECT_EQ(call->lease, std::chrono::hours(240));
}

TEST(Callback, LeasesAreBounded) {
  EXPECT_EQ(parse_call("/?hub.lease_seconds=0")->lease, std::chrono::seconds(1));
  EXPECT_EQ(parse_call("/?hub.lease_seconds=99999999999999999999999")->lease, std::chrono::hours(24 * 3650));
  for (const char* lease : {"", "-5", "x", "1e3", "12 "}) {
    EXPECT_EQ(parse_call("/?hub.lease_seconds=" + std::string(lease)).value_or(Call{}).lease, std::nullopt) << lease;
  }
}

TEST(Callback, EchoesNothingLongOrBinary) {
  EXPECT_FALSE(parse_call("/?hub.challenge=a%00b"));
  EXPECT_FALSE(parse_call("/?hub.challenge=" + std::string(5000, 'a')));
  EXPECT_FALSE(parse_call("no target"));
}

TEST(Callback, AReasonIsOnePrintableLine) {
  const auto call = parse_call("/?hub.mode=denied&hub.reason=a%0Ab" + std::string(500, 'c'));
  ASSERT_TRUE(call);
  EXPECT_EQ(call->reason.find('\n'), std::string::npos);
  EXPECT_LE(call->reason.size(), 200U);
}

}  // namespace
}  // namespace dprkwatch::websub
