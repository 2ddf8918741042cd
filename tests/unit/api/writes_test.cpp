#include "api/writes.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::api {
namespace {

// The status that a POST from `peer` to `host` is refused with; 0 when it may write.
int refusal(const std::string& peer, const std::string& host, http::Headers more = {}, bool needs_token = false,
            bool shows_token = false) {
  http::ServerRequest request;
  request.method = "POST";
  request.remote_address = peer;
  request.headers = std::move(more);
  request.headers.emplace_back("Host", host);
  request.headers.emplace_back("content-type", "application/json; charset=utf-8");
  const auto refused = refuse_write(request, needs_token, shows_token);
  return refused ? refused->status : 0;
}

TEST(Writes, LoopbackMay) {
  EXPECT_EQ(refusal("127.0.0.1", "127.0.0.1:8380"), 0);
  EXPECT_EQ(refusal("127.8.8.8", "localhost:8380"), 0);
  EXPECT_EQ(refusal("::1", "[::1]:8380"), 0);
  EXPECT_EQ(refusal("::ffff:127.0.0.1", "localhost"), 0);
}

TEST(Writes, OthersMayNotWithoutAToken) {
  EXPECT_EQ(refusal("192.0.2.1", "127.0.0.1:8380"), 403);
  EXPECT_EQ(refusal("::ffff:192.0.2.1", "127.0.0.1:8380"), 403);
  EXPECT_EQ(refusal("", "127.0.0.1:8380"), 403);
}

TEST(Writes, ANameThatOnlyLeadsToLoopbackIsRefused) {
  for (const char* host :
       {"evil.example:8380", "127.0.0.1.evil.example", "localhost.evil.example", "[::1].evil", "[", ""}) {
    EXPECT_EQ(refusal("127.0.0.1", host, {{"Origin", std::string("http://") + host}}), 403) << host;
  }
}

TEST(Writes, ATokenServesFromAnywhere) {
  EXPECT_EQ(refusal("192.0.2.1", "watch.example", {}, true, true), 0);
  EXPECT_EQ(refusal("127.0.0.1", "127.0.0.1", {}, true, false), 401);
  EXPECT_EQ(refusal("192.0.2.1", "watch.example", {{"Origin", "https://watch.example"}}, true, true), 0);
}

TEST(Writes, PagesOfOtherSitesMayNot) {
  for (const bool token : {false, true}) {
    EXPECT_EQ(refusal("127.0.0.1", "127.0.0.1:1", {{"Origin", "http://127.0.0.1:2"}}, token, token), 403);
    EXPECT_EQ(refusal("127.0.0.1", "127.0.0.1:1", {{"origin", "null"}}, token, token), 403);
    EXPECT_EQ(refusal("127.0.0.1", "127.0.0.1:1", {{"Sec-Fetch-Site", "same-site"}}, token, token), 403);
    EXPECT_EQ(refusal("127.0.0.1", "127.0.0.1:1", {{"Sec-Fetch-Site", "none"}}, token, token), 0);
  }
}

TEST(Writes, WhatAFormCanSendIsRefused) {
  for (const char* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"}) {
    http::ServerRequest request;
    request.remote_address = "127.0.0.1";
    request.headers = {{"Host", "localhost"}, {"Content-Type", type}};
    const auto refused = refuse_write(request, false, false);
    ASSERT_TRUE(refused) << type;
    EXPECT_EQ(refused->status, 415) << type;
  }
}

}  // namespace
}  // namespace dprkwatch::api
