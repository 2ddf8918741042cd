// Routes, times, inhibition, rules' further keys and receivers' further types, as read from YAML.
#include <gtest/gtest.h>

#include "config/config.hpp"

namespace dprkwatch::config {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const std::string kBase = R"(
feeds: [{ name: wire, url: "https://wire.example/" }]
rules: [{ name: r, when: {}, receivers: [desk] }]
receivers:
  - { name: desk, type: log, path: "-" }
  - { name: phone, type: log, path: "-" }
)";

std::optional<std::string> no_environment(const std::string& name) {
  return name == "TOKEN" ? std::optional<std::string>("xoxb-1") : std::nullopt;
}

Config good(const std::string& more) {
  auto config = load_text(kBase + more, "/etc/x.yaml", no_environment);
  if (config) return *config;
  for (const Error& error : config.error()) ADD_FAILURE() << describe(error);
  return {};
}

// The mistakes of one document, a line each, with line and column in it.
std::string mistakes(const std::string& yaml) {
  const auto config = load_text(yaml, "x", no_environment);
  std::string text;
  if (config) return text;
  for (const Error& error : config.error()) text += describe(error) + "\n";
  return text;
}

TEST(Alerting, AChildRouteInheritsWhatItDoesNotSay) {
  const Config config = good(R"(
route:
  receivers: [desk]
  group_by: [dyad]
  group_wait: 30s
  routes:
    - matchers: ['severity=critical', 'dyad=~"DPRK->.*"']
      receivers: [phone]
      continue: true
      routes: [{ matchers: ["language=ko"], group_wait: 0s, mute_time_intervals: [night] }]
    - { group_by: [] }
time_intervals: [{ name: night, time_intervals: [{ times: [{ start_time: "22:00", end_time: "06:00" }], location: Asia/Seoul }] }]
)");
  const Route& first = config.route.routes.at(0);
  EXPECT_EQ(first.path, "route.routes[0]");
  EXPECT_TRUE(first.go_on);
  EXPECT_EQ(first.matchers.size(), 2U);
  EXPECT_EQ(first.receivers, std::vector<std::string>{"phone"});
  EXPECT_EQ(first.group_wait, seconds(30));
  const Route& deep = first.routes.at(0);
  EXPECT_EQ(deep.path, "route.routes[0].routes[0]");
  EXPECT_EQ(deep.receivers, std::vector<std::string>{"phone"});
  EXPECT_EQ(deep.group_by, std::vector<std::string>{"dyad"});
  EXPECT_EQ(deep.group_wait, Duration::zero());
  EXPECT_EQ(deep.group_interval, minutes(5));
  EXPECT_FALSE(deep.go_on);
  EXPECT_TRUE(config.route.routes.at(1).group_by.empty());
  EXPECT_EQ(config.route.routes.at(1).receivers, std::vector<std::string>{"desk"});
  const TimeInterval& night = config.times.at(0).intervals.at(0);
  ASSERT_EQ(night.minutes.size(), 2U);  // over midnight
  EXPECT_EQ(night.minutes[0].from, 22 * 60);
  EXPECT_EQ(night.minutes[1].to, 6 * 60);
}

TEST(Alerting, WithoutRoutesEachStoryIsToldAtOnce) {
  const Config config = good("");
  EXPECT_EQ(config.route.group_by, (std::vector<std::string>{"rule", "story"}));
  EXPECT_EQ(config.route.group_wait, Duration::zero());
  EXPECT_EQ(config.route.repeat_interval, hours(24));
  EXPECT_TRUE(config.self_alerts.on);
}

TEST(Alerting, TimesOfTheCalendarAreRead) {
  const Config config = good(R"(
time_intervals:
  - name: odd
    time_intervals:
      - { weekdays: ["monday:friday", sunday], days_of_month: ["1:7", "-3:-1", "25:-1"], months: ["march:5", december], years: ["2024:2026"] }
)");
  const TimeInterval& odd = config.times.at(0).intervals.at(0);
  EXPECT_EQ(odd.weekdays.at(0).from, 1);
  EXPECT_EQ(odd.weekdays.at(1).to, 0);
  EXPECT_EQ(odd.days_of_month.size(), 3U);
  EXPECT_EQ(odd.months.at(0).to, 5);
  EXPECT_EQ(odd.years.at(0).from, 2024);
}

TEST(Alerting, ARuleTakesMoreKeys) {
  const auto config = load_text(R"(
feeds: [{ name: wire, url: "https://wire.example/" }]
route: { receivers: [desk] }
rules:
  - name: r
    when: { source: Reuters, state: [crisis], text: "sea of fire", speaker: KPA, voice: own, conditional: false }
    labels: { team: night }
    message: "{actor} at {target}: {title}"
    min_stories: 3
    within: 6h
    resolve_after: 2h
receivers: [{ name: desk, type: log, path: "-" }]
)",
                                "x", no_environment);
  ASSERT_TRUE(config) << describe(config.error().front());
  const Rule& rule = config->rules.at(0);
  EXPECT_TRUE(rule.receivers.empty());
  EXPECT_EQ(rule.when.conditional, false);
  EXPECT_EQ(rule.when.text, std::vector<std::string>{"sea of fire"});
  EXPECT_EQ(rule.labels.at(0).second, "night");
  EXPECT_EQ(rule.min_stories, 3);
  EXPECT_EQ(rule.within, hours(6));
  EXPECT_EQ(rule.resolve_after, hours(2));
}

TEST(Alerting, MoreReceiversAreRead) {
  const auto config = load_text(R"(
feeds: [{ name: wire, url: "https://wire.example/" }]
receivers:
  - { name: mail, type: email, url: "smtps://mail.example:465", from: a@example.org, to: b@example.org, send_resolved: true }
  - { name: lamp, type: exec, command: [./lamp, --red] }
  - { name: bot, type: slack, channel: C1, secret_env: TOKEN, order: strict }
  - { name: hook, type: slack, url: "https://hooks.slack.com/x", send_updates: true }
)",
                                "/etc/x.yaml", no_environment);
  ASSERT_TRUE(config) << describe(config.error().front());
  EXPECT_TRUE(wants_resolved(config->receivers.at(0)));
  EXPECT_FALSE(wants_updates(config->receivers.at(0)));
  EXPECT_EQ(config->receivers.at(1).command, (std::vector<std::string>{"/etc/lamp", "--red"}));
  EXPECT_TRUE(wants_updates(config->receivers.at(2)));
  EXPECT_EQ(config->receivers.at(2).order, DeliveryOrder::kStrict);
  EXPECT_TRUE(wants_updates(config->receivers.at(3)));
  EXPECT_FALSE(wants_resolved(config->receivers.at(3)));
}

struct Mistake {
  const char* more;
  const char* said;
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreNamedWithTheirPlace) {
  const std::string text = mistakes(kBase + GetParam().more);
  EXPECT_NE(text.find(GetParam().said), std::string::npos) << GetParam().more << "\n" << text;
  EXPECT_EQ(text.find("x:7:") == std::string::npos && text.find("x:8:") == std::string::npos, false) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Mistakes,
    testing::Values(
        Mistake{"route: { group_wate: 5s }", "group_wait"},
        Mistake{"route: { receivers: [dask] }", "did you mean `desk`?"},
        Mistake{"route: { matchers: ['a=b'] }", "the root takes every alert"},
        Mistake{"route: { routes: [{ matchers: ['severity'] }] }", "expected LABEL=VALUE"},
        Mistake{"route: { routes: [{ matchers: ['severity=~('] }] }", "no regular expression"},
        Mistake{"route: { routes: [{ routes: [{ mute_time_intervals: [night] }] }] }",
                "there is no time interval `night`"},
        Mistake{"time_intervals: [{ name: n, time_intervals: [{ location: Mars/Base }] }]", "IANA name"},
        Mistake{"time_intervals: [{ name: n, time_intervals: [{ times: [{ start_time: 9am, end_time: '10:00' }] }] }]",
                "HH:MM"},
        Mistake{"time_intervals: [{ name: n, time_intervals: [{ weekdays: [friday:monday] }] }]", "rising order"},
        Mistake{"time_intervals: [{ name: n, time_intervals: [{ days_of_month: ['0'] }] }]", "rising order"},
        Mistake{"time_intervals: [{ name: n, time_intervals: [{ months: ['13'] }] }]", "rising order"},
        Mistake{"inhibit_rules: [{ source_matchers: ['a=b'] }]", "target_matchers"},
        Mistake{"self_alerts: { receivers: [nobody] }", "there is no receiver `nobody`"},
        Mistake{"self_alerts: { receiver_failing: never }", "receiver_failing"}));

struct RuleMistake {
  const char* rule;
  const char* said;
};

class RuleMistakes : public testing::TestWithParam<RuleMistake> {};

TEST_P(RuleMistakes, AreNamed) {
  const std::string text =
      mistakes("feeds: [{ name: wire, url: \"https://wire.example/\" }]\nrules: [{ name: r, " +
               std::string(GetParam().rule) + " }]\nreceivers: [{ name: desk, type: log, path: \"-\" }]\n");
  EXPECT_NE(text.find(GetParam().said), std::string::npos) << GetParam().rule << "\n" << text;
}

INSTANTIATE_TEST_SUITE_P(
    Table, RuleMistakes,
    testing::Values(RuleMistake{"when: { speker: x }, receivers: [desk]", "did you mean `speaker`?"},
                    RuleMistake{"when: { voice: loud }, receivers: [desk]", "voice"},
                    RuleMistake{"when: { conditional: maybe }, receivers: [desk]", "conditional"},
                    RuleMistake{"when: {}, message: '{titel}', receivers: [desk]", "no field {titel}"},
                    RuleMistake{"when: {}, message: '{title', receivers: [desk]", "no field {title}"},
                    RuleMistake{"when: {}, labels: { rule: x }, receivers: [desk]", "the daemon's own"},
                    RuleMistake{"when: {}, labels: { 'a b': x }, receivers: [desk]", "a name of letters"},
                    RuleMistake{"when: {}, min_stories: 0, receivers: [desk]", "min_stories"},
                    RuleMistake{"when: {}", "needs the key `receivers`"}));

struct ReceiverMistake {
  const char* receiver;
  const char* said;
};

class ReceiverMistakes : public testing::TestWithParam<ReceiverMistake> {};

TEST_P(ReceiverMistakes, AreNamed) {
  const std::string text = mistakes("feeds: [{ name: wire, url: \"https://wire.example/\" }]\nreceivers: [{ name: x, " +
                                    std::string(GetParam().receiver) + " }]\n");
  EXPECT_NE(text.find(GetParam().said), std::string::npos) << GetParam().receiver << "\n" << text;
}

INSTANTIATE_TEST_SUITE_P(
    Table, ReceiverMistakes,
    testing::Values(ReceiverMistake{"type: email, url: 'https://x.example', from: a@b, to: c@d", "smtp://HOST:PORT"},
                    ReceiverMistake{"type: email, url: 'smtp://x.example', to: c@d", "needs the key `from`"},
                    ReceiverMistake{"type: email, url: 'smtp://x.example', from: a@b", "needs the key `to`"},
                    ReceiverMistake{"type: email, url: 'smtp://x.example', from: a@b, to: \"c@d>\\r\\nX: y\"",
                                    "expected NAME@HOST"},
                    ReceiverMistake{"type: email, url: 'smtp://x.example', from: a@b, to: c@d, user: me", "or neither"},
                    ReceiverMistake{"type: exec", "needs the key `command`"},
                    ReceiverMistake{"type: slack", "needs the key `url`"},
                    ReceiverMistake{"type: slack, secret_env: TOKEN", "needs the key `channel`"},
                    ReceiverMistake{"type: webhook, url: 'smtp://x.example', secret_env: TOKEN",
                                    "expected http:// or https://"},
                    ReceiverMistake{"type: exec, command: [x], order: sometimes", "order"}));

}  // namespace
}  // namespace dprkwatch::config
