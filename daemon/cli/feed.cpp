#include "feed/feed.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "article/article.hpp"
#include "cli/feed_verbs.hpp"
#include "cli/verbs.hpp"
#include "text/text.hpp"

namespace dprkwatch::cli {
namespace {

constexpr std::size_t kMaxFeedBytes = 16 * 1024 * 1024;

struct ParseArguments {
  std::vector<std::string> files;
  std::string base_url;
  std::string content_type;
  std::string fetched;
  bool json = false;
};

void print_for_people(const feed::Feed& feed, Time fetched) {
  std::cout << feed.format << ": " << text::printable(feed.title.value) << " (" << feed.entries.size() << " entries)\n";
  for (const feed::Entry& entry : feed.entries) {
    const article::Article article = article::make_article(entry, feed, fetched);
    std::cout << (article.published ? to_rfc3339(*article.published) : std::string("no date             ")) << "  "
              << text::printable(article.title) << "\n";
  }
  for (const feed::Warning& warning : feed.warnings) {
    std::cerr << "warning: " << warning.code << (warning.line != 0 ? " in line " + std::to_string(warning.line) : "")
              << ": " << text::printable(warning.message) << "\n";
  }
}

// A document that is no feed has its error on standard error, and among others a line in its place too.
int parse_one(const std::string& file, const ParseArguments& arguments, Time fetched) {
  auto bytes = read_input(file, kMaxFeedBytes);
  auto feed = bytes ? feed::parse(*bytes, {arguments.base_url, arguments.content_type, {}})
                    : Result<feed::Feed>(tl::unexpected(bytes.error()));
  if (!feed) {
    if (feed.error().where.empty()) feed.error().where = file;
    print_errors({feed.error()});
    if (arguments.json && arguments.files.size() > 1) {
      std::cout << boost::json::object{{"file", file}, {"error", feed.error().message}} << "\n";
    }
    return kFailed;
  }
  article::bound_dates(*feed, fetched);
  if (arguments.json) {
    std::cout << article::to_json(*feed) << "\n";
  } else {
    print_for_people(*feed, fetched);
  }
  return kDone;
}

int parse(const ParseArguments& arguments) {
  const auto given = feed::parse_date(arguments.fetched);
  if (!arguments.fetched.empty() && !given) {
    print_errors(
        {Error{ErrorCode::kInvalidInput, "'" + arguments.fetched + "' is no time; expected RFC 3339", "--fetched"}});
    return kUsage;
  }
  const Time fetched = given ? *given : SystemClock{}.now();
  int status = kDone;
  for (const std::string& file : arguments.files) {
    if (const int one = parse_one(file, arguments, fetched); one != kDone) status = one;
  }
  return status;
}

}  // namespace

void add_feed(CLI::App& program, Action& action) {
  auto arguments = std::make_shared<ParseArguments>();
  CLI::App* verb = program.add_subcommand("feed", "Work with feeds");
  verb->require_subcommand(1);
  CLI::App* parse_verb = verb->add_subcommand("parse", "Show what a feed document holds");
  parse_verb->add_option("FILE", arguments->files, "Documents, - for standard input")->required();
  parse_verb->add_option("--base-url", arguments->base_url, "Where the document came from, for relative links");
  parse_verb->add_option("--content-type", arguments->content_type, "Content-Type of the HTTP answer");
  parse_verb->add_option("--fetched", arguments->fetched, "When it came: dates after that become it; now by default");
  parse_verb->add_flag("--json", arguments->json, "One JSON object, a line each for several documents");
  parse_verb->footer("Example: curl -s URL | dprkwatch feed parse --json --base-url URL -");
  parse_verb->callback([arguments, &action] { action = [arguments] { return parse(*arguments); }; });
  add_feed_discover(*verb, action);
  add_feed_test(*verb, action);
  add_feed_list(*verb, action);
  add_feed_add(*verb, action);
  add_feed_remove(*verb, action);
  add_feed_refresh(*verb, action);
}

}  // namespace dprkwatch::cli
