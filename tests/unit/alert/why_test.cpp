// Why an article did or did not alert: a table of articles, rules and what is said of them.
#include "alert/why.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace dprkwatch::alert {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr Time kNow{seconds(1700000000)};

// A threat of Pyongyang at Washington in its own voice, and a conditional one at Seoul.
struct Scene {
  store::ArticleRow row;
  config::Config config;
  trend::Reading reading{70, 20, trend::State::kEscalating};
  std::vector<Past> pasts;

  Scene() {
    row.article.id = store::ArticleId{7};
    row.article.title = "Pyongyang warns of a sea of fire";
    row.article.text = "The army will strike. 북한은 경고했다.";
    row.article.feed_name = "wire";
    row.article.language = "en";
    row.state = "analysed";
    store::ArticleOutcome outcome;
    outcome.relevance = "about";
    outcome.relevance_probability = 0.93;
    outcome.escalation = 47;
    outcome.deescalation = 12;
    outcome.level = 3;
    outcome.story = "st_1";
    outcome.annotations_json = R"([
      {"kind":"dyad","actor":"DPRK","target":"USA","score":47,"details":{"deescalation":3}},
      {"kind":"dyad","actor":"DPRK","target":"ROK","score":30,"details":{"deescalation":40}},
      {"kind":"statement","label":"3","score":2.8,"actor":"DPRK","target":"USA","speaker":"KPA General Staff","voice":"own",
       "conditional":false},
      {"kind":"statement","label":"2","score":2.0,"actor":"DPRK","target":"ROK","speaker":"Kim Yo Jong","voice":"quote",
       "conditional":true}])";
    row.outcome = outcome;
    config::Feed feed;
    feed.name = "wire";
    feed.source = "Reuters";
    config.feeds = {feed};
    config.rules.resize(1);
    config.rules[0].name = "r";
    pasts.resize(1);
  }

  config::Condition& when() { return config.rules[0].when; }
  config::Rule& add(const std::string& name) {
    config.rules.emplace_back();
    config.rules.back().name = name;
    pasts.emplace_back();
    return config.rules.back();
  }
  store::AlertRecord& raised(std::int64_t article = 7) {
    store::AlertRecord& record = pasts[0].alert.emplace();
    record.alert.id = "al_1";
    record.alert.article = store::ArticleId{article};
    record.alert.created = kNow;
    return record;
  }
  store::Group& group(const std::string& note, std::int64_t messages = 0) {
    store::Group& made = pasts[0].groups.emplace_back();
    made.receiver = "desk";
    made.route = "route";
    made.note = note;
    made.messages = messages;
    return made;
  }
  [[nodiscard]] ArticleEnd end() const { return judge_article(config, row, reading, pasts); }
};

struct Case {
  const char* name;
  std::function<void(Scene&)> set;
  Step step;
  const char* why;     // is part of what is said
  const char* change;  // the same; empty: nothing is proposed
};

class Why : public testing::TestWithParam<Case> {};

TEST_P(Why, NamesTheStepAndTheNearestChange) {
  Scene scene;
  GetParam().set(scene);
  const ArticleEnd end = scene.end();
  EXPECT_STREQ(name_of(end.step), name_of(GetParam().step)) << GetParam().name << ": " << end.why;
  EXPECT_NE(end.why.find(GetParam().why), std::string::npos) << GetParam().name << ": " << end.why;
  if (*GetParam().change == '\0') {
    EXPECT_EQ(end.change, "") << GetParam().name;
  } else {
    EXPECT_NE(end.change.find(GetParam().change), std::string::npos) << GetParam().name << ": " << end.change;
  }
}

config::Condition with(void (*set)(config::Condition&)) {
  config::Condition condition;
  set(condition);
  return condition;
}

void korean(config::Condition& c) {
  c.language = {"ko"};
}
void wire(config::Condition& c) {
  c.feed = {"wire"};
}
void sixty(config::Condition& c) {
  c.escalation.min = 60;
}

INSTANTIATE_TEST_SUITE_P(
    Steps, Why,
    testing::Values(Case{"waits", [](Scene& s) { s.row.state = "waiting"; }, Step::kWaiting, "waits for its analysis",
                         "wait"},
                    Case{"quarantined",
                         [](Scene& s) {
                           s.row.state = "quarantined";
                           s.row.reason = "rhetoric: crashed";
                         },
                         Step::kQuarantined, "rhetoric: crashed", "analyzer"},
                    Case{"not relevant",
                         [](Scene& s) {
                           s.row.state = "seen";
                           s.row.outcome->relevance = "none";
                           s.row.outcome->relevance_probability = 0.31;
                         },
                         Step::kNotRelevant, "p=0.31", "names the DPRK"},
                    Case{"no rules", [](Scene& s) { s.config.rules.clear(); }, Step::kNoRules, "no rules", "a rule"},
                    Case{"told",
                         [](Scene& s) {
                           s.raised();
                           s.group("told; waits for repeat_interval", 1);
                         },
                         Step::kTold, "raised al_1", ""},
                    Case{"told, its group is over", [](Scene& s) { s.raised(); }, Step::kTold, "raised al_1", ""},
                    Case{"the grounds are named",
                         [](Scene& s) {
                           s.when().escalation.min = 40;
                           s.raised();
                         },
                         Step::kTold, "escalation 47 >= 40", ""},
                    Case{"a copy of a story", [](Scene& s) { s.raised(3).articles = 4; }, Step::kStory,
                         "alerted as al_1 at 2023-11-14T22:13:20Z, by article 3 of 4", "a text of its own"},
                    Case{"silenced",
                         [](Scene& s) {
                           s.raised();
                           s.group("silenced by s_9 until 2023-11-15T00:00:00Z");
                         },
                         Step::kHeld, "silenced by s_9 until 2023-11-15", "expire that silence"},
                    Case{"muted",
                         [](Scene& s) {
                           s.raised();
                           s.group("muted by night");
                         },
                         Step::kHeld, "desk: muted by night", "mute_time_intervals"},
                    Case{"outside active hours",
                         [](Scene& s) {
                           s.raised();
                           s.group("not in office");
                         },
                         Step::kHeld, "not in office", "active_time_intervals"},
                    Case{"inhibited",
                         [](Scene& s) {
                           s.raised();
                           s.group("held back by al_2");
                         },
                         Step::kHeld, "held back by al_2", "inhibit"},
                    Case{"group_wait",
                         [](Scene& s) {
                           s.raised();
                           s.group("waits for group_wait");
                         },
                         Step::kHeld, "group_wait", "shorter group_wait"},
                    Case{"held for one of two",
                         [](Scene& s) {
                           s.raised();
                           s.group("new", 1);
                           s.group("muted by night");
                         },
                         Step::kTold, "held for desk: muted by night", ""},
                    Case{"too few stories",
                         [](Scene& s) {
                           s.config.rules[0].min_stories = 3;
                           s.pasts[0].stories = 2;
                         },
                         Step::kStories, "2 of 3 stories", "min_stories: 2"},
                    Case{"the rule came later", [](Scene&) {}, Step::kCondition, "holds now", "before the article"}));

INSTANTIATE_TEST_SUITE_P(
    Conditions, Why,
    testing::Values(Case{"escalation below", [](Scene& s) { sixty(s.when()); }, Step::kCondition, "escalation 47 < 60",
                         "escalation: { min: 47 }"},
                    Case{"escalation above", [](Scene& s) { s.when().escalation.max = 40; }, Step::kCondition,
                         "escalation 47 > 40", "escalation: { max: 47 }"},
                    Case{"fractions",
                         [](Scene& s) {
                           s.row.outcome->escalation = 59.96;
                           sixty(s.when());
                         },
                         Step::kCondition, "< 60", "escalation: { min: 59.9 }"},
                    Case{"deescalation", [](Scene& s) { s.when().deescalation.min = 30; }, Step::kCondition,
                         "deescalation 12 < 30", "deescalation: { min: 12 }"},
                    Case{"level",
                         [](Scene& s) {
                           s.row.outcome->level = 2;
                           s.when().level.min = 3;
                         },
                         Step::kCondition, "level 2 < 3", "level: { min: 2 }"},
                    Case{"relevance", [](Scene& s) { s.when().relevance = {"passing"}; }, Step::kCondition,
                         "relevance about is not in [passing]", "relevance: about"},
                    Case{"feed",
                         [](Scene& s) {
                           s.when().feed = {"kcna", "yonhap"};
                         },
                         Step::kCondition, "feed wire is not in [kcna, yonhap]", "feed: wire"},
                    Case{"source", [](Scene& s) { s.when().source = {"KCNA"}; }, Step::kCondition, "source Reuters",
                         "source: Reuters"},
                    Case{"language", [](Scene& s) { korean(s.when()); }, Step::kCondition, "language en is not in [ko]",
                         "language: en"},
                    Case{"language unknown",
                         [](Scene& s) {
                           s.row.article.language = "";
                           korean(s.when());
                         },
                         Step::kCondition, "language (none)", "leave out language"},
                    Case{"state", [](Scene& s) { s.when().state = {"crisis"}; }, Step::kCondition,
                         "state escalating is not in [crisis]", "state: escalating"},
                    Case{"text", [](Scene& s) { s.when().text = {"missile"}; }, Step::kCondition, "none of [missile]",
                         "leave out text"},
                    Case{"a word inside a longer one", [](Scene& s) { s.when().text = {"warn"}; }, Step::kCondition,
                         "none of [warn]", "leave out text"},
                    Case{"a phrase without case",
                         [](Scene& s) {
                           s.when().text = {"SEA OF FIRE"};
                           s.raised();
                         },
                         Step::kTold, "one of [SEA OF FIRE]", ""},
                    Case{"a Korean word needs no borders",
                         [](Scene& s) {
                           s.when().text = {"북한"};
                           s.raised();
                         },
                         Step::kTold, "one of [북한]", ""},
                    Case{"another pair", [](Scene& s) { s.when().dyad = {"DPRK->JPN"}; }, Step::kCondition,
                         "no pair of [DPRK->JPN] (found: DPRK->USA, DPRK->ROK)", "dyad: [DPRK->USA, DPRK->ROK]"},
                    Case{"no pair at all",
                         [](Scene& s) {
                           s.row.outcome->annotations_json = "[]";
                           s.when().dyad = {"*->USA"};
                         },
                         Step::kCondition, "found: none", "leave out dyad"},
                    Case{"the pair's own score",
                         [](Scene& s) {
                           s.when().dyad = {"*->ROK"};
                           s.when().escalation.min = 40;
                         },
                         Step::kCondition, "escalation 30 < 40", "escalation: { min: 30 }"},
                    Case{"the nearest of two pairs",
                         [](Scene& s) {
                           s.when().dyad = {"DPRK->*"};
                           sixty(s.when());
                         },
                         Step::kCondition, "escalation 47 < 60", "escalation: { min: 47 }"},
                    Case{"the pair's own deescalation",
                         [](Scene& s) {
                           s.when().dyad = {"DPRK->USA"};
                           s.when().deescalation.min = 5;
                         },
                         Step::kCondition, "deescalation 3 < 5", "deescalation: { min: 3 }"},
                    Case{"speaker", [](Scene& s) { s.when().speaker = {"Choe Son Hui"}; }, Step::kCondition,
                         "no statement by [Choe Son Hui]", "leave out speaker"},
                    Case{"part of a speaker",
                         [](Scene& s) {
                           s.when().speaker = {"general staff"};
                           s.raised();
                         },
                         Step::kTold, "a statement by [general staff]", ""},
                    Case{"voice", [](Scene& s) { s.when().voice = {"reported"}; }, Step::kCondition,
                         "in voice [reported]", "leave out voice"},
                    Case{"conditional",
                         [](Scene& s) {
                           s.when().speaker = {"kpa"};
                           s.when().conditional = true;
                         },
                         Step::kCondition, "with a condition", "leave out conditional"},
                    Case{"one statement must fit all",
                         [](Scene& s) {
                           s.when().speaker = {"Kim"};
                           s.when().voice = {"own"};
                           s.when().conditional = false;
                         },
                         Step::kCondition, "no statement", "leave out speaker"},
                    Case{"a statement's level",
                         [](Scene& s) {
                           s.when().level.min = 3;
                           s.when().conditional = true;
                         },
                         Step::kCondition, "with a condition", "leave out conditional"},
                    Case{"a statement at the pair",
                         [](Scene& s) {
                           s.when().dyad = {"DPRK->USA"};
                           s.when().voice = {"quote"};
                         },
                         Step::kCondition, "in voice [quote]", "leave out voice"},
                    Case{"not", [](Scene& s) { s.when().none_of = {with(wire)}; }, Step::kCondition,
                         "excluded by `not`: feed wire", "leave out that `not`"},
                    Case{"any_of takes the nearest branch",
                         [](Scene& s) {
                           s.when().any_of = {with(korean), with(sixty)};
                         },
                         Step::kCondition, "escalation 47 < 60", "escalation: { min: 47 }"},
                    Case{"all_of names all",
                         [](Scene& s) {
                           s.when().all_of = {with(korean), with(sixty)};
                         },
                         Step::kCondition, "language en is not in [ko]; escalation 47 < 60",
                         "language: en; escalation: { min: 47 }"},
                    Case{"the nearest of two rules",
                         [](Scene& s) {
                           s.when().escalation.min = 90;
                           s.add("near").when.escalation.min = 50;
                         },
                         Step::kCondition, "rule near: escalation 47 < 50", "rule near: escalation: { min: 47 }"},
                    Case{"one demand is nearer than two",
                         [](Scene& s) {
                           s.when().language = {"ko"};
                           s.when().feed = {"x"};
                           s.add("near").when.language = {"ko"};
                         },
                         Step::kCondition, "rule near", "language: en"},
                    Case{"the rule that came furthest",
                         [](Scene& s) {
                           sixty(s.add("far").when);
                           s.raised(3);
                         },
                         Step::kStory, "rule r: the story", "a text of its own"}));

TEST(Recall, ReadsTheFindingsBack) {
  const plugin::Analysis analysis = recall(Scene().row);
  EXPECT_EQ(analysis.relevance, plugin::Relevance::kAbout);
  ASSERT_EQ(analysis.dyads.size(), 2U);
  EXPECT_EQ(analysis.dyads[0].target, "USA");
  EXPECT_EQ(analysis.dyads[1].deescalation, 40);
  ASSERT_EQ(analysis.annotations.size(), 4U);
  EXPECT_EQ(analysis.annotations[3].voice, plugin::Voice::kQuote);
  EXPECT_TRUE(analysis.annotations[3].conditional);
}

TEST(Failures, AreNoneExactlyWhenTheConditionHolds) {
  const Scene scene;
  const plugin::Analysis analysis = recall(scene.row);
  const Subject subject{scene.row.article, analysis, "st_1", scene.reading, "Reuters"};
  for (const double min : {10.0, 46.9, 47.0, 47.1, 90.0}) {
    for (const char* dyad : {"", "DPRK->USA", "*->ROK", "JPN->*"}) {
      for (const char* text : {"", "strike", "stri"}) {
        for (const char* voice : {"", "own", "quote", "reported"}) {
          config::Condition condition;
          condition.escalation.min = min;
          if (*dyad != '\0') condition.dyad = {dyad};
          if (*text != '\0') condition.text = {text};
          if (*voice != '\0') condition.voice = {voice};
          EXPECT_EQ(failures(condition, subject).empty(), holds(condition, subject)) << min << dyad << text << voice;
        }
      }
    }
  }
}

}  // namespace
}  // namespace dprkwatch::alert
