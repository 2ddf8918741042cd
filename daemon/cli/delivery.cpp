#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>

#include "alert/manage.hpp"
#include "cli/alerting.hpp"
#include "cli/verbs.hpp"

namespace dprkwatch::cli {
namespace {

constexpr std::array kStates{"pending", "delivered", "dead"};

struct ListArguments : Common {
  std::string state;
  std::int64_t before = 0;
  std::size_t limit = 50;
};

int list(const ListArguments& arguments) {
  return with_reader(arguments, [&](const config::Config&, store::Reader& reader) {
    std::optional<store::DeliveryState> state;
    const auto found = std::find(kStates.begin(), kStates.end(), arguments.state);
    if (found != kStates.end()) state = static_cast<store::DeliveryState>(found - kStates.begin());
    const auto rows = reader.deliveries({arguments.before, arguments.limit}, state);
    if (!rows) return failed(rows.error());
    boost::json::array items;
    for (const store::DeliveryRow& row : *rows) {
      const char* name = kStates.at(static_cast<std::size_t>(row.state));
      const auto id = static_cast<std::int64_t>(row.delivery.id);
      if (!arguments.json) {
        print(arguments, {},
              std::to_string(id) + "  " + name + "  " + row.delivery.receiver + "  " + row.delivery.alert_id +
                  "  attempts " + std::to_string(row.delivery.attempts) +
                  (row.delivery.attempts > 0 ? "  last " + std::to_string(row.last_status) : ""));
      }
      items.push_back(boost::json::object{{"id", id},
                                          {"state", name},
                                          {"receiver", row.delivery.receiver},
                                          {"alert_id", row.delivery.alert_id},
                                          {"webhook_id", row.delivery.webhook_id},
                                          {"sequence", row.delivery.sequence},
                                          {"attempts", row.delivery.attempts},
                                          {"last_status", row.last_status},
                                          {"last_answer", row.last_answer}});
    }
    if (arguments.json) print(arguments, boost::json::object{{"items", items}}, {});
    return kDone;
  });
}

struct IdArguments : Common {
  std::vector<std::int64_t> ids;
  bool dead = false;
};

std::string history_text(const store::DeliveryHistory& history) {
  const store::Delivery& delivery = history.delivery;
  return std::to_string(static_cast<std::int64_t>(delivery.id)) + " to " + delivery.receiver + ": " +
         kStates.at(static_cast<std::size_t>(history.state)) + ", " + history.kind + " of " + delivery.alert_id + ", " +
         delivery.webhook_id + (history.reason.empty() ? "" : ", " + history.reason);
}

int show(const IdArguments& arguments) {
  return with_reader(arguments, [&](const config::Config&, store::Reader& reader) {
    const auto found = reader.transaction().delivery(store::DeliveryId{arguments.ids.front()});
    if (!found) return failed(found.error());
    if (!*found) {
      return failed(
          {ErrorCode::kNotFound, "there is no delivery of that number", std::to_string(arguments.ids.front())});
    }
    print(arguments, alert::to_json(**found), history_text(**found));
    if (arguments.json) return kDone;
    for (const store::Attempt& attempt : (*found)->attempts) {
      print(arguments, {},
            "  " + to_rfc3339(attempt.at) + "  status " + std::to_string(attempt.status) + "  " + attempt.answer);
    }
    if ((*found)->state == store::DeliveryState::kPending) {
      print(arguments, {}, "  next attempt " + to_rfc3339((*found)->delivery.next_attempt));
    }
    return kDone;
  });
}

int retry(const IdArguments& arguments) {
  return with_store(arguments, [&](const config::Config&, store::Store& store) {
    const Time now = SystemClock().now();
    std::int64_t taken = 0;
    std::vector<std::int64_t> unknown;
    const auto done = store.run([&](store::Transaction& transaction) -> Result<void> {
      for (const std::int64_t id : arguments.ids) {
        const auto one = transaction.retry(store::DeliveryId{id}, now);
        if (!one) return tl::unexpected(one.error());
        taken += *one;
        if (*one == 0 && id != 0) unknown.push_back(id);
      }
      return {};
    });
    if (!done) return failed(done.error());
    print(arguments, boost::json::object{{"taken_up", taken}}, std::to_string(taken) + " taken up again");
    int status = kDone;
    for (const std::int64_t id : unknown) {
      status = failed({ErrorCode::kNotFound, "no such delivery is pending or dead", std::to_string(id)});
    }
    return status;
  });
}

}  // namespace

void add_delivery(CLI::App& program, Action& action) {
  CLI::App* verb = program.add_subcommand("delivery", "What is owed to receivers, was delivered, or was given up on");
  verb->require_subcommand(1);
  auto listing = std::make_shared<ListArguments>();
  CLI::App* list_verb = verb->add_subcommand("list", "Show deliveries, the newest first");
  add_common(*list_verb, *listing);
  list_verb->add_option("--state", listing->state, "pending, delivered or dead")
      ->check(CLI::IsMember(std::vector<std::string>(kStates.begin(), kStates.end())));
  list_verb->add_option("--before", listing->before, "Those with smaller numbers")->type_name("ID");
  list_verb->add_option("--limit", listing->limit, "At most so many")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  list_verb->callback([listing, &action] { action = [listing] { return list(*listing); }; });
  auto showing = std::make_shared<IdArguments>();
  CLI::App* show_verb = verb->add_subcommand("show", "Show a delivery with every attempt");
  add_common(*show_verb, *showing);
  show_verb->add_option("ID", showing->ids, "As listed")->required()->expected(1);
  show_verb->callback([showing, &action] { action = [showing] { return show(*showing); }; });
  auto retrying = std::make_shared<IdArguments>();
  CLI::App* retry_verb = verb->add_subcommand(
      "retry", "Take up dead letters, or hasten what waits; a running daemon sends them within 5 s");
  add_common(*retry_verb, *retrying);
  retry_verb->add_option("ID", retrying->ids, "As listed")->required()->check(CLI::PositiveNumber);
  retry_verb->callback([retrying, &action] { action = [retrying] { return retry(*retrying); }; });
  auto all = std::make_shared<IdArguments>();
  CLI::App* all_verb = verb->add_subcommand("retry-all", "Take up all dead letters");
  add_common(*all_verb, *all);
  all_verb->add_flag("--dead", all->dead, "All dead letters")->required();
  all_verb->callback([all, &action] {
    action = [all] {
      all->ids = {0};
      return retry(*all);
    };
  });
}

}  // namespace dprkwatch::cli
