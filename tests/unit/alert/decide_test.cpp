// When a group is told: a table of occasions.
#include "alert/decide.hpp"

#include <gtest/gtest.h>

namespace dprkwatch::alert {
namespace {

using config::Severity;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Time kNow{seconds(1700000000)};

Occasion fresh(Duration wait = {}) {
  Occasion occasion;
  occasion.created = kNow;
  occasion.group_wait = wait;
  occasion.group_interval = minutes(5);
  occasion.repeat_interval = hours(4);
  return occasion;
}

Occasion told(const Told& last, Duration ago) {
  Occasion occasion = fresh();
  occasion.created = kNow - hours(10);
  occasion.messages = 1;
  occasion.told = last;
  occasion.last_sent = kNow - ago;
  occasion.last_flush = kNow - ago;
  return occasion;
}

Occasion with(Occasion occasion, void (*change)(Occasion&)) {
  change(occasion);
  return occasion;
}

Member firing(const std::string& id, Severity severity = Severity::kWarning, std::int64_t articles = 1) {
  return {id, true, severity, articles, false};
}
Member resolved(const std::string& id) {
  return {id, false, Severity::kWarning, 1, false};
}
Member acked(const std::string& id, std::int64_t articles = 1) {
  return {id, true, Severity::kWarning, articles, true};
}
Member held(const std::string& id) {
  return {id, true, Severity::kWarning, 1, false, "silenced by s_1"};
}

const ToldAlert kFiring{true, Severity::kWarning, 1};
const ToldAlert kResolved{false, Severity::kWarning, 1};

struct Case {
  const char* name;
  Occasion occasion;
  std::vector<Member> members;
  Act act;
  const char* type;                // when sent
  std::vector<std::string> shown;  // when sent
  std::optional<Duration> next;    // from now
};

class Decide : public testing::TestWithParam<Case> {};

TEST_P(Decide, AsDocumented) {
  const Case& given = GetParam();
  const Decision decision = decide(given.occasion, given.members, kNow);
  EXPECT_EQ(decision.act, given.act) << given.name << ": " << decision.why;
  EXPECT_EQ(decision.type, given.type) << given.name;
  EXPECT_EQ(decision.shown, given.shown) << given.name;
  if (given.next) {
    ASSERT_TRUE(decision.next) << given.name;
    EXPECT_EQ(*decision.next - kNow, *given.next) << given.name;
  } else {
    EXPECT_FALSE(decision.next) << given.name;
  }
  EXPECT_FALSE(decision.why.empty()) << given.name;
}

void mute(Occasion& occasion) {
  occasion.muted = "muted by night";
}
void no_resolved(Occasion& occasion) {
  occasion.send_resolved = false;
}
void no_updates(Occasion& occasion) {
  occasion.send_updates = false;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Decide,
    testing::Values(
        Case{"a new group without a wait is told at once",
             fresh(),
             {firing("a")},
             Act::kSend,
             "alert.created",
             {"a"},
             hours(4)},
        Case{"a new group waits", fresh(seconds(30)), {firing("a")}, Act::kHold, "", {}, seconds(30)},
        Case{"until group_wait is over",
             with(fresh(seconds(30)), [](Occasion& o) { o.created = kNow - seconds(30); }),
             {firing("a"), firing("b")},
             Act::kSend,
             "alert.created",
             {"a", "b"},
             hours(4)},
        Case{"a millisecond before, it waits",
             with(fresh(seconds(30)), [](Occasion& o) { o.created = kNow - seconds(30) + Duration(1); }),
             {firing("a")},
             Act::kHold,
             "",
             {},
             Duration(1)},
        Case{"the most severe comes first",
             fresh(),
             {firing("a", Severity::kInfo), firing("b", Severity::kCritical)},
             Act::kSend,
             "alert.created",
             {"b", "a"},
             hours(4)},
        Case{"a higher severity breaks group_wait",
             fresh(seconds(30)),
             {firing("a"), firing("b", Severity::kCritical)},
             Act::kSend,
             "alert.created",
             {"b", "a"},
             hours(4)},
        Case{"one severe alert alone is no rise",
             fresh(seconds(30)),
             {firing("b", Severity::kCritical)},
             Act::kHold,
             "",
             {},
             seconds(30)},
        Case{"a lower one is no rise",
             told({{"a", {true, Severity::kCritical, 1}}}, minutes(1)),
             {firing("a", Severity::kCritical), firing("b")},
             Act::kHold,
             "",
             {},
             minutes(4)},
        Case{"nothing changed",
             told({{"a", kFiring}}, minutes(10)),
             {firing("a")},
             Act::kQuiet,
             "",
             {},
             hours(4) - minutes(10)},
        Case{"nothing changed until repeat_interval",
             told({{"a", kFiring}}, hours(4)),
             {firing("a")},
             Act::kSend,
             "alert.updated",
             {"a"},
             hours(4)},
        Case{"just before it",
             told({{"a", kFiring}}, hours(4) - seconds(1)),
             {firing("a")},
             Act::kQuiet,
             "",
             {},
             seconds(1)},
        Case{"a further alert waits for group_interval",
             told({{"a", kFiring}}, minutes(2)),
             {firing("a"), firing("b")},
             Act::kHold,
             "",
             {},
             minutes(3)},
        Case{"and is told then",
             told({{"a", kFiring}}, minutes(5)),
             {firing("a"), firing("b")},
             Act::kSend,
             "alert.updated",
             {"a", "b"},
             hours(4)},
        Case{"a higher severity breaks group_interval",
             told({{"a", kFiring}}, seconds(1)),
             {firing("a"), firing("b", Severity::kCritical)},
             Act::kSend,
             "alert.updated",
             {"b", "a"},
             hours(4)},
        Case{"also when the alert itself rises",
             told({{"a", kFiring}}, seconds(1)),
             {firing("a", Severity::kCritical)},
             Act::kSend,
             "alert.updated",
             {"a"},
             hours(4)},
        Case{"a rise is told once",
             told({{"a", {true, Severity::kCritical, 1}}}, seconds(1)),
             {firing("a", Severity::kCritical)},
             Act::kQuiet,
             "",
             {},
             hours(4) - seconds(1)},
        Case{"all resolved",
             told({{"a", kFiring}}, minutes(10)),
             {resolved("a")},
             Act::kSend,
             "alert.resolved",
             {"a"},
             {}},
        Case{"resolved within group_interval waits",
             told({{"a", kFiring}}, minutes(1)),
             {resolved("a")},
             Act::kHold,
             "",
             {},
             minutes(4)},
        Case{"one of two resolved",
             told({{"a", kFiring}, {"b", kFiring}}, minutes(10)),
             {resolved("a"), firing("b")},
             Act::kSend,
             "alert.updated",
             {"b", "a"},
             hours(4)},
        Case{"told as resolved before",
             told({{"a", kResolved}, {"b", kFiring}}, minutes(10)),
             {resolved("a"), firing("b")},
             Act::kQuiet,
             "",
             {},
             hours(4) - minutes(10)},
        Case{"resolved for a receiver that does not want to hear it",
             with(told({{"a", kFiring}}, minutes(10)), no_resolved),
             {resolved("a")},
             Act::kEnd,
             "",
             {},
             {}},
        Case{"one of two resolved, not wanted",
             with(told({{"a", kFiring}, {"b", kFiring}}, minutes(10)), no_resolved),
             {resolved("a"), firing("b")},
             Act::kQuiet,
             "",
             {},
             hours(4) - minutes(10)},
        Case{"resolved before it was told", fresh(seconds(30)), {resolved("a")}, Act::kEnd, "", {}, {}},
        Case{"no member is left", told({{"a", kFiring}}, minutes(10)), {}, Act::kEnd, "", {}, {}},
        Case{"a story that grew",
             told({{"a", kFiring}}, minutes(6)),
             {firing("a", Severity::kWarning, 3)},
             Act::kSend,
             "alert.updated",
             {"a"},
             hours(4)},
        Case{"waits for group_interval",
             told({{"a", kFiring}}, minutes(1)),
             {firing("a", Severity::kWarning, 3)},
             Act::kHold,
             "",
             {},
             minutes(4)},
        Case{"is not told to those who do not want updates",
             with(told({{"a", kFiring}}, minutes(6)), no_updates),
             {firing("a", Severity::kWarning, 3)},
             Act::kQuiet,
             "",
             {},
             hours(4) - minutes(6)},
        Case{"but a rise is",
             with(told({{"a", kFiring}}, minutes(1)), no_updates),
             {firing("a", Severity::kCritical, 3)},
             Act::kSend,
             "alert.updated",
             {"a"},
             hours(4)},
        Case{"a mute time holds a new group", with(fresh(), mute), {firing("a")}, Act::kHold, "", {}, kHeldLook},
        Case{"a mute time holds a repeat",
             with(told({{"a", kFiring}}, hours(9)), mute),
             {firing("a")},
             Act::kHold,
             "",
             {},
             kHeldLook},
        Case{"a mute time holds a resolution",
             with(told({{"a", kFiring}}, hours(1)), mute),
             {resolved("a")},
             Act::kHold,
             "",
             {},
             kHeldLook},
        Case{"a higher severity breaks a mute time",
             with(told({{"a", kFiring}}, hours(1)), mute),
             {firing("a"), firing("b", Severity::kCritical)},
             Act::kSend,
             "alert.updated",
             {"b", "a"},
             hours(4)},
        Case{"over within the mute time", with(fresh(), mute), {resolved("a")}, Act::kEnd, "", {}, {}},
        Case{"a silenced alert does not count", fresh(), {held("a")}, Act::kHold, "", {}, kHeldLook},
        Case{"the others do", fresh(), {held("a"), firing("b")}, Act::kSend, "alert.created", {"b"}, hours(4)},
        Case{"a silence does not give way to severity",
             fresh(),
             {{"a", true, Severity::kCritical, 1, false, "silenced by s_1"}},
             Act::kHold,
             "",
             {},
             kHeldLook},
        Case{
            "silenced after it was told", told({{"a", kFiring}}, hours(9)), {held("a")}, Act::kHold, "", {}, kHeldLook},
        Case{"an acknowledged alert is not repeated",
             told({{"a", kFiring}}, hours(9)),
             {acked("a")},
             Act::kQuiet,
             "",
             {},
             hours(4)},
        Case{"nor its growth told", told({{"a", kFiring}}, hours(1)), {acked("a", 9)}, Act::kQuiet, "", {}, hours(4)},
        Case{"but a further alert is",
             told({{"a", kFiring}}, hours(1)),
             {acked("a"), firing("b")},
             Act::kSend,
             "alert.updated",
             {"a", "b"},
             hours(4)},
        Case{"and its end",
             told({{"a", kFiring}}, hours(1)),
             {{"a", false, Severity::kWarning, 1, true}},
             Act::kSend,
             "alert.resolved",
             {"a"},
             {}}));

TEST(Told, IsReadAsItWasWritten) {
  const Told all{{"al_1", {true, Severity::kCritical, 12}}, {"al_2", {false, Severity::kInfo, 1}}};
  EXPECT_EQ(told_from_text(to_text(all)), all);
  EXPECT_TRUE(told_from_text("").empty());
}

}  // namespace
}  // namespace dprkwatch::alert
