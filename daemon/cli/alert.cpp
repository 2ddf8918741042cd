#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "alert/manage.hpp"
#include "alert/why.hpp"
#include "cli/alerting.hpp"
#include "cli/receiver.hpp"
#include "cli/verbs.hpp"

namespace dprkwatch::cli {
namespace {

struct ListArguments : Common {
  bool firing = false;
  std::int64_t before = 0;
  std::size_t limit = 50;
};

int list(const ListArguments& arguments) {
  return with_reader(arguments, [&](const config::Config&, store::Reader& reader) {
    const auto rows = reader.alerts({arguments.before, arguments.limit});
    if (!rows) return failed(rows.error());
    boost::json::array items;
    for (const store::AlertRow& row : *rows) {
      if (arguments.firing && row.resolved) continue;
      const char* status = row.resolved ? "resolved" : row.acked_by.empty() ? "firing" : "acknowledged";
      if (!arguments.json) {
        print(arguments, {},
              row.alert.id + "  " + to_rfc3339(row.alert.created) + "  " + status + "  " + row.alert.severity + "  " +
                  row.alert.rule + "  " + row.alert.summary);
      }
      items.push_back(boost::json::object{{"id", row.alert.id},
                                          {"created", to_rfc3339(row.alert.created)},
                                          {"status", status},
                                          {"severity", row.alert.severity},
                                          {"rule", row.alert.rule},
                                          {"articles", row.articles},
                                          {"summary", row.alert.summary},
                                          {"cursor", row.cursor}});
    }
    if (arguments.json) print(arguments, boost::json::object{{"items", items}}, {});
    return kDone;
  });
}

struct IdArguments : Common {
  std::string id;
  std::string by;
  std::string comment;
};

int none(const std::string& id) {
  return failed({ErrorCode::kNotFound, "there is no such alert", id});
}

int show(const IdArguments& arguments) {
  return with_reader(arguments, [&](const config::Config&, store::Reader& reader) {
    const auto record = reader.transaction().alert(arguments.id);
    if (!record) return failed(record.error());
    if (!*record) return none(arguments.id);
    const auto groups = reader.transaction().groups_of(arguments.id);
    if (!groups) return failed(groups.error());
    print(arguments, alert::to_json(**record, *groups),
          arguments.id + "  " + ((*record)->resolved ? "resolved" : "firing") + "  " + (*record)->alert.severity +
              "  " + (*record)->alert.rule + "  " + (*record)->alert.summary);
    if (arguments.json) return kDone;
    print(arguments, {}, "  labels " + (*record)->alert.labels_json);
    print(arguments, {},
          "  articles " + std::to_string((*record)->articles) + ", last " + to_rfc3339((*record)->updated));
    if ((*record)->acked)
      print(arguments, {}, "  acknowledged by " + (*record)->acked_by + ": " + (*record)->acked_comment);
    for (const store::Group& group : *groups) {
      print(arguments, {}, "  " + group.receiver + ": " + std::to_string(group.messages) + " messages; " + group.note);
    }
    return kDone;
  });
}

int why(const IdArguments& arguments) {
  return with_reader(arguments, [&](const config::Config& config, store::Reader& reader) {
    const auto found = alert::why(reader, config, arguments.id);
    if (!found) return failed(found.error());
    if (!*found) return none(arguments.id);
    print(arguments, **found, std::string((**found).at("why").as_string()));
    return kDone;
  });
}

int acknowledge(const IdArguments& arguments) {
  return with_store(arguments, [&](const config::Config&, store::Store& store) {
    const std::string by = arguments.by.empty() ? user_name() : arguments.by;
    bool known = false;
    const auto done = store.run([&](store::Transaction& transaction) -> Result<void> {
      auto found = alert::acknowledge(transaction, arguments.id, by, arguments.comment, SystemClock().now());
      if (!found) return tl::unexpected(std::move(found.error()));
      known = *found;
      return {};
    });
    if (!done) return failed(done.error());
    if (!known) return failed({ErrorCode::kNotFound, "there is no such alert that fires", arguments.id});
    print(arguments, boost::json::object{{"id", arguments.id}, {"acknowledged_by", by}},
          arguments.id + " acknowledged by " + by);
    return kDone;
  });
}

// A test takes the way that the rule's labels lead it to; dyad and the like are empty.
int test(const IdArguments& arguments) {
  return with_config(arguments, [&](const config::Config& config) {
    const auto same = [&](const config::Rule& rule) { return rule.name == arguments.id; };
    const auto rule = std::find_if(config.rules.begin(), config.rules.end(), same);
    if (rule == config.rules.end()) {
      return failed({ErrorCode::kInvalidConfig, "the configuration has no rule of that name", arguments.id});
    }
    const auto record = alert::test_alert(&*rule, SystemClock().now());
    std::vector<std::string> receivers;
    const auto labels = alert::labels_from_json(record.alert.labels_json);
    for (const alert::Destination& to : alert::destinations(config, labels, rule->receivers)) {
      if (std::find(receivers.begin(), receivers.end(), to.receiver) == receivers.end())
        receivers.push_back(to.receiver);
    }
    return send_test(config, record, receivers, arguments);
  });
}

CLI::App* with_id(CLI::App* verb, const char* name, const char* help, const std::shared_ptr<IdArguments>& arguments,
                  Action& action, int (*work)(const IdArguments&), const char* what = "ID") {
  CLI::App* inner = verb->add_subcommand(name, help);
  add_common(*inner, *arguments);
  inner->add_option(what, arguments->id, "As listed")->required();
  inner->callback([arguments, work, &action] { action = [arguments, work] { return work(*arguments); }; });
  return inner;
}

struct ArticleArguments : Common {
  std::int64_t id = 0;
};

int why_not(const ArticleArguments& arguments) {
  return with_reader(arguments, [&](const config::Config& config, store::Reader& reader) {
    const auto end = alert::why_not(reader, config, store::ArticleId{arguments.id});
    if (!end) return failed(end.error());
    if (!*end) return failed({ErrorCode::kNotFound, "there is no such article", std::to_string(arguments.id)});
    print(arguments, alert::to_json(**end), std::string(alert::name_of((*end)->step)) + ": " + (*end)->why);
    if (arguments.json) return kDone;
    if (!(*end)->change.empty()) print(arguments, {}, "nearest change: " + (*end)->change);
    for (const alert::RuleEnd& rule : (*end)->rules) {
      print(arguments, {}, "  " + rule.rule + " (" + alert::name_of(rule.step) + "): " + rule.why);
    }
    return kDone;
  });
}

}  // namespace

void add_alert(CLI::App& program, Action& action) {
  CLI::App* verb = program.add_subcommand("alert", "What was raised");
  verb->require_subcommand(1);
  auto listing = std::make_shared<ListArguments>();
  CLI::App* list_verb = verb->add_subcommand("list", "Show alerts, the newest first");
  add_common(*list_verb, *listing);
  list_verb->add_flag("--firing", listing->firing, "Those that are not over");
  list_verb->add_option("--before", listing->before, "Those before this cursor");
  list_verb->add_option("--limit", listing->limit, "At most so many")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  list_verb->callback([listing, &action] { action = [listing] { return list(*listing); }; });
  with_id(verb, "show", "Show an alert and where it is told", std::make_shared<IdArguments>(), action, &show);
  with_id(verb, "why", "Say why an alert was raised and what holds it", std::make_shared<IdArguments>(), action, &why);
  auto acknowledging = std::make_shared<IdArguments>();
  CLI::App* ack = with_id(verb, "ack", "Acknowledge: no repeats until it is over", acknowledging, action, &acknowledge);
  ack->add_option("--by", acknowledging->by, "Who; default: the login name");
  ack->add_option("--comment", acknowledging->comment, "Why");
  with_id(verb, "test", "Send a test of a rule to the receivers that its labels lead to",
          std::make_shared<IdArguments>(), action, &test, "RULE");
}

void add_article(CLI::App& program, Action& action) {
  CLI::App* verb = program.add_subcommand("article", "What was read");
  verb->require_subcommand(1);
  auto arguments = std::make_shared<ArticleArguments>();
  CLI::App* inner = verb->add_subcommand("why-not", "Say which step stopped an article, and the nearest change");
  add_common(*inner, *arguments);
  inner->add_option("ID", arguments->id, "The article's number")->required();
  inner->callback([arguments, &action] { action = [arguments] { return why_not(*arguments); }; });
}

}  // namespace dprkwatch::cli
