#include <gtest/gtest.h>

#include "deliver/deliver.hpp"

namespace dprkwatch::deliver {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using store::DeliveryState;

const std::vector<Duration> kSchedule{seconds(0), seconds(5), seconds(60)};

TEST(Judge, TakesAnySuccessAsDelivered) {
  for (const int status : {200, 201, 202, 204, 299}) {
    EXPECT_EQ(judge(status, {}, 0, kSchedule).state, DeliveryState::kDelivered) << status;
  }
}

TEST(Judge, TriesAgainWhatMayHeal) {
  for (const int status : {0, 301, 302, 408, 425, 429, 500, 502, 503, 504}) {
    const Verdict verdict = judge(status, {}, 0, kSchedule);
    EXPECT_EQ(verdict.state, DeliveryState::kPending) << status;
    EXPECT_EQ(verdict.wait, seconds(5)) << status;
  }
}

TEST(Judge, GivesUpAtOnceOnARefusal) {
  for (const int status : {400, 401, 403, 404, 410, 413, 422}) {
    EXPECT_EQ(judge(status, {}, 0, kSchedule).state, DeliveryState::kDead) << status;
  }
}

TEST(Judge, FollowsTheScheduleToItsEnd) {
  EXPECT_EQ(judge(500, {}, 1, kSchedule).wait, seconds(60));
  EXPECT_EQ(judge(500, {}, 2, kSchedule).state, DeliveryState::kDead);
  EXPECT_EQ(judge(200, {}, 2, kSchedule).state, DeliveryState::kDelivered);
}

TEST(Judge, SpreadsRetriesLaterByUpToAFifth) {
  EXPECT_EQ(judge(500, {}, 1, kSchedule, 0.5).wait, seconds(66));
  EXPECT_LT(judge(500, {}, 1, kSchedule, 0.999).wait, seconds(72));
  EXPECT_EQ(judge(429, seconds(600), 1, kSchedule, 0.5).wait, seconds(600));
}

TEST(Judge, WaitsAsLongAsTheServerAsksButNotForever) {
  EXPECT_EQ(judge(429, seconds(30), 0, kSchedule).wait, seconds(30));
  EXPECT_EQ(judge(429, seconds(1), 0, kSchedule).wait, seconds(5));
  EXPECT_EQ(judge(503, std::chrono::seconds(10'000'000), 0, kSchedule).wait, hours(24));
}

}  // namespace
}  // namespace dprkwatch::deliver
