#include <gtest/gtest.h>

#include "websub/websub.hpp"

namespace dprkwatch::websub {
namespace {

// RFC 2202 and RFC 4231, test case 2.
constexpr const char* kSecret = "Jefe";
constexpr const char* kBody = "what do ya want for nothing?";
constexpr const char* kSha1 = "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
constexpr const char* kSha256 = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
constexpr const char* kSha384 =
    "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649";
constexpr const char* kSha512 =
    "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d"
    "4a6b4b636e070a38bce737";

TEST(Signature, EveryMethodOfTheRecommendationIsRight) {
  for (const char* header : {kSha1, kSha256, kSha384, kSha512}) {
    EXPECT_TRUE(check_signature(kSecret, header, kBody)) << header;
    EXPECT_FALSE(check_signature("jefe", header, kBody)) << header;
    EXPECT_FALSE(check_signature(kSecret, header, "what do ya want for nothing!")) << header;
  }
  EXPECT_TRUE(check_signature(kSecret, "SHA1=EFFCDF6AE5EB2FA2D27416D5F184DF9C259A7C79", kBody));
}

TEST(Signature, AnythingElseIsWrong) {
  const std::string right = kSha1;
  for (const std::string& header :
       {std::string(), std::string("sha1"), std::string("sha1="), std::string("=") + right.substr(5), right.substr(5),
        right + "0", right.substr(0, right.size() - 1), "md5=" + right.substr(5), "sha256=" + right.substr(5),
        "sha1 =" + right.substr(5)}) {
    EXPECT_FALSE(check_signature(kSecret, header, kBody)) << header;
  }
}

TEST(Signature, RandomIsLongAndNeverTheSame) {
  const auto one = random_hex(16);
  const auto other = random_hex(16);
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->size(), 32U);
  EXPECT_NE(*one, *other);
}

}  // namespace
}  // namespace dprkwatch::websub
