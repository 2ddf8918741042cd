#include <gtest/gtest.h>

#include "websub/websub.hpp"

namespace dprkwatch::websub {
namespace {

using namespace std::chrono_literals;
using store::Subscription;
using store::SubscriptionState;

constexpr Time kNow = std::chrono::sys_days(std::chrono::year(2024) / 1 / 1);
const Timing kTiming{24h, 1min};

Subscription wanted() {
  Subscription made;
  made.callback = "https://watch/websub/1";
  made.hub = "https://hub/";
  made.topic = "https://wire/feed?a=b&c";
  made.secret = "s3cret";
  return made;
}

Call call(const std::string& mode, std::optional<std::chrono::seconds> lease = std::nullopt) {
  return {mode, "https://wire/feed?a=b&c", "challenge", "", lease};
}

Subscription asked() {
  Subscription made = wanted();
  note_request(made, kTiming, kNow);
  return made;
}

Subscription active(std::chrono::seconds lease = 1000s) {
  Subscription made = asked();
  EXPECT_EQ(take_call(made, call("subscribe", lease), kTiming, kNow), Verdict::kEcho);
  return made;
}

TEST(Subscription, AsksWithCallbackTopicLeaseAndSecret) {
  const http::Request request = make_request(wanted(), kTiming);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://hub/");
  EXPECT_EQ(request.body,
            "hub.mode=subscribe&hub.topic=https%3A%2F%2Fwire%2Ffeed%3Fa%3Db%26c&"
            "hub.callback=https%3A%2F%2Fwatch%2Fwebsub%2F1&hub.lease_seconds=86400&hub.secret=s3cret");
}

TEST(Subscription, TheEndIsAskedForWithoutTheSecret) {
  Subscription leaving = active();
  ASSERT_TRUE(leave(leaving, kNow));
  const http::Request request = make_request(leaving, kTiming);
  EXPECT_TRUE(request.body.starts_with("hub.mode=unsubscribe&"));
  EXPECT_EQ(request.body.find("s3cret"), std::string::npos);
}

TEST(Subscription, IsRenewedAfterFourFifthsOfTheLease) {
  const Subscription made = active(1000s);
  EXPECT_EQ(made.state, SubscriptionState::kActive);
  EXPECT_EQ(made.lease_end, kNow + 1000s);
  EXPECT_EQ(made.next_request, kNow + 800s);
  EXPECT_EQ(made.failures, 0);
}

TEST(Subscription, TheLeaseAskedForHoldsWhereTheHubNamesNone) {
  Subscription made = asked();
  EXPECT_EQ(take_call(made, call("subscribe"), kTiming, kNow), Verdict::kEcho);
  EXPECT_EQ(made.lease_end, kNow + 24h);
}

TEST(Subscription, OnlyWhatWasAskedForIsVerified) {
  Subscription never_asked = wanted();
  EXPECT_EQ(take_call(never_asked, call("subscribe"), kTiming, kNow), Verdict::kNotFound);
  Subscription made = asked();
  Call other = call("subscribe");
  other.topic = "https://wire/feed";
  EXPECT_EQ(take_call(made, other, kTiming, kNow), Verdict::kNotFound);
  EXPECT_EQ(take_call(made, call("unsubscribe"), kTiming, kNow), Verdict::kNotFound);
  EXPECT_EQ(take_call(made, call("publish"), kTiming, kNow), Verdict::kNotFound);
  Call silent = call("subscribe");
  silent.challenge.clear();
  EXPECT_EQ(take_call(made, silent, kTiming, kNow), Verdict::kNotFound);
  EXPECT_EQ(made.state, SubscriptionState::kPending);
  Subscription leaving = active();
  ASSERT_TRUE(leave(leaving, kNow));
  EXPECT_EQ(take_call(leaving, call("subscribe"), kTiming, kNow), Verdict::kNotFound);
  EXPECT_EQ(take_call(leaving, call("unsubscribe"), kTiming, kNow), Verdict::kGone);
}

TEST(Subscription, AHubMayReconfirm) {
  Subscription made = active(1000s);
  EXPECT_EQ(take_call(made, call("subscribe", 2000s), kTiming, kNow + 10s), Verdict::kEcho);
  EXPECT_EQ(made.lease_end, kNow + 2010s);
}

TEST(Subscription, RequestsThatComeToNothingAreMadeEverLater) {
  Subscription made = wanted();
  for (const Duration wait : {Duration(1min), Duration(2min), Duration(4min), Duration(8min)}) {
    note_request(made, kTiming, kNow);
    EXPECT_EQ(made.next_request, kNow + wait);
  }
  EXPECT_EQ(made.last_error, "the hub did not verify the last request");
  for (int i = 0; i < 100; ++i) note_request(made, kTiming, kNow);
  EXPECT_EQ(made.next_request, kNow + 24h);
  note_refusal(made, "no\nroom", std::nullopt, kNow);
  EXPECT_EQ(made.last_error.find('\n'), std::string::npos);
}

TEST(Subscription, AHubsWaitIsKept) {
  Subscription made = asked();
  note_refusal(made, "busy", 2h, kNow);
  EXPECT_EQ(made.next_request, kNow + 2h);
  note_refusal(made, "busy", 99h, kNow);
  EXPECT_EQ(made.next_request, kNow + 24h);
}

TEST(Subscription, ADenialEndsItForADay) {
  for (Subscription made : {asked(), active()}) {
    Call denial = call("denied");
    denial.reason = "not you";
    EXPECT_EQ(take_call(made, denial, kTiming, kNow), Verdict::kNoted);
    EXPECT_EQ(made.state, SubscriptionState::kDenied);
    EXPECT_EQ(made.last_error, "the hub denied the subscription: not you");
    EXPECT_FALSE(is_live(made, kNow));
    EXPECT_EQ(made.next_request, kNow + 24h);
    EXPECT_EQ(take_call(made, call("subscribe"), kTiming, kNow), Verdict::kNotFound);
    EXPECT_FALSE(leave(made, kNow));
    note_request(made, kTiming, kNow + 24h);
    EXPECT_EQ(take_call(made, call("subscribe"), kTiming, kNow + 24h), Verdict::kEcho);
  }
}

TEST(Subscription, APushCountsWhileTheLeaseRuns) {
  Subscription made = active(1000s);
  EXPECT_FALSE(is_pushing(made, kNow));
  made.pushing = true;
  EXPECT_TRUE(is_pushing(made, kNow + 999s));
  EXPECT_FALSE(is_pushing(made, kNow + 1000s));
  EXPECT_STREQ(name_of(made, kNow + 999s), "active");
  EXPECT_STREQ(name_of(made, kNow + 1000s), "expired");
}

TEST(Subscription, ASilentHubIsForgottenAfterFourGoodbyesOrTheLease) {
  Subscription never = wanted();
  EXPECT_FALSE(leave(never, kNow));
  Subscription made = active(1000s);
  ASSERT_TRUE(leave(made, kNow));
  EXPECT_EQ(made.next_request, kNow);
  EXPECT_FALSE(may_forget(made, kNow));
  EXPECT_TRUE(may_forget(made, kNow + 1000s));
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(may_forget(made, kNow));
    note_request(made, kTiming, kNow);
  }
  EXPECT_TRUE(may_forget(made, kNow));
}

}  // namespace
}  // namespace dprkwatch::websub
