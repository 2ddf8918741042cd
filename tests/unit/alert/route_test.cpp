// Matchers, the routing tree, times, silences and inhibition, as tables of what Alertmanager documents.
#include "alert/route.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::alert {
namespace {

config::Matcher matcher(const std::string& text) {
  const auto parsed = config::parse_matcher(text);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error().message);
  return parsed.value_or(config::Matcher{});
}

std::vector<config::Matcher> matchers(const std::vector<std::string>& texts) {
  std::vector<config::Matcher> parsed;
  for (const std::string& text : texts) parsed.push_back(matcher(text));
  return parsed;
}

const Labels kAlert{{"rule", "threat"}, {"severity", "critical"}, {"dyad", "DPRK->USA"}, {"language", "ko"}};

struct MatcherCase {
  const char* text;
  bool fits;
};

class Matchers : public testing::TestWithParam<MatcherCase> {};

TEST_P(Matchers, FitAsAlertmanagerDocuments) {
  EXPECT_EQ(fits(matcher(GetParam().text), kAlert), GetParam().fits) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Matchers,
    testing::Values(MatcherCase{"severity=critical", true}, MatcherCase{"severity = \"critical\"", true},
                    MatcherCase{"severity=warning", false}, MatcherCase{"severity!=critical", false},
                    MatcherCase{"severity!=warning", true}, MatcherCase{"severity=~\"critical|warning\"", true},
                    MatcherCase{"severity=~crit", false},  // the whole value
                    MatcherCase{"severity=~crit.*", true}, MatcherCase{"severity!~crit.*", false},
                    MatcherCase{"severity!~info", true}, MatcherCase{"dyad=\"DPRK->USA\"", true},
                    MatcherCase{"dyad=~\"DPRK->.*\"", true}, MatcherCase{"team=\"\"", true},  // absent is empty
                    MatcherCase{"team!=\"\"", false}, MatcherCase{"team=~\".*\"", true},
                    MatcherCase{"team=~\".+\"", false}, MatcherCase{"team!=x", true},
                    MatcherCase{"rule=\"thr\\\\eat\"", false}));

TEST(MatcherText, IsRefusedWhenItIsNone) {
  for (const char* wrong : {"", "severity", "=x", "severity~x", "9x=1", "a b=1", "severity=\"x", "severity=x\"",
                            "severity=~(", "severity=\"a\"b"}) {
    EXPECT_FALSE(config::parse_matcher(wrong)) << wrong;
  }
}

TEST(MatcherText, ReadsWhatItWrites) {
  for (const char* text : {"a=b", "a!=\"b c\"", "a=~\"x\\\\d+\"", "a!~\"say \\\"no\\\"\"", "a=\"\""}) {
    const config::Matcher first = matcher(text);
    const config::Matcher second = matcher(config::to_text(first));
    EXPECT_EQ(first.value, second.value) << text;
    EXPECT_EQ(first.op, second.op) << text;
  }
}

// ---- the tree ----

config::Route route(const std::string& path, const std::vector<std::string>& conditions, bool go_on,
                    std::vector<config::Route> routes = {}) {
  config::Route made;
  made.path = path;
  made.matchers = matchers(conditions);
  made.go_on = go_on;
  made.routes = std::move(routes);
  return made;
}

config::Route tree() {
  return route(
      "route", {}, false,
      {route("a", {"severity=critical"}, false, {route("a.1", {"language=ko"}, false), route("a.2", {}, false)}),
       route("b", {"language=ko"}, true, {route("b.1", {"rule=threat"}, true), route("b.2", {"rule=~t.*"}, false)}),
       route("c", {"dyad=~\"DPRK->.*\""}, false), route("d", {}, false)});
}

struct RouteCase {
  const char* name;
  Labels labels;
  std::vector<std::string> paths;
};

class Routes : public testing::TestWithParam<RouteCase> {};

TEST_P(Routes, AreTakenAsAlertmanagerDocuments) {
  const config::Route root = tree();
  std::vector<std::string> paths;
  for (const config::Route* found : routes_of(root, GetParam().labels)) paths.push_back(found->path);
  EXPECT_EQ(paths, GetParam().paths) << GetParam().name;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Routes,
    testing::Values(
        RouteCase{"the first child that fits, and its first", {{"severity", "critical"}, {"language", "ko"}}, {"a.1"}},
        RouteCase{"a child without matchers takes the rest", {{"severity", "critical"}}, {"a.2"}},
        RouteCase{"continue asks the siblings too",
                  {{"language", "ko"}, {"rule", "threat"}, {"dyad", "DPRK->USA"}},
                  {"b.1", "b.2", "c"}},
        RouteCase{"continue inside a child that does not fit", {{"language", "ko"}, {"rule", "talks"}}, {"b.2", "d"}},
        RouteCase{"a parent takes what none of its children does", {{"language", "ko"}, {"rule", "x"}}, {"b", "d"}},
        RouteCase{"without continue the first ends it", {{"dyad", "DPRK->JPN"}}, {"c"}},
        RouteCase{"nothing but the last", {}, {"d"}}));

TEST(Routes, TheRootTakesWhatNoChildDoes) {
  config::Route root = route("route", {}, false, {route("a", {"x=1"}, false)});
  EXPECT_EQ(routes_of(root, {}).front(), &root);
}

TEST(Routes, AreFoundAgainByTheirPath) {
  config::Route root =
      route("route", {}, false, {route("route.routes[0]", {}, false), route("route.routes[1]", {}, false)});
  root.routes[1].routes.push_back(route("route.routes[1].routes[0]", {}, false));
  EXPECT_EQ(&route_at(root, "route.routes[1].routes[0]"), &root.routes[1].routes[0]);
  EXPECT_EQ(&route_at(root, "route.routes[0]"), &root.routes[0]);
  EXPECT_EQ(&route_at(root, "route.routes[7]"), &root);  // gone with a reload
}

struct GroupCase {
  std::vector<std::string> group_by;
  Labels labels;
};

class GroupBy : public testing::TestWithParam<GroupCase> {};

TEST_P(GroupBy, ChoosesTheLabels) {
  config::Route by;
  by.group_by = GetParam().group_by;
  EXPECT_EQ(group_labels(by, kAlert), GetParam().labels);
}

INSTANTIATE_TEST_SUITE_P(Table, GroupBy,
                         testing::Values(GroupCase{{}, {}}, GroupCase{{"dyad"}, {{"dyad", "DPRK->USA"}}},
                                         GroupCase{{"dyad", "absent"}, {{"dyad", "DPRK->USA"}}},
                                         GroupCase{{"rule", "severity"},
                                                   {{"rule", "threat"}, {"severity", "critical"}}},
                                         GroupCase{{"..."}, kAlert}));

// ---- times ----

Time at(int year, unsigned month, unsigned day, int hour, int minute) {
  const std::chrono::sys_days date = std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day);
  return Time(date) + std::chrono::hours(hour) + std::chrono::minutes(minute);
}

config::TimeInterval interval(std::vector<config::Span> minutes, std::vector<config::Span> weekdays,
                              std::vector<config::Span> days, std::vector<config::Span> months,
                              const std::string& zone = "UTC") {
  config::TimeInterval made;
  made.minutes = std::move(minutes);
  made.weekdays = std::move(weekdays);
  made.days_of_month = std::move(days);
  made.months = std::move(months);
  made.location = zone;
  return made;
}

struct TimeCase {
  const char* name;
  config::TimeInterval interval;
  Time time;
  bool inside;
};

class Times : public testing::TestWithParam<TimeCase> {};

TEST_P(Times, LieInTheIntervalsOfAZonesCalendar) {
  EXPECT_EQ(contains(GetParam().interval, GetParam().time), GetParam().inside) << GetParam().name;
}

// 2024-03-01 was a Friday; 2024 was a leap year.
INSTANTIATE_TEST_SUITE_P(
    Table, Times,
    testing::Values(
        TimeCase{"an empty interval is always", interval({}, {}, {}, {}), at(2024, 3, 1, 5, 0), true},
        TimeCase{"the first minute", interval({{540, 1020}}, {}, {}, {}), at(2024, 3, 1, 9, 0), true},
        TimeCase{"the end is outside", interval({{540, 1020}}, {}, {}, {}), at(2024, 3, 1, 17, 0), false},
        TimeCase{"before", interval({{540, 1020}}, {}, {}, {}), at(2024, 3, 1, 8, 59), false},
        TimeCase{"until midnight", interval({{1320, 1440}}, {}, {}, {}), at(2024, 3, 1, 23, 59), true},
        TimeCase{"a weekday", interval({}, {{1, 5}}, {}, {}), at(2024, 3, 1, 12, 0), true},
        TimeCase{"a Saturday", interval({}, {{1, 5}}, {}, {}), at(2024, 3, 2, 12, 0), false},
        TimeCase{"Sunday is 0", interval({}, {{0, 0}}, {}, {}), at(2024, 3, 3, 12, 0), true},
        TimeCase{"a day of the month", interval({}, {}, {{1, 5}}, {}), at(2024, 3, 5, 12, 0), true},
        TimeCase{"after it", interval({}, {}, {{1, 5}}, {}), at(2024, 3, 6, 12, 0), false},
        TimeCase{"the last day", interval({}, {}, {{-1, -1}}, {}), at(2024, 2, 29, 12, 0), true},
        TimeCase{"not the last day", interval({}, {}, {{-1, -1}}, {}), at(2024, 2, 28, 12, 0), false},
        TimeCase{"the last three days", interval({}, {}, {{-3, -1}}, {}), at(2023, 2, 26, 12, 0), true},
        TimeCase{"from the 25th to the end", interval({}, {}, {{25, -1}}, {}), at(2024, 4, 30, 12, 0), true},
        TimeCase{"beyond the month's end", interval({}, {}, {{31, 31}}, {}), at(2024, 4, 30, 12, 0), false},
        TimeCase{"a month", interval({}, {}, {}, {{3, 4}}), at(2024, 4, 30, 12, 0), true},
        TimeCase{"another month", interval({}, {}, {}, {{3, 4}}), at(2024, 5, 1, 0, 0), false},
        TimeCase{"all must fit", interval({{0, 720}}, {{5, 5}}, {{1, 1}}, {{3, 3}}), at(2024, 3, 1, 11, 59), true},
        TimeCase{"one does not", interval({{0, 720}}, {{5, 5}}, {{2, 2}}, {{3, 3}}), at(2024, 3, 1, 11, 59), false},
        TimeCase{"Seoul is nine hours ahead", interval({{540, 600}}, {}, {}, {}, "Asia/Seoul"), at(2024, 3, 1, 0, 30),
                 true},
        TimeCase{"and another day", interval({}, {{6, 6}}, {}, {}, "Asia/Seoul"), at(2024, 3, 1, 15, 0), true},
        TimeCase{"New York in winter", interval({{540, 600}}, {}, {}, {}, "America/New_York"), at(2024, 1, 15, 14, 30),
                 true},
        TimeCase{"New York in summer", interval({{540, 600}}, {}, {}, {}, "America/New_York"), at(2024, 7, 15, 13, 30),
                 true},
        TimeCase{"half an hour's zone", interval({{0, 30}}, {}, {}, {}, "Asia/Kolkata"), at(2024, 3, 1, 18, 30),
                 true}));

struct MuteCase {
  const char* name;
  std::vector<std::string> mute;
  std::vector<std::string> active;
  int hour;
  const char* why;  // empty: it sends
};

class Muted : public testing::TestWithParam<MuteCase> {};

TEST_P(Muted, SaysWhichTimesHoldTheRoute) {
  config::Route held;
  held.mute_times = GetParam().mute;
  held.active_times = GetParam().active;
  const std::vector<config::NamedTimes> times{
      {"night", {interval({{1320, 1440}}, {}, {}, {}), interval({{0, 360}}, {}, {}, {})}},
      {"office", {interval({{540, 1020}}, {}, {}, {})}}};
  EXPECT_EQ(muted(held, times, at(2024, 3, 1, GetParam().hour, 0)).value_or(""), GetParam().why) << GetParam().name;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Muted,
    testing::Values(MuteCase{"no times", {}, {}, 3, ""}, MuteCase{"a mute time", {"night"}, {}, 3, "muted by night"},
                    MuteCase{"its other interval", {"night"}, {}, 23, "muted by night"},
                    MuteCase{"outside it", {"night"}, {}, 12, ""}, MuteCase{"active hours", {}, {"office"}, 12, ""},
                    MuteCase{"outside them", {}, {"office"}, 20, "not in office"},
                    MuteCase{"any of several", {}, {"office", "night"}, 23, ""},
                    MuteCase{"mute wins over active", {"office"}, {"office"}, 12, "muted by office"}));

// ---- silences ----

struct SilenceCase {
  const char* name;
  std::vector<std::string> matchers;
  int starts;  // minutes from now
  int ends;
  bool silenced;
};

class Silences : public testing::TestWithParam<SilenceCase> {};

TEST_P(Silences, HoldWhatTheyFitWhileTheyLast) {
  const Time now = at(2024, 3, 1, 12, 0);
  store::Silence silence;
  silence.id = "s_1";
  silence.matchers = GetParam().matchers;
  silence.starts = now + std::chrono::minutes(GetParam().starts);
  silence.ends = now + std::chrono::minutes(GetParam().ends);
  EXPECT_EQ(silenced({silence}, kAlert, now) != nullptr, GetParam().silenced) << GetParam().name;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Silences,
    testing::Values(SilenceCase{"fits and lasts", {"severity=critical"}, -1, 1, true},
                    SilenceCase{"begins now", {"severity=critical"}, 0, 1, true},
                    SilenceCase{"ends now", {"severity=critical"}, -1, 0, false},
                    SilenceCase{"begins later", {"severity=critical"}, 1, 2, false},
                    SilenceCase{"one of two does not fit", {"severity=critical", "rule=other"}, -1, 1, false},
                    SilenceCase{"all fit", {"severity=critical", "dyad=~\"DPRK->.*\""}, -1, 1, true},
                    SilenceCase{"without matchers it holds nothing", {}, -1, 1, false},
                    SilenceCase{"a matcher that can not be read", {"severity"}, -1, 1, false},
                    SilenceCase{"an absent label is empty", {"team=\"\""}, -1, 1, true}));

// ---- inhibition ----

struct InhibitCase {
  const char* name;
  std::vector<std::string> source;
  std::vector<std::string> target;
  std::vector<std::string> equal;
  Labels labels;
  std::vector<Firing> firing;
  bool held;
};

class Inhibition : public testing::TestWithParam<InhibitCase> {};

TEST_P(Inhibition, HoldsAsAlertmanagerDocuments) {
  const config::Inhibition rule{matchers(GetParam().source), matchers(GetParam().target), GetParam().equal};
  EXPECT_EQ(inhibited({rule}, GetParam().labels, GetParam().firing).has_value(), GetParam().held) << GetParam().name;
}

const Firing kCritical{"al_c", {{"severity", "critical"}, {"dyad", "DPRK->USA"}}};
const Firing kOther{"al_o", {{"severity", "critical"}, {"dyad", "DPRK->JPN"}}};
const Labels kWarning{{"severity", "warning"}, {"dyad", "DPRK->USA"}};

INSTANTIATE_TEST_SUITE_P(
    Table, Inhibition,
    testing::Values(
        InhibitCase{
            "a source fires", {"severity=critical"}, {"severity=warning"}, {"dyad"}, kWarning, {kCritical}, true},
        InhibitCase{"nothing fires", {"severity=critical"}, {"severity=warning"}, {"dyad"}, kWarning, {}, false},
        InhibitCase{"another pair", {"severity=critical"}, {"severity=warning"}, {"dyad"}, kWarning, {kOther}, false},
        InhibitCase{"without equal any source will do",
                    {"severity=critical"},
                    {"severity=warning"},
                    {},
                    kWarning,
                    {kOther},
                    true},
        InhibitCase{"the target does not fit",
                    {"severity=critical"},
                    {"severity=info"},
                    {"dyad"},
                    kWarning,
                    {kCritical},
                    false},
        InhibitCase{"labels absent in both are equal",
                    {"severity=critical"},
                    {"severity=warning"},
                    {"team"},
                    kWarning,
                    {kCritical},
                    true},
        InhibitCase{"absent in one alone they are not",
                    {"severity=critical"},
                    {"severity=warning"},
                    {"team"},
                    kWarning,
                    {Firing{"al_t", {{"severity", "critical"}, {"team", "x"}}}},
                    false},
        InhibitCase{"an alert does not hold itself",
                    {"severity=critical"},
                    {"dyad=~.+"},
                    {"dyad"},
                    kCritical.labels,
                    {kCritical},
                    false},
        InhibitCase{"nor two that fit both sides each other",
                    {"severity=~.+"},
                    {"severity=~.+"},
                    {"dyad"},
                    kWarning,
                    {kCritical},
                    false},
        InhibitCase{"one that fits both sides is held by one that fits the source alone",
                    {"severity=critical"},
                    {"language=ko"},
                    {},
                    {{"severity", "critical"}, {"language", "ko"}},
                    {kCritical},
                    true}));

}  // namespace
}  // namespace dprkwatch::alert
