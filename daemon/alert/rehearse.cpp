#include "alert/rehearse.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <utility>

#include "alert/alert.hpp"
#include "alert/dispatch.hpp"
#include "alert/rehearse_file.hpp"
#include "store/store.hpp"

namespace dprkwatch::alert {
namespace {

constexpr std::size_t kMany = 10000;

std::string shown(Duration at) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(at).count()) + "s";
}

// One test on a store of its own.
class Stage {
 public:
  Stage(store::Store& store, const config::Config& config, const Play& play, Rehearsal& rehearsal)
      : store_(store), config_(config), play_(play), rehearsal_(rehearsal) {}

  Result<void> run() {
    auto article = play_.articles.begin();
    for (const Expectation& expected : play_.expected) {
      for (; article != play_.articles.end() && article->at <= expected.at; ++article) {
        if (auto done = pass_to(article->at); !done) return done;
        if (auto done = bring(*article); !done) return done;
      }
      if (auto done = pass_to(expected.at); !done) return done;
      if (auto done = compare(expected); !done) return done;
    }
    return {};
  }

 private:
  Result<void> in_store(const std::function<Result<void>(store::Transaction&)>& work) { return store_.run(work); }

  // Everything that the daemon would do until then, at its times.
  Result<void> pass_to(Duration at) {
    const Time end = play_.start + at;
    for (;;) {
      std::optional<Time> next;
      auto done = in_store([&](store::Transaction& store) -> Result<void> {
        auto work = next_work(store);
        if (!work) return tl::unexpected(std::move(work.error()));
        next = *work;
        if (!next || *next > end) return {};
        const Time now = std::max(*next, last_);
        last_ = now;
        if (auto resolved = resolve_due(store, now, kMany); !resolved) return resolved;
        auto owed = flush(store, config_, now, kMany);
        if (!owed) return tl::unexpected(std::move(owed.error()));
        return {};
      });
      if (!done) return done;
      if (!next || *next > end) return {};
    }
  }

  Result<void> bring(const PlayedArticle& played) {
    return in_store([&](store::Transaction& store) -> Result<void> {
      const auto feed = store.ensure_feed(played.feed, "https://" + std::to_string(++brought_) + ".invalid/");
      if (!feed) return tl::unexpected(feed.error());
      store::NewArticle fresh;
      fresh.feed = feed->id;
      fresh.identity = std::to_string(brought_);
      fresh.title = played.title;
      fresh.text = played.text;
      fresh.url = played.url;
      fresh.language = played.language;
      fresh.fetched = play_.start + played.at;
      if (auto stored = store.insert_article(fresh); !stored) return tl::unexpected(std::move(stored.error()));
      const auto waiting = store.pending_articles(store::ArticleId{0}, kMany);
      if (!waiting) return tl::unexpected(waiting.error());
      last_ = play_.start + played.at;
      const Subject subject{waiting->back(), played.analysis, played.story, played.reading};
      auto raised = raise(store, config_, subject, last_);
      if (!raised) return tl::unexpected(std::move(raised.error()));
      return {};
    });
  }

  Result<void> compare(const Expectation& expected) {
    std::vector<store::AlertRecord> firing;
    std::vector<ExpectedMessage> sent;
    auto done = in_store([&](store::Transaction& store) -> Result<void> {
      auto alerts = store.firing_alerts();
      if (!alerts) return tl::unexpected(std::move(alerts.error()));
      firing = std::move(*alerts);
      return take_messages(store, sent);
    });
    if (!done) return done;
    if (expected.alerts) compare_alerts(expected, firing);
    if (expected.messages) compare_messages(expected, sent);
    return {};
  }

  // Those that were not taken yet.
  Result<void> take_messages(store::Transaction& store, std::vector<ExpectedMessage>& sent) {
    for (const config::Receiver& receiver : config_.receivers) {
      const auto owed = store.due_deliveries(receiver.name, Time::max(), kMany);
      if (!owed) return tl::unexpected(owed.error());
      for (const store::Delivery& delivery : *owed) {
        const auto body = boost::json::parse(delivery.body).as_object();
        const auto& data = body.at("data").as_object();
        const auto* group = data.if_contains("group");
        sent.push_back({receiver.name, std::string(body.at("type").as_string()),
                        group == nullptr ? 1 : group->as_object().at("size").to_number<std::int64_t>()});
        store::Attempt taken;
        taken.delivery = delivery.id;
        taken.at = last_;
        taken.status = 200;
        taken.state = store::DeliveryState::kDelivered;
        if (auto done = store.record_attempt(taken); !done) return done;
      }
    }
    return {};
  }

  void mismatch(Duration at, const std::string& text) {
    rehearsal_.mismatches.push_back("at " + shown(at) + ": " + text);
  }

  void compare_alerts(const Expectation& expected, std::vector<store::AlertRecord> firing) {
    for (const ExpectedAlert& wanted : *expected.alerts) {
      const auto same = [&](const store::AlertRecord& record) {
        return (wanted.rule.empty() || record.alert.rule == wanted.rule) &&
               (wanted.story.empty() || record.alert.story == wanted.story);
      };
      const auto found = std::find_if(firing.begin(), firing.end(), same);
      if (found == firing.end()) {
        mismatch(expected.at, "expected the alert " + wanted.rule + " on " + wanted.story + ", which does not fire");
        continue;
      }
      if (!wanted.severity.empty() && found->alert.severity != wanted.severity) {
        mismatch(expected.at, "expected " + wanted.severity + " of " + wanted.rule + ", got " + found->alert.severity);
      }
      if (!wanted.message.empty() && found->alert.summary != wanted.message) {
        mismatch(expected.at, "expected the message \"" + wanted.message + "\", got \"" + found->alert.summary + "\"");
      }
      firing.erase(found);
    }
    for (const store::AlertRecord& record : firing) {
      mismatch(expected.at, "an alert that was not expected fires: " + record.alert.rule + " on " + record.alert.story);
    }
  }

  void compare_messages(const Expectation& expected, std::vector<ExpectedMessage> sent) {
    for (const ExpectedMessage& wanted : *expected.messages) {
      const auto same = [&](const ExpectedMessage& message) {
        return message.receiver == wanted.receiver && message.type == wanted.type &&
               (!wanted.alerts || message.alerts == wanted.alerts);
      };
      const auto found = std::find_if(sent.begin(), sent.end(), same);
      if (found == sent.end()) {
        mismatch(expected.at, "expected " + wanted.type + " to " + wanted.receiver +
                                  (wanted.alerts ? " of " + std::to_string(*wanted.alerts) + " alerts" : "") +
                                  ", which was not sent");
      } else {
        sent.erase(found);
      }
    }
    for (const ExpectedMessage& message : sent) {
      mismatch(expected.at, "a message that was not expected was sent: " + message.type + " to " + message.receiver +
                                " of " + std::to_string(message.alerts.value_or(1)) + " alerts");
    }
  }

  store::Store& store_;
  const config::Config& config_;
  const Play& play_;
  Rehearsal& rehearsal_;
  Time last_{};
  int brought_ = 0;
};

}  // namespace

tl::expected<std::string, std::vector<Error>> rehearsal_config(std::string_view yaml, const std::string& path) {
  auto file = read_plays(yaml, path);
  if (!file) return tl::unexpected(std::move(file.error()));
  return std::move(file->config);
}

tl::expected<std::vector<Rehearsal>, std::vector<Error>> rehearse(std::string_view yaml, const std::string& path,
                                                                  const config::Config& config,
                                                                  const std::string& scratch) {
  auto file = read_plays(yaml, path);
  if (!file) return tl::unexpected(std::move(file.error()));
  std::vector<Rehearsal> results;
  for (const Play& play : file->plays) {
    Rehearsal& rehearsal = results.emplace_back();
    rehearsal.name = play.name.empty() ? "test " + std::to_string(results.size()) : play.name;
    auto store = store::Store::open("sqlite:" + scratch + "/" + std::to_string(results.size()) + ".db");
    if (!store) return tl::unexpected(std::vector<Error>{std::move(store.error())});
    if (auto done = Stage(**store, config, play, rehearsal).run(); !done) {
      return tl::unexpected(std::vector<Error>{std::move(done.error())});
    }
  }
  return results;
}

}  // namespace dprkwatch::alert
