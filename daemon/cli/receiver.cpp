#include "cli/receiver.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <memory>

#include "alert/manage.hpp"
#include "cli/alerting.hpp"
#include "cli/verbs.hpp"
#include "deliver/deliver.hpp"
#include "deliver/send.hpp"
#include "http/address_guard.hpp"
#include "text/text.hpp"

namespace dprkwatch::cli {
namespace {

struct NameArguments : Common {
  std::string name;
};

const config::Receiver* find(const config::Config& config, const std::string& name) {
  for (const config::Receiver& receiver : config.receivers) {
    if (receiver.name == name) return &receiver;
  }
  return nullptr;
}

int unknown(const std::string& name) {
  return failed({ErrorCode::kInvalidConfig, "the configuration has no receiver of that name", name});
}

int test(const NameArguments& arguments) {
  return with_config(arguments, [&](const config::Config& config) {
    if (find(config, arguments.name) == nullptr) return unknown(arguments.name);
    const auto record = alert::test_alert(nullptr, SystemClock().now());
    return send_test(config, record, {arguments.name}, arguments);
  });
}

int list(const Common& arguments) {
  return with_reader(arguments, [&](const config::Config& config, store::Reader& reader) {
    boost::json::array items;
    for (const config::Receiver& receiver : config.receivers) {
      const auto health = reader.transaction().receiver_health(receiver.name);
      if (!health) return failed(health.error());
      auto object = alert::to_json(*health);
      if (!arguments.json) {
        print(arguments, {},
              receiver.name + "  " + std::string(object["state"].as_string()) +
                  (health->dead_letters > 0 ? "  dead letters " + std::to_string(health->dead_letters) : "") +
                  (health->last_error.empty() ? "" : "  " + health->last_error));
      }
      items.push_back(std::move(object));
    }
    if (arguments.json) print(arguments, boost::json::object{{"items", items}}, {});
    return kDone;
  });
}

int enable(const NameArguments& arguments) {
  return with_store(arguments, [&](const config::Config& config, store::Store& store) {
    if (find(config, arguments.name) == nullptr) return unknown(arguments.name);
    const auto done =
        store.run([&](store::Transaction& transaction) { return transaction.enable_receiver(arguments.name); });
    if (!done) return failed(done.error());
    print(arguments, boost::json::object{{"name", arguments.name}, {"state", "good"}}, arguments.name + " is enabled");
    return kDone;
  });
}

}  // namespace

int send_test(const config::Config& config, const store::AlertRecord& record, const std::vector<std::string>& receivers,
              const Common& common) {
  auto guard = http::AddressGuard::from(config.network.allow);
  if (!guard) return failed(guard.error());
  boost::asio::io_context loop;
  http::ClientOptions options;
  options.guard = std::move(*guard);
  options.user_agent =
      config.fetch.user_agent.empty() ? std::string("dprkwatch/") + DPRKWATCH_VERSION : config.fetch.user_agent;
  http::Client client(loop, options);
  boost::json::array items;
  int status = kDone;
  for (const std::string& name : receivers) {
    const config::Receiver* receiver = find(config, name);
    if (receiver == nullptr) continue;
    const Time now = SystemClock().now();
    const store::Delivery delivery = alert::test_delivery(record, name, now);
    deliver::Sender sender(client, *receiver);
    Result<http::Response> answer = fail(ErrorCode::kInternal, "not sent");
    const auto attempt = [&]() -> boost::asio::awaitable<void> { answer = co_await sender.send(delivery, now); };
    boost::asio::co_spawn(loop, attempt(), boost::asio::detached);
    loop.restart();
    loop.run();
    const bool taken = answer && answer->status >= 200 && answer->status < 300;
    if (!taken) status = kFailed;
    const std::string said = answer ? std::string(text::prefix(answer->body, 200)) : describe(answer.error());
    const int code = answer ? answer->status : 0;
    if (!common.json) {
      print(common, {},
            name + ": " + (taken ? "taken" : "not taken") + ", status " + std::to_string(code) +
                (said.empty() ? "" : ": " + said));
    }
    items.push_back(boost::json::object{
        {"receiver", name}, {"taken", taken}, {"status", code}, {"answer", said}, {"webhook_id", delivery.webhook_id}});
  }
  if (common.json) print(common, boost::json::object{{"items", items}}, {});
  return status;
}

void add_receiver(CLI::App& program, Action& action) {
  CLI::App* verb = program.add_subcommand("receiver", "Where alerts go, and how it fares");
  verb->require_subcommand(1);
  auto testing = std::make_shared<NameArguments>();
  CLI::App* test_verb = verb->add_subcommand("test", "Send a message marked as a test now, and show the answer");
  add_common(*test_verb, *testing);
  test_verb->add_option("NAME", testing->name, "Of the configuration")->required();
  test_verb->callback([testing, &action] { action = [testing] { return test(*testing); }; });
  auto listing = std::make_shared<Common>();
  CLI::App* list_verb = verb->add_subcommand("list", "Show the receivers: good, failing or disabled");
  add_common(*list_verb, *listing);
  list_verb->callback([listing, &action] { action = [listing] { return list(*listing); }; });
  auto enabling = std::make_shared<NameArguments>();
  CLI::App* enable_verb = verb->add_subcommand("enable", "Send again to a receiver whose endpoint answered 410");
  add_common(*enable_verb, *enabling);
  enable_verb->add_option("NAME", enabling->name, "Of the configuration")->required();
  enable_verb->callback([enabling, &action] { action = [enabling] { return enable(*enabling); }; });
}

}  // namespace dprkwatch::cli
