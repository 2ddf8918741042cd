#include "signature/signature.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <boost/json.hpp>
#include <cstdio>
#include <vector>

namespace dprkwatch::signature {
namespace {

constexpr std::string_view kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view kOther = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
constexpr std::string_view kId = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::int64_t kSent = 1614265330;
constexpr std::string_view kBody = R"({"test": 2432232314})";

std::string key_of(std::string_view secret) {
  return decode_secret(secret).value();
}

Time at(std::int64_t seconds) {
  return Time(std::chrono::seconds(seconds));
}

// Expected values: printf '%s.%s.%s' ID TIME BODY | openssl dgst -sha256 -mac HMAC -macopt hexkey:KEY -binary | base64.
// The first is also the example that the Standard Webhooks libraries publish.
TEST(Signature, IsWhatOpensslComputes) {
  EXPECT_EQ(sign(key_of(kSecret), kId, kSent, kBody), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  EXPECT_EQ(sign(key_of(kSecret), "msg_1", 1700000000, ""), "v1,gSiPCGkMwgBPwtqun+0WQGJwP7wCS5MuBHUR5RLZhOo=");
  EXPECT_EQ(sign(key_of(kOther), "msg_kim", 1700000001, R"({"title":"북한, 평양"})"),
            "v1,jhzVqcv76z3UziB4jgxNoIhEYlg5R/E8d9Dx71J54Wk=");
}

TEST(Signature, RefusesSecretsThatAreNone) {
  EXPECT_FALSE(decode_secret(""));
  EXPECT_FALSE(decode_secret("whsec_"));
  EXPECT_FALSE(decode_secret("whsec_not base64!"));
  EXPECT_FALSE(decode_secret("whsec_c2hvcnQ="));
  EXPECT_FALSE(decode_secrets(" \n"));
  EXPECT_FALSE(decode_secrets(std::string(kSecret) + "\nwhsec_c2hvcnQ="));
}

TEST(Signature, ReadsSeveralSecretsOfOneText) {
  const auto keys = decode_secrets(std::string(kSecret) + "\r\n\n" + std::string(kOther) + "\n");
  ASSERT_TRUE(keys);
  EXPECT_EQ(*keys, (std::vector<std::string>{key_of(kSecret), key_of(kOther)}));
}

TEST(Signature, IsAcceptedByWhoeverKnowsOneOfTheSecrets) {
  const std::vector<std::string> keys{key_of(kOther), key_of(kSecret)};
  const std::string header = sign_with_each(keys, kId, kSent, kBody);
  EXPECT_EQ(header, sign(keys[0], kId, kSent, kBody) + " " + sign(keys[1], kId, kSent, kBody));
  for (const std::string& key : keys) {
    EXPECT_TRUE(verify(key, kId, std::to_string(kSent), header, kBody, at(kSent)));
  }
  EXPECT_FALSE(verify(std::string(32, 'x'), kId, std::to_string(kSent), header, kBody, at(kSent)));
}

TEST(Signature, HoldsFiveMinutesInBothDirections) {
  const std::string header = sign(key_of(kSecret), kId, kSent, kBody);
  for (const int off : {-300, 0, 300}) {
    EXPECT_TRUE(verify(key_of(kSecret), kId, std::to_string(kSent), header, kBody, at(kSent + off))) << off;
  }
  for (const int off : {-301, 301}) {
    EXPECT_FALSE(verify(key_of(kSecret), kId, std::to_string(kSent), header, kBody, at(kSent + off))) << off;
  }
  EXPECT_FALSE(verify(key_of(kSecret), kId, "soon", header, kBody, at(kSent)));
}

// The receiver of another language and another hand: exit status of tests/support/webhook_receiver.py.
struct Request {
  std::string secret{kSecret};
  std::string id{kId};
  std::string body{kBody};
  std::string signature;
  std::int64_t now = kSent;
};

int judged_by_python(const Request& request) {
  const boost::json::object object{{"id", request.id},
                                   {"timestamp", std::to_string(kSent)},
                                   {"signature", request.signature},
                                   {"body", request.body}};
  const std::string script = std::string(DPRKWATCH_SOURCE_DIR) + "/tests/support/webhook_receiver.py";
  const std::string command = std::string(DPRKWATCH_PYTHON) + " '" + script + "' verify '" + request.secret + "' " +
                              std::to_string(request.now) + " >/dev/null";
  FILE* pipe = popen(command.c_str(), "w");
  if (pipe == nullptr) return -1;
  const std::string text = boost::json::serialize(object);
  std::fwrite(text.data(), 1, text.size(), pipe);
  return WEXITSTATUS(pclose(pipe));
}

TEST(Signature, IsVerifiedByAReceiverInPython) {
  Request request;
  request.signature = sign_with_each({key_of(kOther), key_of(kSecret)}, kId, kSent, kBody);
  EXPECT_EQ(judged_by_python(request), 0);
  request.secret = kOther;
  EXPECT_EQ(judged_by_python(request), 0);
}

TEST(Signature, IsRefusedByTheReceiverInPythonWhenOldChangedOrStrange) {
  Request good;
  good.signature = sign(key_of(kSecret), kId, kSent, kBody);
  Request old = good;
  old.now = kSent + 301;
  EXPECT_EQ(judged_by_python(old), 1);
  Request changed = good;
  changed.body[3] = 'T';
  EXPECT_EQ(judged_by_python(changed), 1);
  Request renamed = good;
  renamed.id += "x";
  EXPECT_EQ(judged_by_python(renamed), 1);
  Request strange = good;
  strange.secret = kOther;
  EXPECT_EQ(judged_by_python(strange), 1);
  Request unsigned_one = good;
  unsigned_one.signature.clear();
  EXPECT_EQ(judged_by_python(unsigned_one), 1);
}

}  // namespace
}  // namespace dprkwatch::signature
