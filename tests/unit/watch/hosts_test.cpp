#include "watch/hosts.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::watch {
namespace {

using std::chrono::seconds;

constexpr Time kNow{std::chrono::hours(24 * 365 * 50)};

Hosts every_second() {
  Hosts hosts;
  hosts.configure(seconds(1), Duration::zero(), {{"press", {"a.example", "*.b.example"}}});
  return hosts;
}

TEST(Hosts, LetsAFewThroughAndSpreadsTheRest) {
  Hosts hosts = every_second();
  for (int i = 0; i < Hosts::kBurst; ++i) EXPECT_EQ(hosts.reserve("x.example", kNow), kNow) << i;
  EXPECT_EQ(hosts.reserve("x.example", kNow), kNow + seconds(1));
  EXPECT_EQ(hosts.reserve("x.example", kNow), kNow + seconds(2));
  EXPECT_EQ(hosts.reserve("y.example", kNow), kNow) << "another host";
}

TEST(Hosts, NeverExceedsTheRateOverAMinute) {
  Hosts hosts = every_second();
  int in_the_first_minute = 0;
  for (int i = 0; i < 500; ++i) {
    if (hosts.reserve("x.example", kNow) < kNow + seconds(60)) ++in_the_first_minute;
  }
  EXPECT_EQ(in_the_first_minute, 60 + Hosts::kBurst - 1);
}

TEST(Hosts, AHostThatWasLeftAloneMayBeAskedAFewTimesAgain) {
  Hosts hosts = every_second();
  for (int i = 0; i < 10; ++i) (void)hosts.reserve("x.example", kNow);
  const Time later = kNow + seconds(100);
  for (int i = 0; i < Hosts::kBurst; ++i) EXPECT_EQ(hosts.reserve("x.example", later), later);
  EXPECT_EQ(hosts.reserve("x.example", later), later + seconds(1));
}

TEST(Hosts, AGroupIsOneHost) {
  Hosts hosts = every_second();
  for (int i = 0; i < Hosts::kBurst; ++i) (void)hosts.reserve("a.example:443", kNow);
  EXPECT_EQ(hosts.reserve("www.b.example", kNow), kNow + seconds(1));
  EXPECT_EQ(hosts.reserve("b.example", kNow), kNow) << "the pattern names what lies below it";
  hosts.hold("a.example", kNow + seconds(30));
  EXPECT_EQ(hosts.held_until("x.b.example", kNow), kNow + seconds(30));
  EXPECT_EQ(hosts.held_until("x.b.example", kNow + seconds(30)), std::nullopt);
  EXPECT_EQ(hosts.held_until("c.example", kNow), std::nullopt);
}

TEST(Hosts, OwnAddressesHaveALimitOfTheirOwn) {
  Hosts hosts = every_second();
  for (const char* host : {"127.0.0.1:9000", "10.1.2.3", "192.168.0.9:80", "[::1]:80", "[fd00::1]", "localhost:1"}) {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(hosts.reserve(host, kNow), kNow) << host;
  }
  for (int i = 0; i < Hosts::kBurst; ++i) (void)hosts.reserve("8.8.8.8", kNow);
  EXPECT_EQ(hosts.reserve("8.8.8.8", kNow), kNow + seconds(1));
}

TEST(Hosts, WhatHasNoHostNeverWaits) {
  Hosts hosts = every_second();
  hosts.hold("", kNow + seconds(9));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(hosts.reserve("", kNow), kNow);
  EXPECT_EQ(hosts.held_until("", kNow), std::nullopt);
}

TEST(Hosts, ForgetsHostsThatNothingHoldsFor) {
  Hosts hosts = every_second();
  for (int i = 0; i < 5000; ++i) (void)hosts.reserve("h" + std::to_string(i), kNow + seconds(10 * i));
  hosts.hold("h1", kNow + seconds(1'000'000));
  for (int i = 0; i < 5000; ++i) (void)hosts.reserve("g" + std::to_string(i), kNow + seconds(100'000 + 10 * i));
  EXPECT_TRUE(hosts.held_until("h1", kNow + seconds(200'000)));
}

}  // namespace
}  // namespace dprkwatch::watch
