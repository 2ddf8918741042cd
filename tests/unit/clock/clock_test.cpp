#include "clock/clock.hpp"

#include <gtest/gtest.h>

namespace dprkwatch {
namespace {

using namespace std::chrono;

TEST(Clock, PrintsRfc3339InUtc) {
  const Time moment = sys_days(year{2019} / 12 / 8) + hours(3) + minutes(4) + seconds(5);
  EXPECT_EQ(to_rfc3339(moment), "2019-12-08T03:04:05Z");
  EXPECT_EQ(to_rfc3339(moment + milliseconds(7)), "2019-12-08T03:04:05.007Z");
  EXPECT_EQ(to_rfc3339(Time{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(Time(sys_days(year{1948} / 9 / 9)) - milliseconds(1)), "1948-09-08T23:59:59.999Z");
}

}  // namespace
}  // namespace dprkwatch
