// From articles to the outbox on a real store: stories, groups, routes, silences, ends, the daemon's own troubles.
#include "alert/dispatch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <set>

#include "alert/alert.hpp"
#include "alert/manage.hpp"
#include "alert/own.hpp"
#include "support/temporary_folder.hpp"

namespace dprkwatch::alert {
namespace {

namespace json = boost::json;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class DispatchTest : public testing::Test {
 protected:
  DispatchTest() {
    store_ = std::move(*store::Store::open("sqlite:" + folder_.file("s.db")));
    config_.receivers.resize(2);
    config_.receivers[0].name = "desk";
    config_.receivers[1].name = "phone";
    add_rule("threat", config::Severity::kWarning, {"desk"});
  }

  config::Rule& add_rule(const std::string& name, config::Severity severity, std::vector<std::string> receivers) {
    config::Rule& rule = config_.rules.emplace_back();
    rule.name = name;
    rule.severity = severity;
    rule.receivers = std::move(receivers);
    return rule;
  }

  void run(const store::Job& job) {
    const auto done = store_->run(job);
    ASSERT_TRUE(done) << describe(done.error());
  }

  // An article of the story comes in.
  std::vector<Raised> article(const std::string& story, double escalation = 50, const std::string& title = "Title") {
    std::vector<Raised> raised;
    run([&](store::Transaction& store) -> Result<void> {
      const auto feed = store.ensure_feed("wire", "https://wire.example/").value();
      store::NewArticle fresh;
      fresh.feed = feed.id;
      fresh.identity = std::to_string(++articles_);
      fresh.title = title;
      EXPECT_TRUE(store.insert_article(fresh).value());
      const auto stored = store.pending_articles(store::ArticleId{0}, 1000).value();
      plugin::Analysis analysis;
      analysis.escalation = escalation;
      analysis.dyads = {{"DPRK", "USA", escalation, 0}};
      auto all = raise(store, config_, {stored.back(), analysis, story, {}}, now_);
      if (!all) return tl::unexpected(all.error());
      raised = std::move(*all);
      return {};
    });
    return raised;
  }

  // The herald's round.
  void round() {
    run([&](store::Transaction& store) -> Result<void> {
      if (auto done = resolve_due(store, now_, 100); !done) return done;
      if (auto own = watch_over(store, config_, now_); !own) return tl::unexpected(own.error());
      auto owed = flush(store, config_, now_, 100);
      if (!owed) return tl::unexpected(owed.error());
      return {};
    });
  }

  void pass(Duration time) {
    now_ += time;
    round();
  }

  // The bodies owed to the receiver since the last call.
  std::vector<json::value> bodies(const std::string& receiver) {
    std::vector<json::value> found;
    run([&](store::Transaction& store) -> Result<void> {
      const auto due = store.due_deliveries(receiver, now_, 100).value();
      for (const store::Delivery& delivery : due) {
        if (delivery.sequence <= seen_[receiver]) continue;
        seen_[receiver] = delivery.sequence;
        found.push_back(json::parse(delivery.body));
      }
      return {};
    });
    return found;
  }

  std::vector<std::string> types(const std::string& receiver) {
    std::vector<std::string> found;
    for (const json::value& body : bodies(receiver)) found.emplace_back(body.at("type").as_string());
    return found;
  }

  using Types = std::vector<std::string>;
  support::TemporaryFolder folder_;
  std::unique_ptr<store::Store> store_;
  config::Config config_;
  Time now_{seconds(1700000000)};
  int articles_ = 0;
  std::map<std::string, std::int64_t> seen_;
};

TEST_F(DispatchTest, OneStoryIsOneAlertAndGrowsQuietly) {
  EXPECT_EQ(article("st_1").size(), 1U);
  EXPECT_EQ(types("desk"), Types{"alert.created"});
  const auto again = article("st_1");
  ASSERT_EQ(again.size(), 1U);
  EXPECT_FALSE(again.front().fresh);
  article("st_1");
  EXPECT_EQ(types("desk"), Types{});
  pass(minutes(5));
  const auto updates = bodies("desk");
  ASSERT_EQ(updates.size(), 1U);
  EXPECT_EQ(updates[0].at("type"), "alert.updated");
  EXPECT_EQ(updates[0].at_pointer("/data/story/size"), 3);
  pass(hours(1));
  EXPECT_EQ(types("desk"), Types{});
}

TEST_F(DispatchTest, AStrongerArticleGivesTheStoryItsWords) {
  article("st_1", 50);
  article("st_1", 40);
  article("st_1", 80);
  bodies("desk");
  pass(minutes(5));
  const auto updates = bodies("desk");
  ASSERT_EQ(updates.size(), 1U);
  EXPECT_EQ(updates[0].at_pointer("/data/escalation").to_number<double>(), 80);
}

TEST_F(DispatchTest, AnAlertEndsAfterItsStory) {
  config_.rules[0].resolve_after = hours(2);
  article("st_1");
  pass(hours(1));
  article("st_1");
  EXPECT_EQ(types("desk"), (Types{"alert.created", "alert.updated"}));
  pass(hours(1));
  EXPECT_EQ(types("desk"), Types{});
  pass(hours(1));
  const auto end = bodies("desk");
  ASSERT_EQ(end.size(), 1U);
  EXPECT_EQ(end[0].at("type"), "alert.resolved");
  EXPECT_EQ(end[0].at_pointer("/data/status"), "resolved");
  // The story is over: what comes late is no new alert.
  EXPECT_TRUE(article("st_1").empty());
}

TEST_F(DispatchTest, AGroupTellsOfSeveralAlertsAtOnce) {
  config_.route.group_by = {"dyad"};
  config_.route.group_wait = seconds(30);
  article("st_1");
  article("st_2");
  EXPECT_EQ(types("desk"), Types{});
  pass(seconds(30));
  const auto first = bodies("desk");
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].at_pointer("/data/group/size"), 2);
  EXPECT_EQ(first[0].at_pointer("/data/group/labels/dyad"), "DPRK->USA");
  EXPECT_EQ(first[0].at_pointer("/data/group/alerts").as_array().size(), 2U);
  article("st_3");
  EXPECT_EQ(types("desk"), Types{});
  pass(minutes(5));
  EXPECT_EQ(types("desk"), Types{"alert.updated"});
}

TEST_F(DispatchTest, AHigherSeverityBreaksTheWaitOfItsGroup) {
  config_.route.group_by = {"dyad"};
  config_.route.group_wait = minutes(30);
  article("st_1");
  EXPECT_EQ(types("desk"), Types{});
  add_rule("worse", config::Severity::kCritical, {"desk"});
  article("st_2");
  EXPECT_EQ(types("desk"), Types{"alert.created"});
}

TEST_F(DispatchTest, TheTreeChoosesTheReceivers) {
  config::Route child;
  child.path = "route.routes[0]";
  child.receivers = {"phone"};
  child.matchers = {*config::parse_matcher("rule=threat")};
  child.go_on = true;
  config::Route rest;
  rest.path = "route.routes[1]";
  config_.route.routes = {child, rest};
  article("st_1");
  EXPECT_EQ(types("phone"), Types{"alert.created"});
  EXPECT_EQ(types("desk"), Types{"alert.created"});  // the second route names none: those of the rule
}

TEST_F(DispatchTest, ASilenceHoldsUntilItEnds) {
  SilenceRequest request;
  request.matchers = {"dyad=~\"DPRK->.*\""};
  request.author = "me";
  request.comment = "drill";
  request.ends = now_ + hours(1);
  const auto silence = make_silence(request, "s_1", now_);
  ASSERT_TRUE(silence) << silence.error().message;
  run([&](store::Transaction& store) { return store.add_silence(*silence); });
  article("st_1");
  EXPECT_EQ(types("desk"), Types{});
  run([&](store::Transaction& store) -> Result<void> {
    const auto groups = store.groups_of(alert_id("threat", "st_1")).value();
    EXPECT_NE(groups.at(0).note.find("silenced by s_1"), std::string::npos) << groups.at(0).note;
    return {};
  });
  pass(minutes(59));
  EXPECT_EQ(types("desk"), Types{});
  pass(minutes(1));
  EXPECT_EQ(types("desk"), Types{"alert.created"});
}

TEST_F(DispatchTest, AnExpiredSilenceLetsGo) {
  run([&](store::Transaction& store) {
    return store.add_silence({"s_1", {"rule=\"threat\""}, "me", "drill", now_, now_, now_ + hours(9)});
  });
  article("st_1");
  run([&](store::Transaction& store) -> Result<void> {
    EXPECT_TRUE(store.expire_silence("s_1", now_).value());
    EXPECT_FALSE(store.expire_silence("s_1", now_).value());
    return {};
  });
  pass(kHeldLook);
  EXPECT_EQ(types("desk"), Types{"alert.created"});
}

TEST_F(DispatchTest, AnInhibitedAlertWaitsForTheOtherToEnd) {
  add_rule("worse", config::Severity::kCritical, {"phone"}).resolve_after = hours(1);
  config_.inhibitions = {
      {{*config::parse_matcher("severity=critical")}, {*config::parse_matcher("severity=warning")}, {"dyad"}}};
  article("st_1");
  EXPECT_EQ(types("phone"), Types{"alert.created"});
  pass(minutes(30));
  // It was told before the other fired in the same transaction, or is held: both are one flush.
  EXPECT_EQ(types("desk"), Types{});
  pass(minutes(30) + kHeldLook);
  EXPECT_EQ(types("desk"), Types{"alert.created"});
}

TEST_F(DispatchTest, AnAcknowledgedAlertIsNotRepeated) {
  config_.route.repeat_interval = hours(1);
  config_.rules[0].resolve_after = hours(24);
  article("st_1");
  bodies("desk");
  pass(hours(1));
  EXPECT_EQ(types("desk"), Types{"alert.updated"});
  run([&](store::Transaction& store) -> Result<void> {
    EXPECT_TRUE(acknowledge(store, alert_id("threat", "st_1"), "me", "seen", now_).value());
    EXPECT_FALSE(acknowledge(store, "al_none", "me", "", now_).value());
    return {};
  });
  pass(hours(3));
  EXPECT_EQ(types("desk"), Types{});
}

TEST_F(DispatchTest, ARuleWaitsForDistinctStories) {
  config_.rules[0].min_stories = 3;
  config_.rules[0].within = hours(24);
  EXPECT_TRUE(article("st_1").empty());
  EXPECT_TRUE(article("st_1").empty());
  EXPECT_TRUE(article("st_2").empty());
  EXPECT_EQ(article("st_3").size(), 1U);
  EXPECT_EQ(article("st_4").size(), 1U);
}

TEST_F(DispatchTest, StoriesOfLongAgoDoNotCount) {
  config_.rules[0].min_stories = 2;
  config_.rules[0].within = hours(24);
  EXPECT_TRUE(article("st_1").empty());
  now_ += hours(25);
  EXPECT_TRUE(article("st_2").empty());
}

TEST_F(DispatchTest, EveryMessageHasAnIdAndASequenceOfItsOwn) {
  config_.rules[0].receivers = {"desk", "phone"};
  article("st_1");
  article("st_2");
  article("st_1");
  pass(minutes(5));
  run([&](store::Transaction& store) -> Result<void> {
    std::set<std::string> ids;
    for (const char* receiver : {"desk", "phone"}) {
      std::int64_t sequence = 0;
      const auto due = store.due_deliveries(receiver, now_, 100).value();
      for (const store::Delivery& delivery : due) {
        EXPECT_EQ(delivery.sequence, ++sequence);
        EXPECT_TRUE(ids.insert(delivery.webhook_id).second);
      }
      EXPECT_EQ(sequence, 3);
    }
    return {};
  });
}

TEST_F(DispatchTest, ABodyStaysWithinItsLimit) {
  config_.route.group_by = {};
  config_.route.group_wait = seconds(30);
  for (int i = 0; i < 80; ++i) article("st_" + std::to_string(i), 50, std::string(2000, 'x'));
  pass(seconds(30));
  run([&](store::Transaction& store) -> Result<void> {
    const auto due = store.due_deliveries("desk", now_, 100).value();
    EXPECT_EQ(due.size(), 1U);
    EXPECT_LE(due.at(0).body.size(), 20000U);
    EXPECT_EQ(json::parse(due.at(0).body).at_pointer("/data/group/size"), 80);
    return {};
  });
}

// ---- the daemon's own troubles ----

TEST_F(DispatchTest, AReceiversTroubleIsToldThroughAnother) {
  article("st_1");
  bodies("desk");
  run([&](store::Transaction& store) {
    store::Attempt attempt;
    attempt.delivery = store.due_deliveries("desk", now_, 1).value().at(0).id;
    attempt.at = now_;
    attempt.status = 410;
    attempt.state = store::DeliveryState::kDead;
    attempt.gone = "mark";
    return store.record_attempt(attempt);
  });
  round();
  EXPECT_EQ(types("desk"), Types{});
  std::vector<std::string> rules;
  for (const json::value& body : bodies("phone")) rules.emplace_back(body.at_pointer("/data/rule").as_string());
  std::sort(rules.begin(), rules.end());
  EXPECT_EQ(rules, (std::vector<std::string>{"dprkwatch:dead_letters", "dprkwatch:receiver_disabled"}));
  round();
  EXPECT_EQ(types("phone"), Types{});
  // Enabled again: the trouble is over.
  run([&](store::Transaction& store) { return store.enable_receiver("desk"); });
  pass(minutes(5));
  EXPECT_EQ(types("phone"), Types{"alert.resolved"});
}

TEST(Troubles, AreJudgedByTheirAge) {
  const Time now{seconds(1700000000)};
  config::Config config;
  config.receivers.resize(1);
  config.receivers[0].name = "desk";
  config.feeds.resize(1);
  config.feeds[0].name = "wire";
  store::ReceiverHealth health;
  health.name = "desk";
  health.failures = 3;
  health.failing_since = now - minutes(14);
  store::FeedState feed;
  feed.name = "wire";
  feed.failures = 4;
  feed.last_poll = now;
  feed.last_success = now - hours(5);
  feed.next_poll = now + minutes(1);
  EXPECT_TRUE(troubles(config, {health}, {feed}, now).empty());
  health.failing_since = now - minutes(15);
  feed.last_success = now - hours(6);
  const auto found = troubles(config, {health}, {feed}, now);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].kind, "receiver_failing");
  EXPECT_EQ(found[1].kind, "feed_stopped");
  feed.next_poll.reset();
  feed.last_success = now;
  EXPECT_EQ(troubles(config, {}, {feed}, now).size(), 1U);
  config.self_alerts.on = false;
  EXPECT_TRUE(troubles(config, {health}, {feed}, now).empty());
  config.self_alerts.on = true;
  config.feeds.clear();
  config.receivers.clear();
  EXPECT_TRUE(troubles(config, {health}, {feed}, now).empty());
}

TEST(Troubles, ASilentFeedIsOneWhereThatIsAskedFor) {
  const Time now{seconds(1700000000)};
  config::Config config;
  config.feeds.resize(1);
  config.feeds[0].name = "wire";
  store::FeedState feed;
  feed.name = "wire";
  feed.last_poll = feed.last_success = now;
  feed.next_poll = now + minutes(1);
  feed.entry_gap = hours(1);
  feed.newest_entry = now - hours(40);
  EXPECT_TRUE(troubles(config, {}, {feed}, now).empty());
  config.self_alerts.feed_silent = true;
  const auto found = troubles(config, {}, {feed}, now);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, "feed_silent");
  feed.newest_entry = now - hours(30);
  EXPECT_TRUE(troubles(config, {}, {feed}, now).empty());
}

TEST(Silence, IsCheckedBeforeItIsKept) {
  const Time now{seconds(1700000000)};
  SilenceRequest good{{"rule=x"}, "me", "why", {}, {}};
  EXPECT_EQ(make_silence(good, "s", now)->ends, now + hours(2));
  const auto refused = [&](void (*change)(SilenceRequest&)) {
    SilenceRequest request = good;
    change(request);
    return !make_silence(request, "s", now);
  };
  EXPECT_TRUE(refused([](SilenceRequest& r) { r.matchers.clear(); }));
  EXPECT_TRUE(refused([](SilenceRequest& r) { r.matchers = {"rule"}; }));
  EXPECT_TRUE(refused([](SilenceRequest& r) { r.matchers = {"rule=~.*"}; }));
  EXPECT_TRUE(refused([](SilenceRequest& r) { r.author.clear(); }));
  EXPECT_TRUE(refused([](SilenceRequest& r) { r.comment.clear(); }));
  EXPECT_TRUE(refused([](SilenceRequest& r) { r.ends = Time(seconds(1)); }));
  EXPECT_FALSE(silence_request("[]"));
  EXPECT_FALSE(silence_request(R"({"matcher": ["a=b"]})"));
  EXPECT_FALSE(silence_request(R"({"matchers": "a=b"})"));
  EXPECT_TRUE(silence_request(R"({"matchers": ["a=b"], "author": "a", "comment": "c", "ends": "2030-01-01"})"));
  EXPECT_EQ(make_silence({{"rule=x"}, "a\nb", "c", {}, {}}, "s", now)->author, "a\\u{A}b");
}

}  // namespace
}  // namespace dprkwatch::alert
