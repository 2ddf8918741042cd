#include <gtest/gtest.h>

#include "fetch/fetch.hpp"

namespace dprkwatch::fetch {
namespace {

using namespace std::chrono_literals;

// Sun, 06 Nov 1994 08:49:37 GMT, the date that RFC 9110 uses.
constexpr Time kNow{std::chrono::seconds(784111777)};

TEST(RetryAfter, ReadsSecondsAndDates) {
  struct Case {
    const char* value;
    std::optional<Duration> wait;
  };
  for (const Case& c : {Case{"120", 120s},
                        {" 0 ", 0s},
                        {"Sun, 06 Nov 1994 08:50:37 GMT", 60s},
                        {"Sunday, 06-Nov-94 08:50:37 GMT", 60s},
                        {"Sun Nov  6 08:50:37 1994", 60s},
                        {"Sun, 06 Nov 1994 08:49:00 GMT", 0s},
                        {"99999999999999999999999", std::chrono::seconds(10LL * 365 * 24 * 3600)},
                        {"", std::nullopt},
                        {"-5", std::nullopt},
                        {"1.5", std::nullopt},
                        {"soon", std::nullopt},
                        {"Later, today", std::nullopt}}) {
    EXPECT_EQ(retry_after({{"Retry-After", c.value}}, kNow), c.wait) << c.value;
  }
  EXPECT_EQ(retry_after({}, kNow), std::nullopt);
}

TEST(FreshFor, ReadsCacheControlBeforeExpires) {
  struct Case {
    http::Headers headers;
    std::optional<Duration> wait;
  };
  const std::string later = "Sun, 06 Nov 1994 09:49:37 GMT";
  for (const Case& c : {Case{{{"Cache-Control", "public, max-age=600"}}, 600s},
                        {{{"Cache-Control", "Max-Age=\"600\""}, {"Age", "100"}}, 500s},
                        {{{"Cache-Control", "max-age=600"}, {"Age", "700"}}, 0s},
                        {{{"Cache-Control", "max-age=600"}, {"Expires", later}}, 600s},
                        {{{"Cache-Control", "max-age=600, no-cache"}}, std::nullopt},
                        {{{"Cache-Control", "no-store"}, {"Expires", later}}, std::nullopt},
                        {{{"Cache-Control", "s-maxage=600"}}, std::nullopt},
                        {{{"Cache-Control", "max-age"}}, std::nullopt},
                        {{{"Expires", later}}, 3600s},
                        {{{"Expires", later}, {"Date", "Sun, 06 Nov 1994 09:49:07 GMT"}}, 30s},
                        {{{"Expires", "0"}}, std::nullopt},
                        {{}, std::nullopt}}) {
    EXPECT_EQ(fresh_for(c.headers, kNow), c.wait) << (c.headers.empty() ? "none" : c.headers.front().second);
  }
}

}  // namespace
}  // namespace dprkwatch::fetch
