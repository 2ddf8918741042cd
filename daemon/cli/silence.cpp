#include <CLI/CLI.hpp>
#include <memory>

#include "alert/manage.hpp"
#include "cli/alerting.hpp"
#include "cli/verbs.hpp"
#include "clock/parse_time.hpp"

namespace dprkwatch::cli {
namespace {

struct AddArguments : Common {
  std::vector<std::string> matchers;
  std::string author;
  std::string comment;
  std::string length;
  std::string starts;
  std::string ends;
};

Result<alert::SilenceRequest> read(const AddArguments& arguments, Time now) {
  alert::SilenceRequest request;
  request.matchers = arguments.matchers;
  request.author = arguments.author.empty() ? user_name() : arguments.author;
  request.comment = arguments.comment;
  const auto time = [](const std::string& text, const char* name, std::optional<Time>& into) -> Result<void> {
    if (text.empty()) return {};
    into = parse_time(text);
    if (into) return {};
    return fail(ErrorCode::kInvalidInput, "expected a time such as 2019-12-08T03:04:05Z", name);
  };
  if (auto done = time(arguments.starts, "--starts", request.starts); !done) return tl::unexpected(done.error());
  if (auto done = time(arguments.ends, "--until", request.ends); !done) return tl::unexpected(done.error());
  if (arguments.length.empty()) return request;
  const auto length = alert::parse_duration(arguments.length);
  if (!length) return fail(ErrorCode::kInvalidInput, "expected a duration such as 90s, 30m, 2h or 1d", "--for");
  request.ends = request.starts.value_or(now) + *length;
  return request;
}

int add(const AddArguments& arguments) {
  const Time now = SystemClock().now();
  const auto request = read(arguments, now);
  if (!request) return failed(request.error());
  const auto silence = alert::make_silence(*request, alert::new_silence_id(), now);
  if (!silence) return failed(silence.error());
  return with_store(arguments, [&](const config::Config&, store::Store& store) {
    const auto done = store.run([&](store::Transaction& transaction) { return transaction.add_silence(*silence); });
    if (!done) return failed(done.error());
    print(arguments, alert::to_json(*silence, now), silence->id + " until " + to_rfc3339(silence->ends));
    return kDone;
  });
}

struct ListArguments : Common {
  bool all = false;
};

int list(const ListArguments& arguments) {
  return with_reader(arguments, [&](const config::Config&, store::Reader& reader) {
    const Time now = SystemClock().now();
    const auto silences = reader.transaction().silences(arguments.all ? Time::min() : now);
    if (!silences) return failed(silences.error());
    boost::json::array items;
    for (const store::Silence& silence : *silences) {
      auto object = alert::to_json(silence, now);
      std::string matchers;
      for (const std::string& matcher : silence.matchers) matchers += (matchers.empty() ? "" : " ") + matcher;
      if (!arguments.json) {
        print(arguments, {},
              silence.id + "  " + std::string(object["state"].as_string()) + "  until " + to_rfc3339(silence.ends) +
                  "  {" + matchers + "}  " + silence.author + ": " + silence.comment);
      }
      items.push_back(std::move(object));
    }
    if (arguments.json) print(arguments, boost::json::object{{"items", items}}, {});
    return kDone;
  });
}

struct ExpireArguments : Common {
  std::vector<std::string> ids;
};

int expire(const ExpireArguments& arguments) {
  return with_store(arguments, [&](const config::Config&, store::Store& store) {
    const Time now = SystemClock().now();
    int status = kDone;
    for (const std::string& id : arguments.ids) {
      bool known = false;
      const auto done = store.run([&](store::Transaction& transaction) -> Result<void> {
        auto expired = transaction.expire_silence(id, now);
        if (!expired) return tl::unexpected(std::move(expired.error()));
        known = *expired;
        return {};
      });
      if (!done) return failed(done.error());
      if (!known) status = failed({ErrorCode::kNotFound, "there is no silence of that id that lasts", id});
      if (known) print(arguments, boost::json::object{{"id", id}, {"state", "expired"}}, id + " expired");
    }
    return status;
  });
}

}  // namespace

void add_silence(CLI::App& program, Action& action) {
  CLI::App* verb = program.add_subcommand("silence", "Hold back alerts for a while");
  verb->require_subcommand(1);
  auto adding = std::make_shared<AddArguments>();
  CLI::App* add_verb = verb->add_subcommand("add", "Hold back the alerts whose labels fit all matchers");
  add_common(*add_verb, *adding);
  add_verb->add_option("MATCHER", adding->matchers, "LABEL=VALUE, !=, =~ expression, !~")->required();
  add_verb->add_option("--comment", adding->comment, "Why")->required();
  add_verb->add_option("--author", adding->author, "Who; default: the login name");
  auto* length =
      add_verb->add_option("--for", adding->length, "How long, such as 2h (the default)")->type_name("DURATION");
  add_verb->add_option("--until", adding->ends, "When it ends, RFC 3339 in UTC")->type_name("TIME")->excludes(length);
  add_verb->add_option("--starts", adding->starts, "When it begins; default: now")->type_name("TIME");
  add_verb->footer(
      "Example: dprkwatch silence add --config dprkwatch.yaml --for 4h --comment drill 'dyad=~\"ROK->.*\"'");
  add_verb->callback([adding, &action] { action = [adding] { return add(*adding); }; });
  auto listing = std::make_shared<ListArguments>();
  CLI::App* list_verb = verb->add_subcommand("list", "Show silences that last or are to come");
  add_common(*list_verb, *listing);
  list_verb->add_flag("--all", listing->all, "Those that are over, too");
  list_verb->callback([listing, &action] { action = [listing] { return list(*listing); }; });
  auto expiring = std::make_shared<ExpireArguments>();
  CLI::App* expire_verb = verb->add_subcommand("expire", "End silences now");
  add_common(*expire_verb, *expiring);
  expire_verb->add_option("ID", expiring->ids, "As listed")->required();
  expire_verb->callback([expiring, &action] { action = [expiring] { return expire(*expiring); }; });
}

}  // namespace dprkwatch::cli
