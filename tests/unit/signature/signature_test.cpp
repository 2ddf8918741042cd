#include "signature/signature.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::signature {
namespace {

struct Vector {
  const char* id;
  std::int64_t timestamp;
  const char* body;
  const char* signature;
};

// Derived with: printf '%s.%s.%s' ID TIMESTAMP BODY | openssl dgst -sha256 -mac HMAC -macopt key:KEY -binary | base64
constexpr const char* kKey = "a key that only tests are signed with";
constexpr Vector kVectors[] = {
    {"msg_1", 1700000000, "{}", "v1,besTgw4W8W+OoTz8QLmOn3rVdveMfqpK++f1BjoGD8M="},
    {"msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})",
     "v1,E001kOWNTRUkOEFPfySXrIMp5pMO2YQuaR2U4MiqbTw="},
    {"msg_ko", 1734567890, R"({"제목":"조선"})", "v1,Syh2RSzFTszefK4gfHiMf+t04SJHHK1ZHZX6x3AHpoQ="},
};

constexpr Time at(std::int64_t seconds) {
  return Time(std::chrono::seconds(seconds));
}

TEST(Signature, IsWhatOpensslComputes) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(sign(kKey, vector.id, vector.timestamp, vector.body), vector.signature) << vector.id;
  }
}

// The example values that the Standard Webhooks specification and its libraries publish.
TEST(Signature, IsThatOfThePublishedExample) {
  const auto key = decode_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(key);
  EXPECT_EQ(sign(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Signature, VerifiesWhatItSigned) {
  for (const Vector& vector : kVectors) {
    EXPECT_TRUE(verify(kKey, vector.id, std::to_string(vector.timestamp), vector.signature, vector.body,
                       at(vector.timestamp + 10)));
  }
}

TEST(Signature, TakesOneRightSignatureAmongSeveral) {
  const Vector& vector = kVectors[0];
  const std::string header = "v1,AAAA v2,whatever " + std::string(vector.signature);
  EXPECT_TRUE(verify(kKey, vector.id, "1700000000", header, vector.body, at(1700000000)));
}

TEST(Signature, RefusesAChangedByteAnywhere) {
  const Vector& vector = kVectors[0];
  const auto refused = [&](std::string_view key, std::string_view id, std::string_view timestamp,
                           std::string_view header, std::string_view body) {
    return !verify(key, id, timestamp, header, body, at(1700000000)).has_value();
  };
  EXPECT_TRUE(refused("another key that tests use not at all", vector.id, "1700000000", vector.signature, vector.body));
  EXPECT_TRUE(refused(kKey, "msg_2", "1700000000", vector.signature, vector.body));
  EXPECT_TRUE(refused(kKey, vector.id, "1700000001", vector.signature, vector.body));
  EXPECT_TRUE(refused(kKey, vector.id, "1700000000", vector.signature, "{} "));
  std::string changed = vector.signature;
  for (std::size_t i = 0; i < changed.size(); ++i) {
    changed[i] ^= 1;
    EXPECT_TRUE(refused(kKey, vector.id, "1700000000", changed, vector.body)) << i;
    changed[i] ^= 1;
  }
}

TEST(Signature, RefusesATimestampFarFromNow) {
  const Vector& vector = kVectors[0];
  const auto verified = [&](std::string_view timestamp, std::int64_t now) {
    return verify(kKey, vector.id, timestamp, vector.signature, vector.body, at(now)).has_value();
  };
  EXPECT_TRUE(verified("1700000000", 1700000300));
  EXPECT_FALSE(verified("1700000000", 1700000301));
  EXPECT_TRUE(verified("1700000000", 1699999700));
  EXPECT_FALSE(verified("1700000000", 1699999699));
  for (const char* nonsense : {"", "now", "1700000000x", " 1700000000"}) EXPECT_FALSE(verified(nonsense, 1700000000));
}

TEST(Secret, IsBase64OfTheRightSizeAndNeverShown) {
  const std::string text = "whsec_YSBrZXkgdGhhdCBvbmx5IHRlc3RzIGFyZSBzaWduZWQgd2l0aA==";
  EXPECT_EQ(decode_secret(text).value(), kKey);
  EXPECT_EQ(decode_secret(text + "\n").value(), kKey);
  EXPECT_EQ(decode_secret(text.substr(6)).value(), kKey);
  for (const char* wrong : {"", "whsec_", "whsec_not base64!", "whsec_c2hvcnQ="}) {
    const auto key = decode_secret(wrong);
    ASSERT_FALSE(key) << wrong;
    EXPECT_EQ(key.error().message.find("c2hvcnQ"), std::string::npos);
  }
}

}  // namespace
}  // namespace dprkwatch::signature
